"""Who is on duty on which day, and who says so."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from pst.consultations import duty
from pst.consultations.duty import DutyChange, DutyWeek
from pst.database import db
from pst.office.audit import AuditEntry
from pst.rules import WrongState

TUESDAY, WEDNESDAY = date(2026, 3, 3), date(2026, 3, 4)


def acts(action: str) -> int:
    return db.session.query(AuditEntry).filter_by(action=action).count()


@pytest.mark.parametrize(
    ("day", "is_here"), [(2, True), (3, False), (4, False), (5, True)]
)
def test_the_first_and_the_last_day_of_an_absence_belong_to_it(
    budi, rina, at, day, is_here
):
    DutyChange.plan(budi, TUESDAY, WEDNESDAY, "cuti", by=budi)
    at(f"2026-03-{day:02d} 08:00+07:00")

    assert duty.is_on_duty(budi) is is_here
    assert (budi in duty.on_duty()) is is_here


def test_of_two_entries_the_later_counts(budi, rina, at):
    at("2026-03-03 08:00+07:00")
    DutyChange.plan(budi, TUESDAY, WEDNESDAY, "cuti", by=budi)
    DutyChange.plan(budi, TUESDAY, TUESDAY, "masuk juga", by=budi, serves=True)
    assert duty.is_on_duty(budi)

    DutyChange.plan(budi, TUESDAY, TUESDAY, "sakit", by=budi)
    assert not duty.is_on_duty(budi)


def test_without_weekdays_of_their_own_officers_serve_from_monday_to_friday(
    budi, rina, hasan, at
):
    DutyWeek.set(rina, "45", by=hasan)
    at("2026-03-06 08:00+07:00")
    assert duty.on_duty() == [budi, rina]

    at("2026-03-07 08:00+07:00")  # a Saturday
    assert duty.on_duty() == [rina]
    assert not duty.is_on_duty(budi)


def test_only_the_head_sets_weekdays_and_only_a_change_is_noted(
    budi, rina, hasan, andi, at
):
    for person in (budi, rina, andi):
        with pytest.raises(WrongState, match="ketua tim"):
            DutyWeek.set(budi, "01", by=person)
    DutyWeek.set(budi, "01", by=hasan)
    DutyWeek.set(budi, "01", by=hasan)

    assert acts("set_duty") == 1
    assert duty.weekdays_of() == {budi.id: "01"}


def test_an_absence_is_planned_and_dropped_by_the_officer_or_the_head(
    budi, rina, hasan, andi, at
):
    for person in (rina, andi):
        with pytest.raises(WrongState):
            DutyChange.plan(budi, TUESDAY, TUESDAY, "", by=person)
    plan = DutyChange.plan(budi, TUESDAY, TUESDAY, "", by=budi)
    may = [each for each in (budi, rina, hasan, andi) if plan.can_be_cancelled_by(each)]
    assert may == [budi, hasan]

    plan.cancel(hasan)

    assert acts("plan_duty") == acts("cancel_duty") == 1


def test_what_is_planned_is_shown_until_it_is_over_the_next_first(budi, rina, at):
    later = DutyChange.plan(budi, WEDNESDAY, WEDNESDAY, "", by=budi)
    sooner = DutyChange.plan(rina, TUESDAY, WEDNESDAY, "", by=rina)
    assert duty.planned() == [sooner, later]

    at("2026-03-04 20:00+07:00")
    assert duty.planned() == [sooner, later]
    at("2026-03-05 00:00+07:00")
    assert duty.planned() == []


def here_by_name() -> dict[str, bool]:
    return {person.name: is_here for person, is_here in duty.team_today()}


def test_who_is_away_is_not_here_though_no_one_else_is(budi, rina, hasan, at):
    at("2026-03-03 08:00+07:00")
    DutyWeek.set(rina, "0", by=hasan)  # Mondays alone
    DutyChange.plan(budi, TUESDAY, TUESDAY, "sakit", by=budi)

    assert duty.on_duty() == [rina]
    assert here_by_name() == {budi.name: False, rina.name: True}
    DutyChange.plan(rina, TUESDAY, TUESDAY, "sakit", by=rina)
    assert duty.on_duty() == [budi, rina]
    assert here_by_name() == {budi.name: False, rina.name: False}


def test_officers_stand_in_the_order_of_their_names(budi, rina, at):
    budi.name = "Zainal Budi"
    db.session.flush()

    assert list(here_by_name()) == [rina.name, budi.name]


@pytest.mark.parametrize(
    ("days", "is_taken"), [(-1, False), (0, True), (366, True), (367, False)]
)
def test_a_year_is_the_longest_that_is_planned(budi, at, days, is_taken):
    last = TUESDAY + timedelta(days=days)
    if is_taken:
        assert DutyChange.plan(budi, TUESDAY, last, "", by=budi).last_on == last
    else:
        with pytest.raises(WrongState):
            DutyChange.plan(budi, TUESDAY, last, "", by=budi)
    assert db.session.scalar(sa.select(sa.func.count(DutyChange.id))) == is_taken
