"""The comments of a period, as an officer decides what they are about."""

from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.database import db
from pst.feedback.models import Rating
from pst.reports.figures.disclosure.redaction import masked
from pst.reports.figures.themes import CommentTheme, suggested
from pst.reports.periods import Period, within

PAGE_LENGTH = 25


@dataclass(frozen=True)
class Comment:
    """A comment, what an officer decided about it, and what we suggest."""

    rating: Rating
    decided: CommentTheme | None

    @property
    def theme(self) -> str:
        return self.decided.theme if self.decided else suggested(self.rating.comment)

    @property
    def is_quoted(self) -> bool:
        return bool(self.decided and self.decided.quote)

    @property
    def quote(self) -> str:
        if self.decided and self.decided.quote:
            return self.decided.quote
        return masked(self.rating.comment, self.rating.consultation.user)

    def decide(self, theme: str, quote: str, by: User) -> None:
        """Store the theme; personal data is removed from the quote once more."""
        clean = masked(quote, self.rating.consultation.user)
        CommentTheme.decide(self.rating, theme, clean, by)


@dataclass
class Comments:
    """The comments of a period, to be sorted by theme; lowest ratings first."""

    period: Period
    page: int = 1

    @cached_property
    def rows(self):  # type: ignore[no-untyped-def]
        query = (
            sa.select(Rating)
            .options(
                joinedload(Rating.consultation).joinedload(Consultation.user),
                joinedload(Rating.follow_up),
            )
            .where(self._written)
            .order_by(Rating.score, Rating.id)
        )
        return db.paginate(
            query, page=self.page, per_page=PAGE_LENGTH, max_per_page=PAGE_LENGTH
        )

    @cached_property
    def entries(self) -> list[Comment]:
        ids = [rating.id for rating in self.rows.items]
        query = sa.select(CommentTheme).where(CommentTheme.rating_id.in_(ids))
        themes = {row.rating_id: row for row in db.session.scalars(query)}
        return [Comment(each, themes.get(each.id)) for each in self.rows.items]

    @property
    def by_rating(self) -> dict[int, Comment]:
        return {comment.rating.id: comment for comment in self.entries}

    @cached_property
    def decided(self) -> int:
        """How many an officer has decided about already."""
        query = (
            sa.select(sa.func.count())
            .select_from(CommentTheme)
            .join(Rating, CommentTheme.rating_id == Rating.id)
            .where(self._written)
        )
        return db.session.scalar(query) or 0

    @cached_property
    def _written(self) -> sa.ColumnElement[bool]:
        return sa.and_(within(self.period, Rating.rated_at), Rating.comment != "")
