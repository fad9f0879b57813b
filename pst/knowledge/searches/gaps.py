"""What people look for and the articles do not answer, for officers to write."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from pst import clock
from pst.catalogue.queries import CatalogueResults
from pst.consultations.messages import Message
from pst.consultations.models import Consultation
from pst.database import db
from pst.knowledge.documents import ARTICLE
from pst.knowledge.models import Article
from pst.knowledge.searches.search_log import ArticleVote, SearchLog, meaning_of
from pst.search import engine
from pst.search.storage import store

GAP_DAYS = 90
GAPS_SHOWN = 40


@dataclass
class Gap:
    """Something people look for and do not find, in any wording."""

    meaning: str
    words: str
    searches: int = 0
    unclicked: int = 0
    # Searches that a figure answered, before it was asked for all the same.
    figures: int = 0
    votes: int = 0
    consultations: list[Consultation] = field(default_factory=list)
    articles: list[Article] = field(default_factory=list)

    @property
    def count(self) -> int:
        traces = self.searches + self.unclicked + self.figures + self.votes
        return traces + len(self.consultations)


@dataclass
class Gaps:
    """What the articles do not answer yet, the most wanted first."""

    days: int = GAP_DAYS

    @cached_property
    def rows(self) -> list[Gap]:
        gaps = self._from_searches()
        self._add_consultations(gaps)
        self._add_votes(gaps)
        by_count = sorted(gaps.values(), key=lambda gap: -gap.count)
        # What has been answered since needs no article.
        return list(islice(filter(self._is_open, by_count), GAPS_SHOWN))

    @cached_property
    def to_write(self) -> list[Consultation]:
        """Conversations with marked messages and no article yet."""
        with_mark = sa.select(Message.consultation_id).where(
            sa.or_(Message.is_final, Message.is_flagged)
        )
        has_article = Article.ids_from(Consultation.id).exists()
        return list(
            db.session.scalars(
                sa.select(Consultation)
                .where(Consultation.id.in_(with_mark), ~has_article)
                .order_by(Consultation.id.desc())
                .limit(100)
            )
        )

    @property
    def _since(self) -> datetime:
        return clock.now() - timedelta(days=self.days)

    @property
    def _unopened(self) -> tuple[sa.ColumnElement[bool], ...]:
        return (
            SearchLog.at >= self._since,
            SearchLog.settled_at.is_(None),
            SearchLog.clicked_id.is_(None),
            SearchLog.opened_item_id.is_(None),
            ~SearchLog.answered,
        )

    def _from_searches(self) -> dict[str, Gap]:
        last = sa.func.max(SearchLog.at)
        rows = db.session.execute(
            sa.select(
                SearchLog.meaning,
                sa.func.max(SearchLog.id),
                sa.func.sum(sa.case((SearchLog.found == 0, 1), else_=0)),
                sa.func.sum(sa.case((SearchLog.found > 0, 1), else_=0)),
            )
            .where(*self._unopened, ~SearchLog.has_figure, SearchLog.meaning != "")
            .group_by(SearchLog.meaning)
            .order_by(sa.func.count().desc(), last.desc())
            .limit(GAPS_SHOWN * 2)
        ).all()
        words = _words_of({id for _, id, *_ in rows})
        return {
            meaning: Gap(meaning, words[id], none, unclicked)
            for meaning, id, none, unclicked in rows
        }

    def _add_consultations(self, gaps: dict[str, Gap]) -> None:
        has_article = Article.ids_from(Consultation.id).exists()
        rows = db.session.scalars(
            sa.select(Consultation)
            .where(Consultation.asked_at >= self._since, ~has_article)
            .order_by(Consultation.id.desc())
            .limit(GAPS_SHOWN)
        )
        asked_at: dict[str, datetime] = {}
        for consultation in rows:
            meaning = meaning_of(consultation.subject)
            last = asked_at.setdefault(meaning, consultation.asked_at)
            figures = self._figures_before(meaning, last)
            # What was found but not opened, and then asked, is a gap as well.
            is_open = meaning in gaps or figures or not _finds(consultation.subject)
            if meaning and is_open:
                gap = gaps.setdefault(meaning, Gap(meaning, consultation.subject))
                gap.figures = figures
                gap.consultations.append(consultation)

    def _figures_before(self, meaning: str, asked_at: datetime) -> int:
        """Return how many searches had a figure as their answer, before it was asked.

        A figure is read without opening it, and most searchers are content with it.
        """
        is_meant = (SearchLog.meaning == meaning, SearchLog.at <= asked_at)
        query = sa.select(sa.func.count()).where(
            *self._unopened, SearchLog.has_figure, *is_meant
        )
        return db.session.scalar(query) or 0

    def _add_votes(self, gaps: dict[str, Gap]) -> None:
        rows = db.session.execute(
            sa.select(Article, sa.func.count())
            .join(ArticleVote, ArticleVote.article_id == Article.id)
            .options(joinedload(Article.latest))
            .where(
                ~ArticleVote.is_helpful,
                ArticleVote.settled_at.is_(None),
                ArticleVote.at >= self._since,
            )
            .group_by(Article.id)
        )
        for article, count in rows:
            title = article.latest.title
            meaning = meaning_of(title)
            gap = gaps.setdefault(meaning, Gap(meaning, title))
            gap.votes += count
            gap.articles.append(article)

    def _is_open(self, gap: Gap) -> bool:
        if gap.unclicked or gap.votes or gap.consultations:
            return True
        return not _finds(gap.words)


def settle(meaning: str) -> None:
    """Remove a gap that an officer has dealt with from the list."""
    now = clock.now()
    db.session.execute(
        sa.update(SearchLog)
        .where(SearchLog.meaning == meaning, SearchLog.settled_at.is_(None))
        .values(settled_at=now)
    )
    votes = db.session.scalars(
        sa.select(ArticleVote)
        .where(~ArticleVote.is_helpful, ArticleVote.settled_at.is_(None))
        .options(joinedload(ArticleVote.article).joinedload(Article.latest))
    )
    for vote in votes:
        if meaning_of(vote.article.latest.title) == meaning:
            vote.settled_at = now


def _finds(words: str) -> bool:
    """Return whether an article answers, or a figure, or a table."""
    has_article = engine.search(store.reading(), words, ARTICLE, 1).hits
    return bool(has_article) or CatalogueResults(words).count > 0


def _words_of(ids: set[int]) -> dict[int, str]:
    query = sa.select(SearchLog.id, SearchLog.words).where(SearchLog.id.in_(ids))
    return {id: words for id, words in db.session.execute(query)}
