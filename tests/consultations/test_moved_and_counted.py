"""Deadlines that the calendar moves, and turns as the database is asked of them."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from pst import clock
from pst.consultations.messages import Message
from pst.consultations.models import Consultation
from pst.consultations.service_level import deadline_shift
from pst.consultations.service_level.turns import (
    ANSWERS,
    End,
    Turn,
    in_time,
    late,
    unanswered,
)
from pst.consultations.states import Reason
from pst.database import db
from pst.office import days_off
from pst.office.audit import AuditEntry


def test_a_moved_deadline_is_told_and_noted(mine, hasan, siti):
    before = mine.due_at
    after = before + timedelta(days=1)
    mine.move_due(after, hasan)

    event = db.session.scalars(sa.select(Message).filter_by(event="due_moved")).one()
    assert event.data["before"] == before.isoformat()
    assert (mine.due_at, event.data["due_at"]) == (after, after.isoformat())
    act = db.session.scalars(sa.select(AuditEntry).filter_by(action="move_due")).one()
    assert act.actor_id == hasan.id


def test_moves_are_shown_by_deadline_and_confirmed_as_they_are(
    mine, siti, dewi, hasan, at
):
    at("2026-03-04 09:00+07:00")
    later = Consultation.ask(dewi, mine.category, "IPM", "IPM?")
    at("2026-03-03 09:00+07:00")
    sooner = Consultation.ask(dewi, mine.category, "IPM", "IPM?")
    db.session.commit()
    for day in (5, 6, 9):
        days_off.take_off(mine.due_at.date().replace(day=day), "Libur", hasan.id)

    rows = deadline_shift.moves()

    assert [each.id for each in rows] == [mine.id, sooner.id, later.id]
    others = [*rows[:2], deadline_shift.Move(*rows[2].__dict__.values())]
    assert deadline_shift.mark(rows) == deadline_shift.mark(others)
    moved = deadline_shift.Move(
        rows[2].id, rows[2].number, rows[2].due_at, clock.now() + timedelta(days=30)
    )
    assert deadline_shift.mark(rows) != deadline_shift.mark([*rows[:2], moved])


@pytest.mark.parametrize("seconds", [-1, 0, 1])
@pytest.mark.parametrize("end", [None, End.ANSWERED, End.UNANSWERED, End.WITHDRAWN])
def test_a_turn_and_the_database_say_the_same(mine, at, seconds, end):
    turn = mine.turn
    assert turn.due_at is not None
    moment = turn.due_at + timedelta(seconds=seconds)
    at(moment.astimezone(UTC))
    if end:
        turn.ended_at, turn.end = moment, end
    db.session.flush()

    def is_one(which: sa.ColumnElement[bool]) -> bool:
        return db.session.scalar(sa.select(Turn.id).where(which)) is not None

    now: datetime = clock.now()
    assert is_one(late(Turn, now)) is turn.is_late is (seconds > 0)
    assert is_one(in_time(Turn)) is (end in ANSWERS and seconds <= 0)
    assert is_one(unanswered(Turn)) is (end is End.UNANSWERED and seconds <= 0)


def test_what_ended_while_a_question_stood_was_not_late(mine, budi):
    mine.ask_clarity(budi, "Wilayah mana?")
    mine.close(Reason.RESOLVED, by=budi, why="Tidak ada.")
    db.session.flush()

    assert mine.turn.due_at is None
    ids = db.session.scalars(sa.select(Turn.id).where(unanswered(Turn)))
    assert list(ids) == [mine.turn.id]


@pytest.mark.parametrize("ended_by", ["taken back", "answered"])
def test_a_clock_that_runs_as_any_other_is_moved_by_the_calendar(
    mine, budi, siti, hasan, ended_by
):
    mine.ask_clarity(budi, "Wilayah mana?")
    if ended_by == "answered":
        mine.say(siti, "Wanadadi.")
    else:
        mine.undo_clock(budi)
    days_off.take_off(mine.due_at.date(), "Libur", hasan.id)

    assert [each.id for each in deadline_shift.moves()] == [mine.id]
