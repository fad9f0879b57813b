"""What pages and jobs read of ratings, the survey and follow-ups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from pst import clock
from pst.accounts.users import User
from pst.consultations import links
from pst.consultations.models import Consultation
from pst.consultations.states import Reason
from pst.database import db
from pst.feedback.follow_ups.models import FollowUp
from pst.feedback.follow_ups.progress import OWING, Progress
from pst.feedback.models import RATED_WHEN_CLOSED, Rating, is_asked_for, open_until
from pst.feedback.survey_answers import SurveyAnswer, period_of
from pst.office import settings

PAGE_LENGTH = 25


@dataclass
class Asking:
    """How the rating of one consultation stands, for the user who gives it."""

    consultation: Consultation

    @cached_property
    def rating(self) -> Rating | None:
        return Rating.of(self.consultation)

    @cached_property
    def token(self) -> str:
        return links.sign("rating", self.consultation.number)

    @property
    def is_open(self) -> bool:
        """Return whether the form is offered: for a first rating or for a change."""
        if self.rating is not None:
            return self.rating.is_changeable
        return is_asked_for(self.consultation)

    @property
    def is_early(self) -> bool:
        return self.consultation.is_open

    @property
    def early_words(self) -> str:
        return RATED_WHEN_CLOSED

    @property
    def is_never_asked(self) -> bool:
        """Return whether it ended in a way that no user is asked about."""
        return not self.is_early and not self.consultation.is_rateable

    @property
    def is_over(self) -> bool:
        """Return whether the time to rate it is over."""
        until = open_until(self.consultation)
        return until is not None and clock.now() > until and not self.is_open

    @property
    def until(self) -> datetime | None:
        return open_until(self.consultation)

    @property
    def asks_need(self) -> bool:
        """Return whether to ask what the user got: they no longer answered."""
        return self.consultation.reason is Reason.NO_RESPONSE

    @property
    def version(self) -> str:
        """A name for the rating as it is now, for a form that changes it."""
        rating = self.rating
        return (rating.changed_at or rating.rated_at).isoformat() if rating else ""

    def unseen_words(self, comment: str, seen: str | None) -> str:
        """Return the words that `comment` would replace and its writer had not seen."""
        if self.rating is None or seen is None or seen == self.version:
            return ""
        comment_now = self.rating.comment
        return "" if comment_now == comment else comment_now

    @cached_property
    def offers_survey(self) -> bool:
        """Return whether the questionnaire is offered: once per user and period.

        It goes with the user's first rating of the period; another rating in the same
        period asks for nothing more.
        """
        rating, until = self.rating, self.until
        if rating is None or until is None or clock.now() > until:
            return False
        if SurveyAnswer.of(self.consultation.user_id, period_of(rating)) is not None:
            return False
        return not any(
            period_of(each) == period_of(rating) for each in self._earlier(rating)
        )

    def _earlier(self, rating: Rating) -> Sequence[Rating]:
        """List the user's last ratings before `rating`, the latest first."""
        return db.session.scalars(
            sa.select(Rating)
            .join(Rating.consultation)
            .where(
                Consultation.user_id == self.consultation.user_id, Rating.id < rating.id
            )
            .order_by(Rating.id.desc())
            .limit(1)
        ).all()


@dataclass
class Board:
    """The follow-ups, by what they need."""

    reader: User
    limit: int = 100

    @cached_property
    def unowned(self) -> list[FollowUp]:
        """Those without an owner, where the user waits for the office."""
        return self._some(FollowUp.owner_id.is_(None), self._is_owing())

    @cached_property
    def mine(self) -> list[FollowUp]:
        """The reader's own, where the user waits for the office."""
        return self._some(FollowUp.owner_id == self.reader.id, self._is_owing())

    @cached_property
    def to_confirm(self) -> list[FollowUp]:
        """Waiting for a second person to close them."""
        return self._some(FollowUp.progress == Progress.TO_CONFIRM)

    @cached_property
    def to_close(self) -> list[FollowUp]:
        """Mailed, not closed yet."""
        return self._some(FollowUp.progress == Progress.SENT)

    @cached_property
    def others(self) -> list[FollowUp]:
        """In the hands of other officers."""
        return self._some(
            FollowUp.owner_id.is_not(None),
            FollowUp.owner_id != self.reader.id,
            self._is_owing(),
        )

    @cached_property
    def to_review(self) -> int:
        """How many ratings have words that sound like a complaint."""
        count = sa.select(sa.func.count()).select_from(Rating)
        return db.session.scalar(count.where(Rating.to_review)) or 0

    @cached_property
    def urgent(self) -> int:
        """How many are the reader's, or without an owner, and waited for."""
        count = sa.select(sa.func.count()).select_from(FollowUp)
        return db.session.scalar(count.where(*self._is_urgent())) or 0

    @cached_property
    def urgent_ones(self) -> list[FollowUp]:
        """The urgent follow-ups, the first due first."""
        return self._some(*self._is_urgent())

    @property
    def is_empty(self) -> bool:
        return not any(
            (self.unowned, self.mine, self.to_confirm, self.to_close, self.others)
        )

    def _is_urgent(self) -> tuple[sa.ColumnElement[bool], ...]:
        is_theirs = FollowUp.owner_id == self.reader.id
        return sa.or_(FollowUp.owner_id.is_(None), is_theirs), self._is_owing()

    def _is_owing(self) -> sa.ColumnElement[bool]:
        return FollowUp.progress.in_(OWING)

    def _some(self, *which: sa.ColumnElement[bool]) -> list[FollowUp]:
        return list(
            db.session.scalars(
                with_rating(FollowUp.visible_to(self.reader))
                .where(*which)
                .order_by(FollowUp.due_at, FollowUp.id)
                .limit(self.limit)
            )
        )


def closed_follow_ups(reader: User, page: int):  # type: ignore[no-untyped-def]
    """Return a page of closed follow-ups, the latest first."""
    query = with_rating(FollowUp.visible_to(reader)).where(
        FollowUp.progress == Progress.CLOSED
    )
    return _paged(query.order_by(FollowUp.closed_at.desc()), page)


def with_rating(query: sa.Select[FollowUp]) -> sa.Select[FollowUp]:
    """Load what a line about a follow-up shows."""
    consultation = joinedload(FollowUp.rating).joinedload(Rating.consultation)
    return query.options(
        joinedload(FollowUp.owner), consultation.joinedload(Consultation.user)
    )


def ratings(which: str, page: int):  # type: ignore[no-untyped-def]
    """Return a page of ratings, latest first: all, low, with words, or to review."""
    query = (
        sa.select(Rating)
        .options(
            joinedload(Rating.follow_up),
            joinedload(Rating.consultation).joinedload(Consultation.user),
            joinedload(Rating.consultation).joinedload(Consultation.officer),
        )
        .order_by(Rating.rated_at.desc(), Rating.id.desc())
    )
    if which == "rendah":
        query = query.where(Rating.score <= settings.current().low_rating)
    elif which == "komentar":
        query = query.where(Rating.comment != "")
    elif which == "tinjau":
        query = query.where(Rating.to_review)
    return _paged(query, page)


def _paged(query: sa.Select, page: int):  # type: ignore[no-untyped-def]
    return db.paginate(query, page=page, per_page=PAGE_LENGTH, max_per_page=PAGE_LENGTH)
