"""Service hours in periods: which count, from and until when."""

from datetime import date, datetime

import pytest

from pst.office import days_off

pytestmark = pytest.mark.usefixtures("context", "at")


def test_of_two_periods_the_later_one_counts():
    hours = {str(day): [["08:00", "12:00"]] for day in range(5)}
    first, last = date(2026, 7, 6), date(2026, 7, 10)
    days_off.change_hours("Satu", first, last, hours, 1)
    shorter = {str(day): [["08:00", "10:00"]] for day in range(5)}
    days_off.change_hours("Dua", last, last, shorter, 1)
    longer = {str(day): [["08:00", "17:00"]] for day in range(5)}
    days_off.change_hours("Tiga", date(2026, 7, 1), date(2026, 7, 6), longer, 1)

    calendar = days_off.calendar()

    assert calendar.end_of_service(first).hour == 17, "entered last"
    assert calendar.end_of_service(date(2026, 7, 7)).hour == 12
    assert calendar.end_of_service(last).hour == 10
    assert calendar.end_of_service(date(2026, 7, 13)).hour == 15
    days_off.drop_hours(days_off.hours_periods()[1], 1)
    assert days_off.calendar().end_of_service(last).hour == 12


def test_a_weekday_without_hours_in_a_period_is_closed_in_it():
    thursday, friday = date(2026, 7, 9), date(2026, 7, 10)
    days_off.change_hours("Rapat kerja", thursday, friday, {"4": []}, 1)

    calendar = days_off.calendar()

    assert not calendar.serves_on(friday) and not calendar.is_workday(friday)
    assert calendar.end_of_service(thursday).hour == 15, "not named: as usual"
    assert calendar.add_workdays(thursday, 1) == date(2026, 7, 13)


@pytest.mark.parametrize("counts", [False, True])
def test_a_saturday_that_is_opened_counts_only_if_it_is_said_to(counts):
    saturday = date(2026, 7, 11)
    hours = {"5": [["08:00", "12:00"]]}
    days_off.change_hours("Sabtu", saturday, saturday, hours, 1, counts=counts)

    calendar = days_off.calendar()

    assert calendar.serves_on(saturday)
    assert calendar.is_workday(saturday) is counts
    assert days_off.hours_periods()[0].opens_extra


def test_days_of_a_longer_week_that_are_worked_anyway_still_count():
    monday, saturday = date(2026, 7, 6), date(2026, 7, 11)
    hours = {str(day): [["08:00", "12:00"]] for day in range(6)}
    days_off.change_hours("Pekan", monday, saturday, hours, 1, counts=False)

    calendar = days_off.calendar()

    assert calendar.is_workday(monday)
    assert not calendar.is_workday(saturday)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-03-02 07:59:59+07:00", False),
        ("2026-03-02 08:00+07:00", True),
        ("2026-03-02 15:29:59+07:00", True),
        ("2026-03-02 15:30+07:00", False),
        ("2026-03-02 08:00+00:00", True),  # 15.00 here
        ("2026-03-01 10:00+07:00", False),  # a Sunday
        ("2026-12-25 10:00+07:00", False),  # a Friday, and Christmas
    ],
)
def test_the_office_is_open_from_the_first_minute_and_closed_at_the_end(
    moment, is_open
):
    assert days_off.calendar().is_open(datetime.fromisoformat(moment)) is is_open
