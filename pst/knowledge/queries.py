"""Queries for pages about articles: search, lists, votes, choices for an answer."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property

import sqlalchemy as sa

from pst.catalogue.queries import CatalogueResults
from pst.classifications.lookup import CodeHit, codes_for
from pst.database import PlainSelect, db, filled_in, left_open
from pst.knowledge.article.revisions import Revision
from pst.knowledge.documents import ARTICLE
from pst.knowledge.models import Article
from pst.knowledge.searches.search_log import new_key
from pst.knowledge.searches.service_facts import topic_of
from pst.office import settings
from pst.office.opening import Opening, opening
from pst.search import engine
from pst.search.language.plain_text import plain_text
from pst.search.storage import store
from pst.web.responses import link

CHOICE_LENGTH = 4000
MANY_ITEMS = 30


@dataclass(frozen=True)
class ResultOrigin:
    """Where an article comes from, as a result of a search shows it."""

    published_at: datetime | None
    source: str


@dataclass
class Results:
    """What a search found, for its page."""

    words: str
    topic: str | None = None
    limit: int = 10
    # The text of a question about to be filed; None in an ordinary search.
    text: str | None = None
    key: str = field(default_factory=new_key)

    @cached_property
    def answer(self) -> engine.SearchResults:
        if not self.words.strip():
            return engine.SearchResults()
        connection = store.reading()
        if self.text is not None:
            return engine.about(connection, self.words, self.text, ARTICLE, self.limit)
        return engine.search(
            connection, self.words, ARTICLE, self.limit, category=self.topic
        )

    @property
    def hits(self) -> tuple[engine.Hit, ...]:
        return self.answer.hits

    @property
    def unsure(self) -> tuple[engine.Hit, ...]:
        """A few that may be related, when there is no answer."""
        return self.answer.unsure

    @cached_property
    def catalogue(self) -> CatalogueResults:
        """The figure and the tables that may answer, besides the articles."""
        return CatalogueResults(self.words if self.topic is None else "")

    def show_catalogue_only(self) -> None:
        """Leave out everything but catalogue items, and show more of them."""
        self.answer, self.codes = engine.SearchResults(), []
        self.catalogue = CatalogueResults(self.words, MANY_ITEMS)

    @property
    def count(self) -> int:
        """How many things were found that are taken to answer."""
        return len(self.hits) + len(self.codes) + bool(self.fact) + self.catalogue.count

    @cached_property
    def codes(self) -> list[CodeHit]:
        """The codes of classifications that are meant, besides the articles."""
        return codes_for(self.words) if self.topic is None else []

    @cached_property
    def fact(self) -> str | None:
        """Which fact about the office is asked for, if any."""
        asks = self.topic is None and self.text is None
        return topic_of(self.words, settings.current()) if asks else None

    @property
    def opening(self) -> Opening:
        return opening()

    @cached_property
    def origins(self) -> dict[int, ResultOrigin]:
        """When each article was published and from which source, by id."""
        ids = [hit.source_id for hit in self.hits or self.unsure]
        rows = _origins(len(ids)).rows(**filled_in("id", ids)) if ids else []
        return {id: ResultOrigin(at, source) for id, at, source in rows}

    @property
    def is_asked(self) -> bool:
        return bool(self.words.strip())


@cache
def _origins(count: int) -> PlainSelect:
    return PlainSelect(
        sa.select(Article.id, Article.published_at, Revision.source)
        .join(Article.published)
        .where(Article.id.in_(left_open("id", count)))
    )


def suggestions(words: str, limit: int = 5) -> tuple[engine.Hit, ...]:
    """Return articles about what is being typed."""
    if len(words.strip()) < 3:
        return ()
    return engine.suggest(store.reading(), words, ARTICLE, limit)


def related(article: Article) -> tuple[engine.Hit, ...]:
    return engine.related(store.reading(), article.id, ARTICLE)


@dataclass(frozen=True)
class ArticleChoice:
    """An article as an officer may put it into an answer."""

    title: str
    url: str
    text: str


def choices(words: str, limit: int = 5) -> list[ArticleChoice]:
    """Return articles for the search next to the composer, as plain text."""
    hits = suggestions(words, limit)
    rows = db.session.execute(
        sa.select(Article.id, Revision.body)
        .join(Article.published)
        .where(Article.id.in_([hit.source_id for hit in hits]))
    )
    bodies = {id: plain_text(body)[:CHOICE_LENGTH] for id, body in rows}
    return [
        ArticleChoice(
            hit.title,
            link("knowledge.show", slug=hit.slug),
            bodies.get(hit.source_id, ""),
        )
        for hit in hits
    ]
