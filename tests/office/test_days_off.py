"""Days off: what seeding adds, corrects and leaves alone; what an admin decides."""

from datetime import date, time

import pytest

from pst.database import db
from pst.office import days_off, settings
from pst.office.audit import AuditEntry
from pst.office.days_off import ESTIMATED, DayOff, DayOffSource

OURS, CHRISTMAS = date(2026, 7, 1), date(2026, 12, 25)
pytestmark = pytest.mark.usefixtures("context", "at")


def row(on: date) -> DayOff | None:
    db.session.flush()
    db.session.expire_all()
    return db.session.get(DayOff, on)


def test_seeding_keeps_a_day_that_an_admin_entered():
    days_off.take_off(OURS, "Hari jadi", 1)

    assert days_off.seed(2026) == 0

    day = row(OURS)
    assert day and (day.name, day.source) == ("Hari jadi", DayOffSource.OFFICE)
    assert not days_off.calendar().is_workday(OURS)


def test_seeding_drops_an_estimate_that_is_no_holiday_and_no_decreed_day():
    for on, source in (
        (OURS, DayOffSource.ESTIMATED),
        (date(2026, 7, 2), DayOffSource.OFFICIAL),
    ):
        db.session.add(DayOff(on=on, name="Libur", source=source, is_working=False))
    db.session.flush()

    days_off.seed(2026)

    assert row(OURS) is None
    assert row(date(2026, 7, 2)) is not None
    assert days_off.calendar().is_workday(OURS)


def test_seeding_corrects_an_estimate_and_no_name_that_an_admin_gave():
    row(CHRISTMAS).source = DayOffSource.ESTIMATED
    row(CHRISTMAS).name = f"Natal {ESTIMATED}"
    days_off.take_off(date(2026, 1, 1), "Tahun baru kami", 1)
    db.session.flush()

    days_off.seed(2026)

    assert row(CHRISTMAS).source is DayOffSource.OFFICIAL
    assert ESTIMATED not in row(CHRISTMAS).name
    assert row(date(2026, 1, 1)).name == "Tahun baru kami"


def test_seeding_one_year_leaves_another_alone():
    on = date(2027, 7, 1)
    db.session.add(
        DayOff(on=on, name="Libur", source=DayOffSource.ESTIMATED, is_working=False)
    )
    db.session.flush()

    days_off.seed(2026)

    assert row(on) is not None


def test_seeding_tells_how_many_days_it_added():
    for each in days_off.of_year(2026):
        db.session.delete(each)
    db.session.flush()

    count = days_off.seed(2026)

    assert count == len(days_off.of_year(2026)) > 10
    assert days_off.seed(2026) == 0


def test_a_holiday_worked_on_stays_worked_on_and_is_off_again_when_decided():
    days_off.work_on(CHRISTMAS, 1)
    days_off.seed(2026)
    assert days_off.calendar().is_workday(CHRISTMAS)

    days_off.rest_again(CHRISTMAS, 1)

    assert not days_off.calendar().is_workday(CHRISTMAS)


def entries(action: str) -> list[str]:
    query = db.select(AuditEntry).filter_by(action=action).order_by(AuditEntry.id)
    return [entry.subject for entry in db.session.scalars(query)]


def test_what_changes_nothing_is_not_in_the_trail():
    days_off.work_on(CHRISTMAS, 1)
    days_off.work_on(CHRISTMAS, 1)
    days_off.work_on(OURS, 1)
    assert entries("work_on") == ["calendar:2026-12-25"]

    days_off.rest_again(CHRISTMAS, 1)
    days_off.rest_again(CHRISTMAS, 1)
    days_off.rest_again(OURS, 1)
    assert entries("rest_again") == ["calendar:2026-12-25"]


def test_a_decreed_day_keeps_its_name_and_one_that_is_worked_on_stays_so():
    row(CHRISTMAS).name = "Natal, menurut SKB"
    new_year = date(2026, 1, 1)
    days_off.work_on(new_year, 1)
    row(new_year).source = DayOffSource.ESTIMATED
    db.session.flush()

    days_off.seed(2026)

    assert row(CHRISTMAS).name == "Natal, menurut SKB"
    assert row(new_year).source is DayOffSource.OFFICIAL
    assert days_off.calendar().is_workday(new_year)


def test_a_holiday_that_was_worked_on_can_be_given_back_as_our_own():
    days_off.work_on(CHRISTMAS, 1)

    days_off.take_off(CHRISTMAS, "Natal", 1)

    assert not days_off.calendar().is_workday(CHRISTMAS)
    assert row(CHRISTMAS).source is DayOffSource.OFFICE


def test_a_day_of_our_own_worked_on_is_gone():
    days_off.take_off(OURS, "Hari jadi", 1)
    days_off.work_on(OURS, 1)

    assert row(OURS) is None


def test_a_year_is_estimated_by_its_own_days():
    row(CHRISTMAS).source = DayOffSource.ESTIMATED
    row(CHRISTMAS).name = f"Natal {ESTIMATED}"
    db.session.flush()

    assert 2026 in days_off.estimated_years(2026, 2026)
    assert days_off.estimated_years(2020, 2021) == set()
    days_off.confirm(2026, 1)
    assert days_off.estimated_years(2026, 2026) == set()
    assert row(CHRISTMAS).name == "Natal"

    days_off.take_off(date(2026, 12, 31), "Cuti bersama", 1)
    row(date(2026, 12, 31)).source = DayOffSource.ESTIMATED
    db.session.flush()
    assert days_off.estimated_years(2026, 2026) == {2026}, "to its last day"


def test_confirming_leaves_days_of_our_own_ours():
    days_off.take_off(OURS, "Hari jadi", 1)

    days_off.confirm(2026, 1)

    assert row(OURS).source is DayOffSource.OFFICE


def test_the_calendar_is_another_one_only_when_something_changed():
    before = days_off.calendar()
    days_off.forget()
    assert days_off.calendar() is before

    days_off.take_off(OURS, "Hari jadi", 1)
    assert OURS in days_off.calendar().days_off
    before = days_off.calendar()
    days_off.change_hours("Siang", OURS, OURS, {"2": [["08:00", "12:00"]]}, 1)
    assert days_off.calendar() is not before
    settings.change({"timezone": "Asia/Makassar"})
    days_off.forget()
    assert days_off.calendar().zone.key == "Asia/Makassar"


def test_usual_hours_of_its_own_make_another_calendar():
    usual = days_off.calendar().week
    settings.change({"hours": {"0": [["09:00", "12:00"]]}})
    days_off.forget()
    week = days_off.calendar().week
    assert week[0] == [(time(9), time(12))] != usual[0]


def test_settings_that_differ_anywhere_are_different():
    before = settings.current()
    settings.change({"warn_after_days": before.warn_after_days - 1})
    assert settings.current() != before


def test_last_year_is_known_too_for_its_reports():
    db.session.query(DayOff).delete()
    days_off.seed_ahead()

    years = {each.on.year for each in db.session.query(DayOff)}
    assert years == {2025, 2026, 2027}
