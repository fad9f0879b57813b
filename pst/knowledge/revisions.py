"""The words of an article: every version that somebody saved, never changed."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock
from pst.accounts.models import User
from pst.database import db
from pst.errors import WrongState
from pst.office import settings

if TYPE_CHECKING:
    from pst.knowledge.models import Article


class Topic(StrEnum):
    """The four kinds of consultation, and the service itself."""

    DATA = "data"
    METADATA = "metadata"
    RECOMMENDATION = "recommendation"
    CLASSIFICATION = "classification"
    SERVICE = "service"


class Answer(StrEnum):
    """What kind of answer an article gives."""

    AVAILABLE = "available"
    ON_REQUEST = "on_request"
    OTHER_LEVEL = "other_level"
    NOT_PRODUCED = "not_produced"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Content:
    """Everything an officer writes of an article."""

    title: str
    body: str
    topic: Topic
    tags: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    answer: Answer = Answer.AVAILABLE
    answer_note: str = ""
    source: str = ""
    review_on: date | None = None

    @property
    def whole_text(self) -> str:
        """Everything the public would read or find it by."""
        texts = (self.title, self.body, self.answer_note, self.source)
        return "\n".join((*texts, *self.tags, *self.synonyms))

    def columns(self) -> dict[str, Any]:
        """The content as a revision keeps it."""
        values = asdict(self)
        return values | {"tags": list(self.tags), "synonyms": list(self.synonyms)}


class Revision(db.Model):
    """The words of an article as somebody saved them; never changed."""

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(sa.ForeignKey("article.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(200))
    body: Mapped[str] = mapped_column(sa.Text)
    topic: Mapped[Topic]
    tags: Mapped[list[str]]
    synonyms: Mapped[list[str]]
    answer: Mapped[Answer]
    answer_note: Mapped[str] = mapped_column(sa.Text)
    source: Mapped[str] = mapped_column(sa.Text)
    review_on: Mapped[date | None]
    review_note: Mapped[str] = mapped_column(sa.Text)
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    reviewer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    created_at: Mapped[datetime]

    article: Mapped["Article"] = relationship(back_populates="revisions")
    author: Mapped[User | None] = relationship(foreign_keys=author_id)
    reviewer: Mapped[User | None] = relationship(foreign_keys=reviewer_id)

    __table_args__ = (sa.UniqueConstraint("article_id", "number"),)

    @classmethod
    def of(cls, article: "Article", content: Content, by: User | None) -> Self:
        """Make the revision that the article counts as its newest."""
        return cls(
            article_id=article.id,
            number=article.number,
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
        """Say whether the day by which it should be looked at again has passed."""
        return self.review_on is not None and self.review_on < clock.today(
            settings.current().zone
        )


class Overtaken(WrongState):
    """Somebody else saved a newer revision meanwhile."""

    def __init__(self, newer: Revision) -> None:
        super().__init__("Petugas lain menyimpan versi baru lebih dahulu.")
        self.newer = newer
