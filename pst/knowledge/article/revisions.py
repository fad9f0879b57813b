"""The revisions of an article: its content each time it was saved, never changed."""

from datetime import date, datetime
from typing import Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock
from pst.accounts.users import User
from pst.database import db
from pst.knowledge.article.content import AnswerKind, Content, Topic
from pst.office import settings
from pst.web.access import Role


class Revision(db.Model):
    """The content of an article as one save left it; never changed."""

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(sa.ForeignKey("article.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(200))
    body: Mapped[str] = mapped_column(sa.Text)
    topic: Mapped[Topic]
    tags: Mapped[list[str]]
    synonyms: Mapped[list[str]]
    answer: Mapped[AnswerKind]
    answer_note: Mapped[str] = mapped_column(sa.Text)
    source: Mapped[str] = mapped_column(sa.Text)
    review_on: Mapped[date | None]
    review_note: Mapped[str] = mapped_column(sa.Text)
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    reviewer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    created_at: Mapped[datetime]

    author: Mapped[User | None] = relationship(foreign_keys=author_id)
    reviewer: Mapped[User | None] = relationship(foreign_keys=reviewer_id)

    __table_args__ = (sa.UniqueConstraint("article_id", "number"),)

    @classmethod
    def of(
        cls, article_id: int, number: int, content: Content, by: User | None
    ) -> Self:
        """Make revision `number` of an article; `by` is None when it is imported."""
        return cls(
            article_id=article_id,
            number=number,
            author=by,
            reviewer=None,
            review_note="",
            created_at=clock.now(),
            **content.columns(),
        )

    @property
    def content(self) -> Content:
        return Content(
            self.title,
            self.body,
            self.topic,
            tuple(self.tags),
            tuple(self.synonyms),
            self.answer,
            self.answer_note,
            self.source,
            self.review_on,
        )

    @property
    def is_stale(self) -> bool:
        """Return whether the day by which to check it again has passed."""
        return self.review_on is not None and self.review_on < clock.today(
            settings.current().zone
        )

    def can_be_reviewed_by(self, officer: User) -> bool:
        """Return whether `officer` is not the author, or is the only officer."""
        return self.author_id != officer.id or not _has_colleagues(officer)


def _has_colleagues(officer: User) -> bool:
    others = sa.select(User.id).where(
        User.role == Role.OFFICER, User.active, User.id != officer.id
    )
    return db.session.scalar(others.limit(1)) is not None
