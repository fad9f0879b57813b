"""What pages and jobs read of consultations."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

import sqlalchemy as sa

from pst import clock
from pst.accounts.users import User
from pst.consultations.models import IS_LATEST, Consultation
from pst.consultations.service_level.turns import Turn, overdue
from pst.consultations.states import NOT_SERVED, Channel, Reason, State
from pst.database import PlainSelect, db

PAGE_LENGTH = 25
MAX_EARLIER = 5


@dataclass
class QueuePlace:
    """Where a queued consultation stands."""

    consultation: Consultation

    @cached_property
    def ahead(self) -> int:
        """Return how many were asked before it and still wait."""
        place = (Consultation.asked_at, Consultation.id)
        mine = (self.consultation.asked_at, self.consultation.id)
        return (
            db.session.scalar(
                sa.select(sa.func.count()).where(
                    Consultation.state == State.QUEUED,
                    sa.tuple_(*place) < sa.tuple_(*mine),
                )
            )
            or 0
        )

    @property
    def position(self) -> int:
        return self.ahead + 1


@dataclass
class History:
    """The consultations of one user, newest first."""

    user: User
    page: int = 1

    @cached_property
    def rows(self):  # type: ignore[no-untyped-def]
        query = Consultation.owned_by(self.user).order_by(Consultation.id.desc())
        return db.paginate(
            query, page=self.page, per_page=PAGE_LENGTH, max_per_page=PAGE_LENGTH
        )


class Other(NamedTuple):
    """Another consultation of the same user, as a line shows it."""

    number: str
    subject: str
    state: State
    reason: Reason | None
    asked_at: datetime


EARLIER = PlainSelect(
    sa.select(
        Consultation.number,
        Consultation.subject,
        Consultation.state,
        Consultation.reason,
        Consultation.asked_at,
    )
    .where(
        Consultation.user_id == sa.bindparam("user"),
        Consultation.id != sa.bindparam("but"),
    )
    .order_by(Consultation.id.desc())
    .limit(MAX_EARLIER)
)


def earlier(consultation: Consultation) -> list[Other]:
    """List the same user's other consultations, newest first."""
    rows = EARLIER.rows(user=consultation.user_id, but=consultation.id)
    return [Other(*row) for row in rows]


def same_candidates(consultation: Consultation, most: int = 50) -> list[Consultation]:
    """List those of which this one may be a duplicate, newest first."""
    query = Consultation.owned_by(consultation.user).where(
        Consultation.id != consultation.id,
        sa.or_(Consultation.reason.is_(None), Consultation.reason.not_in(NOT_SERVED)),
    )
    return list(db.session.scalars(query.order_by(Consultation.id.desc()).limit(most)))


@dataclass(frozen=True)
class QueueToday:
    """Return how long the queue is, for the home page."""

    waiting: int
    oldest_at: datetime | None


QUEUE = PlainSelect(
    sa.select(sa.func.count(), sa.func.min(Consultation.asked_at)).where(
        Consultation.state == State.QUEUED
    )
)


def queue_today() -> QueueToday:
    return QueueToday(*QUEUE.first())


def open_of(officer: User) -> list[Consultation]:
    """List the open consultations in the hands of `officer`."""
    query = sa.select(Consultation).where(
        Consultation.officer_id == officer.id,
        Consultation.state.in_((State.ACTIVE, State.WAITING_USER)),
    )
    return list(db.session.scalars(query.order_by(Consultation.id)))


def open_counts() -> dict[int, int]:
    """Count the open consultations in the hands of each officer."""
    query = (
        sa.select(Consultation.officer_id, sa.func.count())
        .where(Consultation.state.in_((State.ACTIVE, State.WAITING_USER)))
        .group_by(Consultation.officer_id)
    )
    return {id: count for id, count in db.session.execute(query) if id is not None}


def unclaimed_ids() -> list[int]:
    """List queued consultations that the head was not yet mailed about."""
    return _ids(
        sa.select(Consultation.id)
        .join(Turn, IS_LATEST)
        .where(Consultation.state == State.QUEUED, Turn.half_told_at.is_(None))
    )


def silent_ids(since: datetime, unwarned: bool = False) -> list[int]:
    """List consultations whose user has been silent since before `since`."""
    query = sa.select(Consultation.id).where(
        Consultation.state == State.WAITING_USER,
        Consultation.waiting_since <= since,
        Consultation.channel == Channel.ONLINE,
    )
    if unwarned:
        query = query.where(Consultation.warned_at.is_(None))
    return _ids(query)


def to_be_told() -> list[tuple[int, str]]:
    """List what is to be mailed to users who have not read it; id and number."""
    query = sa.select(Consultation.id, Consultation.number).where(
        Consultation.tell_user_at <= clock.now()
    )
    rows = [(id, number) for id, number in db.session.execute(query)]
    db.session.rollback()
    return rows


def due_soon_ids(horizon: datetime) -> list[int]:
    """List what is owed by `horizon` and whose officer was not mailed."""
    return _ids(
        sa.select(Turn.consultation_id).where(
            Turn.ended_at.is_(None),
            Turn.due_at <= horizon,
            Turn.due_at >= clock.now(),
            Turn.due_warned_at.is_(None),
        )
    )


def overdue_ids() -> list[int]:
    """List what is owed past its deadline and no one was mailed about."""
    return _ids(
        sa.select(Turn.consultation_id).where(
            overdue(Turn, clock.now()), Turn.breach_told_at.is_(None)
        )
    )


def _ids(query: sa.Select[int]) -> list[int]:
    ids = list(db.session.scalars(query))
    db.session.rollback()
    return ids
