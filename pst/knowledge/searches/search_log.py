"""Records of use: searches without who made them, and votes on articles."""

import secrets
from datetime import datetime
from enum import StrEnum
from typing import Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock
from pst.database import db
from pst.knowledge import privacy
from pst.knowledge.models import Article
from pst.search.language import indonesian
from pst.web.forms import form_keys

WORDS_LENGTH = 200
KEY_LENGTH = 12


class SearchPlace(StrEnum):
    """Where a search was made."""

    PAGE = "page"
    ASKING = "asking"
    DESK = "desk"


class SearchLog(db.Model):
    """One search, without a trace of who made it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    # In the links of the results, so that a click finds its search.
    key: Mapped[str] = mapped_column(sa.String(KEY_LENGTH), unique=True)
    at: Mapped[datetime] = mapped_column(index=True)
    place: Mapped[SearchPlace]
    words: Mapped[str] = mapped_column(sa.String(WORDS_LENGTH))
    # The sorted stems, which are equal for searches that mean the same.
    meaning: Mapped[str] = mapped_column(sa.String(WORDS_LENGTH), index=True)
    found: Mapped[int]
    clicked_id: Mapped[int | None] = mapped_column(sa.ForeignKey("article.id"))
    opened_item_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("catalogue_item.id")
    )
    # Whether the page of results began with the figure that was asked for.
    has_figure: Mapped[bool] = mapped_column(server_default=sa.false())
    # The searcher said that the results answered the question.
    answered: Mapped[bool]
    # An officer has dealt with what was missing.
    settled_at: Mapped[datetime | None]

    clicked: Mapped[Article | None] = relationship()

    @classmethod
    def keep(
        cls,
        key: str,
        words: str,
        hits: int,
        place: SearchPlace,
        has_figure: bool = False,
    ) -> None:
        """Record a search with personal data masked."""
        masked = privacy.redact(" ".join(words.split()))[:WORDS_LENGTH]
        values = dict(
            key=key,
            at=clock.now(),
            place=place,
            words=masked,
            meaning=meaning_of(masked),
            found=hits,
            clicked_id=None,
            opened_item_id=None,
            has_figure=has_figure,
            answered=False,
            settled_at=None,
        )
        # What the session does for an object takes longer than writing the row.
        db.session.execute(sa.insert(cls.__table__), values)

    @classmethod
    def click(cls, key: str, article_id: int) -> None:
        """Record which of the results was opened."""
        if log := cls._with_key(key):
            log.clicked_id = article_id

    @classmethod
    def open_item(cls, key: str, item_id: int) -> None:
        """Record which table or publication was opened."""
        if log := cls._with_key(key):
            log.opened_item_id = item_id

    @classmethod
    def answer(cls, key: str) -> None:
        """Record that the results answered the question, so none was filed."""
        if log := cls._with_key(key):
            log.answered = True

    @classmethod
    def _with_key(cls, key: str) -> Self | None:
        """Find a search; None when it was not noted, or the key is made up."""
        return db.session.scalar(sa.select(cls).filter_by(key=key))


class VoteReason(StrEnum):
    """Why an article did not help."""

    UNCLEAR = "unclear"
    INCOMPLETE = "incomplete"
    OUTDATED = "outdated"
    OTHER_TOPIC = "other_topic"


class ArticleVote(db.Model):
    """One answer to *Apakah artikel ini membantu?*"""

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(sa.ForeignKey("article.id"), index=True)
    # Made with the page, so that a repeated vote counts once and a reason joins it.
    key: Mapped[str] = mapped_column(sa.String(64), unique=True)
    is_helpful: Mapped[bool]
    reason: Mapped[VoteReason | None]
    comment: Mapped[str] = mapped_column(sa.String(500))
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    article: Mapped[Article] = relationship()

    @classmethod
    def leave(
        cls,
        article: Article,
        is_helpful: bool,
        key: str,
        reason: VoteReason | None = None,
        comment: str = "",
    ) -> Self:
        """Count a vote, or change the one already left with `key`.

        A comment is never replaced: another one with the same `key` is another vote.
        """
        comment = "" if is_helpful else privacy.redact(comment)[:500]
        vote = cls._with_key(key)
        if vote and vote.comment and comment not in ("", vote.comment):
            key = form_keys.with_content(key, comment)
            vote = cls._with_key(key)
        if vote is None:
            vote = cls(article_id=article.id, key=key, at=clock.now(), settled_at=None)
            db.session.add(vote)
        vote.is_helpful = is_helpful
        vote.reason = None if is_helpful else reason
        vote.comment = comment or vote.comment or ""
        return vote

    @classmethod
    def _with_key(cls, key: str) -> Self | None:
        return db.session.scalar(sa.select(cls).filter_by(key=key))


def new_key() -> str:
    return secrets.token_urlsafe(9)[:KEY_LENGTH]


def meaning_of(words: str) -> str:
    """Return the sorted stems of the words that matter, equal in any word order."""
    roots = {
        indonesian.stem(word)
        for word in indonesian.words(words)
        if not indonesian.is_stop_word(word)
    }
    return " ".join(sorted(roots))[:WORDS_LENGTH]
