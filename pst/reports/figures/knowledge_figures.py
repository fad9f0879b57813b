"""What was searched in a period, and what the knowledge base answered by itself."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from pst.catalogue.models import CatalogueItem, CatalogueOpening
from pst.consultations.messages import Kind, Message
from pst.consultations.models import Consultation
from pst.database import db
from pst.knowledge.models import Article
from pst.knowledge.searches.search_log import ArticleVote, SearchLog, SearchPlace
from pst.reports.periods import Period, within

MISSING_SHOWN, ITEMS_SHOWN = 15, 10
# How the line begins that *Sisipkan* puts below a figure or a table.
SOURCE = "Sumber: "
L, V = SearchLog, ArticleVote


@dataclass
class KnowledgeFigures:
    """Searches, votes and articles of `period`; officers' own searches do not count."""

    period: Period

    @cached_property
    def facts(self) -> dict[str, Any]:
        searches, without, clicked, tables, answered = db.session.execute(
            sa.select(
                sa.func.count(),
                sa.func.count().filter(L.found == 0),
                sa.func.count().filter(L.clicked_id.is_not(None)),
                sa.func.count().filter(L.has_figure | L.opened_item_id.is_not(None)),
                sa.func.count().filter(L.answered),
            ).where(self._searched)
        ).one()
        votes, helpful = db.session.execute(
            sa.select(sa.func.count(), sa.func.count().filter(V.is_helpful)).where(
                within(self.period, V.at)
            )
        ).one()
        return {
            "searches": searches,
            "without": without,
            "without_share": without / searches if searches else None,
            "clicked": clicked,
            "tables": tables,
            "answered": answered,
            "cited": self._cited,
            "votes": votes,
            "helpful": helpful / votes if votes else None,
            "made": self._articles(within(self.period, Article.published_at)),
            "published": self._articles(Article.published_number.is_not(None)),
        }

    @cached_property
    def missing(self) -> list[tuple[str, int]]:
        """The most frequent searches without a result; one row for the same meaning."""
        often = sa.func.count()
        rows = db.session.execute(
            sa.select(sa.func.min(L.words), often)
            .where(self._searched, L.found == 0, L.meaning != "")
            .group_by(L.meaning)
            .order_by(often.desc(), sa.func.min(L.words))
            .limit(MISSING_SHOWN)
        )
        return [(words, count) for words, count in rows]

    @cached_property
    def opened_items(self) -> list[tuple[str, int]]:
        """The catalogue items that were opened most."""
        often = sa.func.sum(CatalogueOpening.count)
        days = CatalogueOpening.on.between(self.period.first, self.period.last)
        rows = db.session.execute(
            sa.select(CatalogueItem.title, often)
            .select_from(CatalogueOpening)
            .join(CatalogueItem, CatalogueItem.id == CatalogueOpening.item_id)
            .where(days)
            .group_by(CatalogueItem.id)
            .order_by(often.desc(), CatalogueItem.title)
            .limit(ITEMS_SHOWN)
        )
        return [(title, int(count)) for title, count in rows]

    @property
    def _cited(self) -> int:
        """How many requests were answered with a source: a line that begins so."""
        message = (
            sa.exists()
            .where(
                Message.consultation_id == Consultation.id,
                Message.kind == Kind.MESSAGE,
                Message.author_id != Consultation.user_id,
                Message.body.icontains(SOURCE),
            )
            .correlate(Consultation)
        )
        query = sa.select(sa.func.count()).select_from(Consultation)
        in_period = within(self.period, Consultation.asked_at)
        return db.session.scalar(query.where(in_period, message)) or 0

    @cached_property
    def _searched(self) -> sa.ColumnElement[bool]:
        return sa.and_(within(self.period, L.at), L.place != SearchPlace.DESK)

    def _articles(self, which: sa.ColumnElement[bool]) -> int:
        query = sa.select(sa.func.count()).select_from(Article).where(which)
        return db.session.scalar(query) or 0
