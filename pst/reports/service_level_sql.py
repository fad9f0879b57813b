"""When an answer is in time or late, and from when its time counts, as SQL.

The service standard says: within 3 working days after the request is clear. A request
that was withdrawn, a duplicate, or closed because the user fell silent is measured
only by the answers that it got.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pst.consultations.messages import Event, Message
from pst.consultations.models import Consultation
from pst.consultations.states import PENDING, Reason, State

C = Consultation
# The service-level clock counts from these events.
CLEARING = (Event.ASKED, Event.CLEARED, Event.REOPENED)

AS_OF = sa.bindparam("as_of", type_=C.asked_at.type)
OVER_AT = sa.func.coalesce(C.closed_at, AS_OF)
FIRST_IN = sa.and_(C.answered_at.is_not(None), C.answered_at <= C.answered_due_at)
FIRST_LATE = sa.or_(
    C.answered_at > C.answered_due_at,
    sa.and_(C.answered_at.is_(None), C.due_at < OVER_AT),
)
FINAL_IN = C.final_answer_at <= C.final_due_at
FINAL_LATE = sa.or_(
    C.final_answer_at > C.final_due_at,
    sa.and_(C.state.in_(PENDING), C.due_at < AS_OF),
    sa.and_(
        C.state == State.CLOSED, C.final_answer_at.is_(None), C.due_at < C.closed_at
    ),
)
# The person who closed it last as resolved; the user can do so, too.
RESOLVED_BY = (
    sa.select(Message.author_id)
    .where(Message.consultation_id == C.id, Message.event == Event.RESOLVED)
    .order_by(Message.id.desc())
    .limit(1)
    .scalar_subquery()
)
# Called resolved by an officer, though none ever wrote a word. It is not in time,
# even when it was closed before the deadline.
UNANSWERED = sa.func.coalesce(
    sa.and_(
        C.reason == Reason.RESOLVED,
        C.answered_at.is_(None),
        C.final_answer_at.is_(None),
        C.user_id != RESOLVED_BY,
    ),
    False,
)
IS_LATE = sa.or_(FIRST_LATE, FINAL_LATE)


def started(answered: Any) -> sa.ColumnElement[datetime]:
    """Return from when the clock counted for the answer given at `answered`.

    `clear_at` moves when the clock starts again; for an answer before that, the moment
    is read from the events.
    """
    since = sa.case(
        (answered.is_(None), None),
        (C.clear_at <= answered, C.clear_at),
        else_=sa.func.coalesce(_last(CLEARING, answered), C.asked_at),
    )
    return sa.type_coerce(since, C.asked_at.type)


def taken() -> sa.ColumnElement[datetime]:
    """Return when the officer who first answered took it off the queue.

    `claimed_at` is when an officer last did, also after a reopening.
    """
    until = sa.case(
        (C.claimed_at > C.answered_at, _last((Event.CLAIMED,), C.answered_at)),
        else_=C.claimed_at,
    )
    return sa.type_coerce(until, C.asked_at.type)


def _last(events: tuple[Event, ...], until: Any) -> sa.ScalarSelect[Any]:
    return (
        sa.select(sa.func.max(Message.created_at))
        .where(
            Message.consultation_id == C.id,
            Message.event.in_(events),
            Message.created_at <= until,
        )
        .scalar_subquery()
    )
