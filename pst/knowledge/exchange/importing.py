"""Articles from and to a JSON file, which is checked whole before any is written."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pst import clock, database
from pst.database import db, transaction
from pst.knowledge import indexing
from pst.knowledge.article.content import Content
from pst.knowledge.article.revisions import Revision
from pst.knowledge.article.states import ArticleState
from pst.knowledge.documents import ARTICLE
from pst.knowledge.exchange.entries import entry_of
from pst.knowledge.models import Article
from pst.office import audit
from pst.search import engine
from pst.search.storage import store
from pst.search.storage.batches import batches, unhurried_batches


@dataclass(frozen=True)
class ArticleImportCounts:
    """How many articles an import made, changed, and left as they were."""

    made: int = 0
    changed: int = 0
    same: int = 0

    def __add__(self, other: Self) -> Self:
        new, changes = self.made + other.made, self.changed + other.changed
        return type(self)(new, changes, self.same + other.same)


def load_all(contents: dict[str, Content]) -> ArticleImportCounts:
    """Publish any number of articles, a few in each transaction.

    Other writers never wait long, and each few are found by search at once. After an
    interruption it can be run again: equal content is left as it is.
    """
    outcome = ArticleImportCounts()
    for items in unhurried_batches(list(contents.items())):
        with transaction():
            outcome += load(dict(items))
    return outcome


def load(contents: dict[str, Content]) -> ArticleImportCounts:
    """Publish `contents`, updating by slug; equal content changes nothing."""
    by_slug = {
        article.slug: article
        for slugs in batches(list(contents))
        for article in db.session.scalars(
            sa.select(Article).where(Article.slug.in_(slugs))
        )
    }
    fresh = {slug: c for slug, c in contents.items() if slug not in by_slug}
    changes = [slug for slug in by_slug if _update(by_slug[slug], contents[slug])]
    if fresh:
        ids = _insert(fresh)
        store.change(ARTICLE.number, ids, partial(_index, ids))
    if fresh or changes:
        slugs = [*fresh, *changes]
        audit.record("import_articles", "articles", None, made=len(fresh), slugs=slugs)
    return ArticleImportCounts(len(fresh), len(changes), len(by_slug) - len(changes))


def export() -> list[dict[str, Any]]:
    """Return all published articles as entries of the file."""
    return [entry_of(row.slug, row) for row in indexing.published_rows()]


def _update(article: Article, content: Content) -> bool:
    is_current = article.published_number == article.number
    if is_current and article.latest.content == content:
        return False
    if article.is_archived:
        article._move(ArticleState.DRAFT, None)
    article.write(content, None, article.number)
    article.publish(None)
    return True


def _index(ids: list[int], connection: Connection) -> None:
    for document in indexing.published_documents(ids):
        engine.write(connection, document)


def _insert(fresh: dict[str, Content]) -> list[int]:
    """Insert many published articles, not yet indexed, and return their ids."""
    now = clock.now()
    first = (db.session.scalar(sa.select(sa.func.max(Article.id))) or 0) + 1
    columns = {"state": ArticleState.PUBLISHED, "number": 1, "published_number": 1}
    moments = {"created_at": now, "changed_at": now, "published_at": now}
    words = {"number": 1, "created_at": now, "review_note": ""}
    rows = list(enumerate(fresh.items(), first))
    db.session.execute(
        sa.insert(Article),
        [{"id": id, "slug": slug} | columns | moments for id, (slug, _) in rows],
    )
    db.session.execute(
        sa.insert(Revision),
        [{"article_id": id} | words | each.columns() for id, (_, each) in rows],
    )
    database.engine().number_after(Article.__table__)
    return [id for id, _ in rows]
