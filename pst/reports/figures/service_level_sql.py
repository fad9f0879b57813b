"""When the turns of a consultation were answered in time, late or not at all, as SQL.

What is late says `consultations.turns`. What was withdrawn, is a duplicate, or ended
because the user fell silent is measured only if it was late.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pst.consultations.messages import Event, Message
from pst.consultations.models import Consultation
from pst.consultations.service_level.turns import (
    ANSWERS,
    End,
    Turn,
    in_time,
    late,
    unanswered,
)
from pst.consultations.states import Reason, State

C = Consultation
AS_OF = sa.bindparam("as_of", type_=C.asked_at.type)
# The first turn of a consultation, and its latest.
FIRST, LAST = aliased(Turn), aliased(Turn)
IS_FIRST = sa.and_(FIRST.consultation_id == C.id, FIRST.number == 1)
IS_LAST = sa.and_(LAST.consultation_id == C.id, LAST.number == C.turn_number)
IS_CLOSED = C.state == State.CLOSED

FIRST_IN = in_time(FIRST)
FIRST_LATE = late(FIRST, AS_OF)
FIRST_UNANSWERED = unanswered(FIRST)
# The last answer is the final one when the consultation is closed.
FINAL_IN = sa.and_(IS_CLOSED, in_time(LAST))
FINAL_LATE = sa.and_(late(LAST, AS_OF), sa.or_(IS_CLOSED, LAST.ended_at.is_(None)))
FINAL_UNANSWERED = unanswered(LAST)
# Called resolved by an officer, while an answer was owed.
UNANSWERED = sa.and_(C.reason == Reason.RESOLVED, LAST.end == End.UNANSWERED)


def answered(turn: Any, *which: Any) -> tuple[Any, Any]:
    """Return from when the clock of a turn counted, and when it was answered."""
    is_it = sa.and_(turn.end.in_(ANSWERS), *which)
    begin = sa.case((is_it, sa.func.coalesce(turn.clear_at, turn.began_at)))
    end = sa.case((is_it, turn.ended_at))
    return _moment(begin), _moment(end)


def claimed_at() -> sa.ColumnElement[datetime]:
    """Return when the officer who first answered took it off the queue.

    `claimed_at` is when an officer last did, also after a reopening.
    """
    _, first_at = answered(FIRST)
    last_claim = (
        sa.select(sa.func.max(Message.created_at))
        .where(
            Message.consultation_id == C.id,
            Message.event == Event.CLAIMED,
            Message.created_at <= FIRST.ended_at,
        )
        .scalar_subquery()
    )
    return _moment(
        sa.case((C.claimed_at > first_at, last_claim), else_=C.claimed_at),
    )


def count_turns(verdict: Any) -> sa.ColumnElement[int]:
    """Return how many turns of a consultation `verdict`, a function, is true of."""
    among_all = sa.select(sa.func.count(sa.case((verdict(Turn), 1)))).where(
        Turn.consultation_id == C.id
    )
    return sa.case(
        # Most consultations have one turn, which the query has read.
        (C.turn_number == 1, sa.case((verdict(FIRST), 1), else_=0)),
        else_=among_all.scalar_subquery(),
    )


TURNS_IN = count_turns(in_time)
TURNS_LATE = count_turns(lambda turn: late(turn, AS_OF))
TURNS_UNANSWERED = count_turns(unanswered)
# Which answers and turns were in time, late, or not given.
VERDICTS: dict[str, Any] = {
    "first_in": FIRST_IN,
    "first_late": FIRST_LATE,
    "final_in": FINAL_IN,
    "final_late": FINAL_LATE,
    "first_unanswered": FIRST_UNANSWERED,
    "final_unanswered": FINAL_UNANSWERED,
    "turns_in": TURNS_IN,
    "turns_late": TURNS_LATE,
    "turns_unanswered": TURNS_UNANSWERED,
    "unanswered": UNANSWERED,
}


def moments() -> dict[str, Any]:
    """Return when a consultation was asked, taken, and first and finally answered.

    An answer has a `_from` too: the moment from which its clock counted.
    """
    first_from, first = answered(FIRST)
    final_from, final = answered(LAST, IS_CLOSED)
    return {
        "asked": C.asked_at,
        "taken": claimed_at(),
        "first_from": first_from,
        "first": first,
        "final_from": final_from,
        "final": final,
    }


def late_reason() -> sa.ColumnElement[Any]:
    """Return why a consultation was late: what an officer said of its first delay."""
    earliest = (
        sa.select(Turn.late_reason)
        .where(
            Turn.consultation_id == C.id,
            late(Turn, AS_OF),
            Turn.late_reason.is_not(None),
        )
        .order_by(Turn.number)
        .limit(1)
    )
    return sa.case(
        (C.turn_number == 1, FIRST.late_reason), else_=earliest.scalar_subquery()
    )


def joined(query: Any) -> sa.Select[Any]:
    """Add the first and the latest turn to a query of consultations."""
    return query.join(FIRST, IS_FIRST).join(LAST, IS_LAST)


def _moment(value: Any) -> sa.ColumnElement[datetime]:
    return sa.type_coerce(value, C.asked_at.type)
