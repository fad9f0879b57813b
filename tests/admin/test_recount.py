"""Hours of their own, and what a changed calendar does to open deadlines: nothing,
until somebody confirms it."""

from datetime import date

from pst.consultations import deadlines, recount
from pst.consultations.messages import Event
from pst.consultations.models import Reason
from pst.office import workdays

THURSDAY = date(2026, 3, 5)


def test_a_changed_calendar_moves_nothing_by_itself(consultation, andi):
    before = consultation.due_at
    workdays.take_off(THURSDAY, "Pemadaman", andi.id)

    assert consultation.due_at == before
    [move] = recount.moves()
    assert (move.number, move.due_at) == (consultation.number, before)
    assert f"{move.becomes:%Y-%m-%d}" == "2026-03-06"


def test_a_confirmed_move_is_told_in_the_conversation(consultation, andi):
    workdays.take_off(THURSDAY, "Pemadaman", andi.id)
    found = recount.moves()

    recount.move_all(found, andi)

    assert consultation.due_at == found[0].becomes
    assert consultation.messages[-1].event is Event.DUE_MOVED
    assert recount.moves() == []


def test_closed_ones_stay_as_they_were(consultation, budi, andi):
    consultation.claim(budi)
    consultation.close(Reason.RESOLVED, budi)
    workdays.take_off(THURSDAY, "Pemadaman", andi.id)

    assert recount.moves() == []


def test_ramadan_has_hours_of_its_own(consultation, andi):
    hours = {"3": [["08:00", "11:30"], ["13:00", "15:00"]], "4": []}
    workdays.change_hours(
        "Ramadan", date(2026, 3, 1), date(2026, 3, 20), hours, andi.id
    )
    calendar = workdays.calendar()

    due_at = deadlines.due_at(consultation.asked_at)
    assert due_at.isoformat()[:16] == "2026-03-05T15:00"
    assert not calendar.is_workday(date(2026, 3, 6)), "closed on Fridays meanwhile"
    assert calendar.is_workday(date(2026, 3, 27))
    noon = due_at.replace(hour=12)
    assert not calendar.is_open(noon)

    workdays.drop_hours(workdays.hours_periods()[0], andi.id)
    assert recount.moves() == []
