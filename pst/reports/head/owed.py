"""What the office owes its users now: late, in the queue, and by officer."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from pst import clock
from pst.accounts.users import User
from pst.consultations import duty
from pst.consultations.messages import Kind, Message
from pst.consultations.models import IS_LATEST, Consultation
from pst.consultations.service_level.turns import Turn, overdue
from pst.consultations.states import State
from pst.database import db
from pst.office import settings

LATE_SHOWN = 5
C = Consultation


@dataclass(frozen=True)
class OfficerToday:
    """What one officer has in hand, and answered today."""

    name: str
    is_on_duty: bool
    open: int
    late: int
    due_today: int
    answered: int


@dataclass
class OwedWork:
    """One look at what is owed; every part of it is one query."""

    @cached_property
    def late(self) -> list[Any]:
        """The worst five: number, subject, when it was due, and whose it is."""
        query = (
            sa.select(C.number, C.subject, Turn.due_at, User.name.label("officer"))
            .join(Turn, Turn.consultation_id == C.id)
            .outerjoin(User, User.id == C.officer_id)
            .where(self._is_late)
            .order_by(Turn.due_at, C.id)
            .limit(LATE_SHOWN)
        )
        return list(db.session.execute(query))

    @property
    def late_count(self) -> int:
        return self._counts.late

    @property
    def queued(self) -> int:
        return self._counts.queued

    @property
    def queued_since(self) -> datetime | None:
        """Since when the first in the queue has waited."""
        since: datetime | None = self._counts.since
        return since

    @property
    def due_today(self) -> int:
        """How many fall due before the day is over, and are not late yet."""
        return self._counts.due_today

    @cached_property
    def officers(self) -> list[OfficerToday]:
        """Every officer who serves, and what each has in hand, by name."""
        nothing = (0, 0, 0)
        return [
            OfficerToday(
                person.name,
                is_here,
                *self._in_hand.get(person.id, nothing),
                self._answered.get(person.id, 0),
            )
            for person, is_here in duty.team_today()
        ]

    @cached_property
    def _counts(self) -> Any:
        is_queued = C.state == State.QUEUED
        return db.session.execute(
            sa.select(
                _count(self._is_late).label("late"),
                _count(is_queued).label("queued"),
                _count(self._is_due_today).label("due_today"),
                sa.func.min(sa.case((is_queued, C.asked_at))).label("since"),
            )
            .join(Turn, Turn.consultation_id == C.id)
            .where(Turn.ended_at.is_(None))
        ).one()

    @cached_property
    def _in_hand(self) -> dict[int, tuple[int, int, int]]:
        """What each officer has open, late, and due today."""
        counts = _count(self._is_late), _count(self._is_due_today)
        query = (
            sa.select(C.officer_id, sa.func.count(), *counts)
            .join(Turn, IS_LATEST)
            .where(C.state.in_((State.ACTIVE, State.WAITING_USER)))
            .group_by(C.officer_id)
        )
        return {row[0]: (row[1], row[2], row[3]) for row in db.session.execute(query)}

    @cached_property
    def _answered(self) -> dict[int, int]:
        """In how many conversations each person wrote to the user today."""
        query = (
            sa.select(
                Message.author_id,
                sa.func.count(sa.distinct(Message.consultation_id)),
            )
            .join(C, C.id == Message.consultation_id)
            .where(
                Message.created_at >= self._day_begins,
                Message.kind == Kind.MESSAGE,
                Message.author_id != C.user_id,
            )
            .group_by(Message.author_id)
        )
        return dict(db.session.execute(query).all())  # type: ignore[arg-type]

    @cached_property
    def _day_begins(self) -> datetime:
        return datetime.combine(duty.today(), time(), settings.current().zone)

    @cached_property
    def _now(self) -> datetime:
        return clock.now()

    @property
    def _is_late(self) -> sa.ColumnElement[bool]:
        return overdue(Turn, self._now)

    @property
    def _is_due_today(self) -> sa.ColumnElement[bool]:
        ends = self._day_begins + timedelta(days=1)
        is_owed = Turn.ended_at.is_(None)
        return sa.and_(is_owed, Turn.due_at >= self._now, Turn.due_at < ends)


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.count(sa.case((condition, 1)))
