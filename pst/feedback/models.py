"""What users thought: the rating of a consultation."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock
from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.consultations.states import Reason
from pst.database import db, only_where
from pst.feedback import complaint
from pst.feedback.follow_ups.models import FollowUp
from pst.feedback.follow_ups.progress import Cause
from pst.office import audit, settings
from pst.rules import WrongState

LOWEST, HIGHEST = 1, 5
RATED_WHEN_CLOSED = "Penilaian dapat diberikan setelah konsultasi ditutup."


class Need(StrEnum):
    """Whether users got what they asked for; asked when they no longer answered."""

    MET = "met"
    PARTLY = "partly"
    UNMET = "unmet"


class Via(StrEnum):
    """Where a rating was given."""

    LINK = "link"
    PAGE = "page"


class Rating(db.Model):
    """What one user thought of one consultation (service standard, step 6)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("consultation.id"), unique=True
    )
    score: Mapped[int]
    comment: Mapped[str] = mapped_column(sa.Text)
    need: Mapped[Need | None]
    via: Mapped[Via]
    rated_at: Mapped[datetime] = mapped_column(index=True)
    changed_at: Mapped[datetime | None]
    # Words in the comment that sound like a complaint; an officer decides.
    suspected: Mapped[list[str]]
    to_review: Mapped[bool]
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))

    consultation: Mapped[Consultation] = relationship()
    follow_up: Mapped[FollowUp | None] = relationship(backref="rating")
    reviewed_by: Mapped[User | None] = relationship()

    __table_args__ = (
        sa.CheckConstraint(f"score BETWEEN {LOWEST} AND {HIGHEST}", name="score"),
        sa.Index("ix_rating_to_review", "id", **only_where("to_review")),
    )

    @classmethod
    def leave(
        cls,
        consultation: Consultation,
        score: int,
        comment: str = "",
        *,
        need: Need | None = None,
        via: Via = Via.LINK,
    ) -> Self:
        """Rate a closed consultation, or change its rating while that is possible.

        A low score opens the follow-up and puts the mail that acknowledges it in the
        outbox at once (service standard, step 7). Raise `WrongState`.
        """
        rating = cls.of(consultation)
        if rating is not None:
            rating._change(score, comment, need)
            return rating
        if not is_asked_for(consultation):
            raise WrongState(_why_not(consultation))
        rating = cls._first(consultation, score, comment, need, via)
        audit.record(
            "rate", consultation.audit_subject, consultation.user_id, score=score
        )
        rating._find_complaints()
        rating._follow_up_if_low()
        return rating

    @classmethod
    def _first(
        cls,
        consultation: Consultation,
        score: int,
        comment: str,
        need: Need | None,
        via: Via,
    ) -> Self:
        rating = cls(
            consultation=consultation,
            score=score,
            comment=comment,
            need=need,
            via=via,
            rated_at=clock.now(),
            changed_at=None,
            suspected=[],
            to_review=False,
            reviewed_at=None,
            reviewed_by=None,
            follow_up=None,
        )
        db.session.add(rating)
        db.session.flush()
        return rating

    def open_follow_up(self, by: User, reason: str = "") -> FollowUp:
        """Open an officer's follow-up for this feedback, unless it has one."""
        if self.follow_up is not None:
            return self.follow_up
        cause = Cause.COMPLAINT if self.to_review else Cause.OFFICER
        if self.to_review:
            self._review(by)
        return FollowUp.open(self, cause, by=by, reason=reason)

    def dismiss(self, by: User) -> None:
        """Note that the words that sounded like a complaint are not one."""
        if self.follow_up is not None or self.reviewed_at is not None:
            raise WrongState("Umpan balik ini sudah ditinjau.")
        self._review(by)

    # Questions

    @property
    def is_changeable(self) -> bool:
        """Return whether the user may still change it (7 days, after each closing)."""
        closed_at = self.consultation.closed_at
        if closed_at is None:
            return False
        since = max(self.rated_at, closed_at)
        return clock.now() <= since + _days(settings.current().rating_change_days)

    @property
    def changeable_until(self) -> datetime:
        since = max(self.rated_at, self.consultation.closed_at or self.rated_at)
        return since + _days(settings.current().rating_change_days)

    def erase(self) -> None:
        """Erase every text about it; the score stays (see `Consultation.erase`)."""
        self.comment, self.suspected, self.to_review = "", [], False
        if self.follow_up is not None:
            self.follow_up.erase()

    @property
    def is_low(self) -> bool:
        return self.score <= settings.current().low_rating

    # Private

    def _change(self, score: int, comment: str, need: Need | None) -> None:
        if (score, comment, need) == (self.score, self.comment, self.need):
            return  # the form was sent twice
        if self.consultation.is_open:
            raise WrongState(_why_not(self.consultation))
        if not self.is_changeable:
            raise WrongState(
                "Penilaian ini sudah tersimpan dan tidak dapat diubah lagi setelah"
                f" {settings.current().rating_change_days} hari."
            )
        before, self.score = self.score, score
        self.comment, self.need = comment, need
        self.changed_at = clock.now()
        self._find_complaints()
        subject, user_id = self.consultation.audit_subject, self.consultation.user_id
        audit.record("change_rating", subject, user_id, before=before, after=score)
        if self.follow_up is not None:
            self.follow_up.note_change(before, score, self.is_low)
        self._follow_up_if_low()

    def _find_complaints(self) -> None:
        """Ask for a review of words of complaint that no officer has reviewed yet."""
        words = complaint.found_in(self.comment)
        if set(words) - set(self.suspected):
            self.reviewed_at = self.reviewed_by = None
        self.suspected = words
        self.to_review = bool(words) and not self.reviewed_at and not self.follow_up

    def _follow_up_if_low(self) -> None:
        if self.is_low and self.follow_up is None:
            self.to_review = False
            FollowUp.open(self, Cause.LOW_RATING)

    def _review(self, by: User) -> None:
        self.reviewed_at, self.reviewed_by, self.to_review = clock.now(), by, False
        audit.record("review_feedback", self.consultation.audit_subject, by.id)

    # Selections

    @classmethod
    def of(cls, consultation: Consultation) -> Self | None:
        return db.session.scalar(
            sa.select(cls).where(cls.consultation_id == consultation.id)
        )


def open_until(consultation: Consultation) -> datetime | None:
    """Return until when the rating is asked for: 30 days after closing."""
    if consultation.closed_at is None or not consultation.is_rateable:
        return None
    return consultation.closed_at + _days(settings.current().rating_open_days)


def is_asked_for(consultation: Consultation) -> bool:
    """Return whether a first rating can be given now."""
    until = open_until(consultation)
    return until is not None and clock.now() <= until


def _why_not(consultation: Consultation) -> str:
    if consultation.is_open:
        return RATED_WHEN_CLOSED
    if consultation.reason is Reason.DUPLICATE:
        return "Konsultasi ini sama dengan permintaan lain; nilailah yang lain itu."
    if not consultation.is_rateable:
        return "Konsultasi ini dibatalkan, sehingga tidak dinilai."
    return (
        "Masa penilaian konsultasi ini sudah berakhir, yaitu"
        f" {settings.current().rating_open_days} hari setelah ditutup."
    )


def _days(count: int) -> timedelta:
    return timedelta(days=count)
