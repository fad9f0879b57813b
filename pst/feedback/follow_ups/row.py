"""What is stored of a follow-up, and what may be done to it now."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from pst import clock
from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.database import db
from pst.feedback.follow_ups.entries import FollowUpEntry
from pst.feedback.follow_ups.progress import OWING, Cause, Progress
from pst.office import settings
from pst.web.access import Role


class Rated(Protocol):
    """What a follow-up reads of the rating it is about."""

    score: Any
    consultation: Any


class FollowUpRow(db.Model):
    """The columns of a follow-up, and questions about it."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(20), unique=True)
    year: Mapped[int]
    sequence: Mapped[int]
    rating_id: Mapped[int] = mapped_column(sa.ForeignKey("rating.id"), unique=True)
    cause: Mapped[Cause]
    progress: Mapped[Progress]
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    opened_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    opened_at: Mapped[datetime] = mapped_column(index=True)
    due_at: Mapped[datetime]
    # The deadline that was in force when it was opened, and the first mail.
    first_due_at: Mapped[datetime]
    first_sent_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    due_warned_at: Mapped[datetime | None]
    breach_told_at: Mapped[datetime | None]
    # The mail being written; kept until it is sent.
    draft: Mapped[str] = mapped_column(sa.Text)
    draft_at: Mapped[datetime | None]
    # What was done, in the words of the person who proposed to close it.
    resolution: Mapped[str] = mapped_column(sa.Text)
    resolved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    resolved_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    closed_at: Mapped[datetime | None]

    if TYPE_CHECKING:
        rating: Mapped[Rated]  # from `Rating.follow_up`, which knows both

    @declared_attr
    def owner(cls) -> Mapped[User | None]:
        return relationship(foreign_keys="FollowUp.owner_id")

    @declared_attr
    def opened_by(cls) -> Mapped[User | None]:
        return relationship(foreign_keys="FollowUp.opened_by_id")

    @declared_attr
    def resolved_by(cls) -> Mapped[User | None]:
        return relationship(foreign_keys="FollowUp.resolved_by_id")

    @declared_attr
    def closed_by(cls) -> Mapped[User | None]:
        return relationship(foreign_keys="FollowUp.closed_by_id")

    @declared_attr
    def entries(cls) -> Mapped[list[FollowUpEntry]]:
        return relationship(order_by=FollowUpEntry.id)

    __table_args__ = (
        sa.UniqueConstraint("year", "sequence"),
        sa.Index("ix_follow_up_progress_due_at", "progress", "due_at"),
    )

    # Questions

    @property
    def consultation(self) -> Consultation:
        consultation: Consultation = self.rating.consultation
        return consultation

    @property
    def user(self) -> User:
        return self.consultation.user

    @property
    def letters(self) -> list[FollowUpEntry]:
        """What the office and the user wrote to each other."""
        return [entry for entry in self.entries if entry.is_letter]

    @property
    def of_user(self) -> list[FollowUpEntry]:
        """What the user answered, or changed in the rating."""
        return [entry for entry in self.entries if entry.is_of_user]

    @property
    def newest_id(self) -> int:
        return max((entry.id for entry in self.entries), default=0)

    @property
    def draft_key(self) -> str:
        """A name for the text being written as it is now."""
        return self.draft_at.isoformat() if self.draft_at else ""

    @property
    def is_closed(self) -> bool:
        return self.progress is Progress.CLOSED

    @property
    def is_to_confirm(self) -> bool:
        return self.progress is Progress.TO_CONFIRM

    @property
    def is_owing(self) -> bool:
        """Return whether the user waits for the office."""
        return self.progress in OWING

    @property
    def is_mailed(self) -> bool:
        return self.first_sent_at is not None

    @property
    def is_overdue(self) -> bool:
        return self.is_owing and clock.now() > self.due_at

    @property
    def is_answerable(self) -> bool:
        """Return whether the user can answer: also for a while after closing."""
        if self.consultation.is_erased:
            return False
        return self.closed_at is None or clock.now() <= self.answerable_until

    @property
    def answerable_until(self) -> datetime:
        since = max(filter(None, (self.opened_at, self.sent_at, self.closed_at)))
        return since + timedelta(days=settings.current().follow_up_answer_days)

    def is_owned_by(self, person: User) -> bool:
        return self.owner_id is not None and self.owner_id == person.id

    def can_be_claimed_by(self, person: User) -> bool:
        is_free = self.owner is None or not (
            self.owner.active and self.owner.is_officer
        )
        return person.is_officer and is_free and not self.is_closed

    def can_be_worked_by(self, person: User) -> bool:
        return self.is_owned_by(person) and not self.is_closed

    def can_be_confirmed_by(self, person: User) -> bool:
        """Return whether `person` is a second one of the team, who may close it."""
        is_of_team = person.role in (Role.OFFICER, Role.HEAD)
        return self.is_to_confirm and is_of_team and person.id != self.resolved_by_id

    @property
    def audit_subject(self) -> str:
        return f"follow_up:{self.number}"
