"""Hours of their own, and what a changed calendar does to open deadlines: nothing,
until someone confirms it."""

from datetime import UTC, date, datetime, timedelta

from pst.consultations.messages import Event
from pst.consultations.service_level import deadline_shift, deadlines
from pst.consultations.states import Reason
from pst.office import days_off

THURSDAY = date(2026, 3, 5)


def test_a_changed_calendar_moves_nothing_by_itself(consultation, andi):
    before = consultation.due_at
    days_off.take_off(THURSDAY, "Pemadaman", andi.id)

    assert consultation.due_at == before
    [move] = deadline_shift.moves()
    assert (move.number, move.due_at) == (consultation.number, before)
    assert f"{move.becomes:%Y-%m-%d}" == "2026-03-06"


def test_a_confirmed_move_is_told_in_the_conversation(consultation, andi):
    days_off.take_off(THURSDAY, "Pemadaman", andi.id)
    found = deadline_shift.moves()

    deadline_shift.move_all(found, andi)

    assert consultation.due_at == found[0].becomes
    assert consultation.messages[-1].event is Event.DUE_MOVED
    assert deadline_shift.moves() == []


def test_closed_ones_stay_as_they_were(consultation, budi, andi):
    consultation.claim(budi)
    consultation.close(Reason.RESOLVED, budi)
    days_off.take_off(THURSDAY, "Pemadaman", andi.id)

    assert deadline_shift.moves() == []


def test_ramadan_has_hours_of_its_own(consultation, andi):
    hours = {"3": [["08:00", "11:30"], ["13:00", "15:00"]], "4": []}
    days_off.change_hours(
        "Ramadan", date(2026, 3, 1), date(2026, 3, 20), hours, andi.id
    )
    calendar = days_off.calendar()

    due_at = deadlines.due_at(consultation.asked_at)
    assert due_at.isoformat()[:16] == "2026-03-05T15:00"
    assert not calendar.is_workday(date(2026, 3, 6)), "closed on Fridays by now"
    assert calendar.is_workday(date(2026, 3, 27))
    noon = due_at.replace(hour=12)
    assert not calendar.is_open(noon)

    days_off.drop_hours(days_off.hours_periods()[0], andi.id)
    assert deadline_shift.moves() == []


def test_a_saturday_that_is_opened_moves_no_deadline_unless_said_so(at, andi):
    saturday = date(2026, 3, 7)
    friday = datetime(2026, 3, 6, 3, 0, tzinfo=UTC)
    hours = {"5": [["08:00", "12:00"]]}
    before = days_off.calendar().due_at(friday, 1)

    days_off.change_hours("Buka", saturday, saturday, hours, andi.id)
    opened = days_off.calendar()
    assert opened.is_open(datetime(2026, 3, 7, 2, 0, tzinfo=UTC))
    assert not opened.is_workday(saturday)
    assert opened.due_at(friday, 1) == before
    day = datetime(2026, 3, 7, 0, 0, tzinfo=UTC)
    assert opened.service_time(day, day + timedelta(days=1)) == timedelta(hours=4)

    days_off.drop_hours(days_off.hours_periods()[0], andi.id)
    days_off.change_hours("Buka", saturday, saturday, hours, andi.id, counts=True)
    counted = days_off.calendar()
    assert counted.is_workday(saturday)
    assert counted.due_at(friday, 1) == datetime(2026, 3, 7, 5, 0, tzinfo=UTC)


def test_hours_are_told_by_stretches_of_weekdays(at, andi):
    usual, short = [["08:00", "15:00"]], [["08:00", "11:30"]]
    hours = {**{str(day): usual for day in range(4)}, "4": short, "5": short}
    days_off.change_hours("", date(2026, 3, 2), date(2026, 3, 15), hours, andi.id)

    (period,) = days_off.hours_periods()
    assert period.own_hours == [(0, 3, usual), (4, 5, short)]
    assert period.opens_extra
