"""Which open deadlines a changed calendar would move."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from pst.accounts.users import User
from pst.consultations import deadlines
from pst.consultations.models import Consultation
from pst.consultations.states import PENDING, State
from pst.database import db


@dataclass(frozen=True)
class Move:
    """One open deadline, as it stands and as the calendar would have it."""

    id: int
    number: str
    due_at: datetime
    becomes: datetime


def moves() -> list[Move]:
    """Return the open deadlines that the calendar would now set otherwise."""
    query = sa.select(
        Consultation.id, Consultation.number, Consultation.clear_at, Consultation.due_at
    ).where(
        Consultation.state.in_((*PENDING, State.WAITING_USER)),
        Consultation.clear_at.is_not(None),
        Consultation.due_at.is_not(None),
    )
    found = []
    for id, number, clear_at, due_at in db.session.execute(
        query.order_by(Consultation.due_at, Consultation.id)
    ):
        assert clear_at is not None and due_at is not None  # the query saw to it
        becomes = deadlines.due_at(clear_at)
        if becomes != due_at:
            found.append(Move(id, number, due_at, becomes))
    return found


def mark(found: list[Move]) -> str:
    """Return a tag of exactly these moves, to be confirmed with them."""
    text = ";".join(f"{move.id}:{move.becomes.isoformat()}" for move in found)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def move_all(found: list[Move], by: User) -> None:
    """Move these deadlines; each user is shown it in the conversation."""
    for move in found:
        db.session.get_one(Consultation, move.id).move_due(move.becomes, by)
