"""Which open deadlines a changed calendar would move."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from pst import clock
from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.consultations.service_level import deadlines
from pst.consultations.service_level.clarity import Clarity, ClearedBy
from pst.consultations.service_level.turns import Turn
from pst.database import db


@dataclass(frozen=True)
class Move:
    """One open deadline, as it stands and as the calendar would have it."""

    id: int
    number: str
    due_at: datetime
    becomes: datetime


def moves() -> list[Move]:
    """Return the open deadlines that the calendar would now set otherwise.

    What is late stays late. A clock that an officer let go on has no three days.
    """
    resumed = sa.select(Clarity.id).where(
        Clarity.turn_id == Turn.id, Clarity.ended_by == ClearedBy.OFFICER
    )
    query = (
        sa.select(Consultation.id, Consultation.number, Turn.clear_at, Turn.due_at)
        .join(Turn, Turn.consultation_id == Consultation.id)
        .where(Turn.ended_at.is_(None), Turn.due_at >= clock.now(), ~resumed.exists())
        .order_by(Turn.due_at, Consultation.id)
    )
    rows = []
    for id, number, clear_at, due_at in db.session.execute(query):
        assert clear_at is not None and due_at is not None  # the query saw to it
        becomes = deadlines.due_at(clear_at)
        if becomes != due_at:
            rows.append(Move(id, number, due_at, becomes))
    return rows


def mark(rows: list[Move]) -> str:
    """Return a tag of exactly these moves, to be confirmed with them."""
    text = ";".join(f"{move.id}:{move.becomes.isoformat()}" for move in rows)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def move_all(rows: list[Move], by: User) -> None:
    """Move these deadlines; each user is shown it in the conversation."""
    for move in rows:
        db.session.get_one(Consultation, move.id).move_due(move.becomes, by)
