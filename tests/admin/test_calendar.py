"""Days off that an admin adds, takes back and confirms."""

from datetime import date

from pst.office import days_off
from pst.office.days_off import DayOffSource

TUESDAY = date(2026, 3, 3)
NYEPI = date(2026, 3, 19)


def test_a_day_of_our_own_is_off_until_it_is_taken_back(at, andi):
    days_off.take_off(TUESDAY, "Pemadaman listrik", andi.id)
    assert not days_off.calendar().is_workday(TUESDAY)

    days_off.work_on(TUESDAY, andi.id)
    assert days_off.calendar().is_workday(TUESDAY)
    assert TUESDAY not in {row.on for row in days_off.of_year(2026)}


def test_a_holiday_on_which_we_serve_stays_so_when_holidays_are_filled_in(at, andi):
    days_off.work_on(NYEPI, andi.id)
    days_off.seed(2026)
    assert days_off.calendar().is_workday(NYEPI)

    days_off.rest_again(NYEPI, andi.id)
    assert not days_off.calendar().is_workday(NYEPI)


def test_a_year_with_expected_days_is_estimated_until_it_is_confirmed(at, andi):
    assert days_off.estimated_years(2026, 2027) == {2027}

    days_off.confirm(2027, andi.id)

    assert days_off.estimated_years(2026, 2027) == set()
    assert all("perkiraan" not in row.name for row in days_off.of_year(2027))
    days_off.seed(2027)
    assert days_off.estimated_years(2026, 2027) == set(), "and stays confirmed"


def test_a_day_off_takes_the_name_an_admin_gives_it(at, andi):
    days_off.take_off(NYEPI, "Libur setempat", andi.id)

    row = next(row for row in days_off.of_year(2026) if row.on == NYEPI)
    assert (row.name, row.source) == ("Libur setempat", DayOffSource.OFFICE)
