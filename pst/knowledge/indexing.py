"""The search index of articles: what belongs in it, and how it is built and checked."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from pst.database import db, transaction
from pst.knowledge.batches import unhurried_batches
from pst.knowledge.documents import ARTICLE, document_of
from pst.knowledge.models import Article
from pst.knowledge.revisions import Revision
from pst.search import engine


def published_documents(ids: list[int] | None = None) -> Iterator[engine.Document]:
    """Yield the documents that belong in the index, or those of `ids`."""
    for row in published_rows(ids):
        yield document_of(row.id, row.slug, row)


def published_rows(ids: list[int] | None = None) -> Iterator[Any]:
    """Yield the columns of each published revision, with the article's id and slug."""
    columns = [c for c in Revision.__table__.columns if c.name != "id"]
    query = (
        sa.select(Article.id, Article.slug, *columns)
        .join(
            Revision,
            (Revision.article_id == Article.id)
            & (Revision.number == Article.published_number),
        )
        .order_by(Article.id)
        .execution_options(yield_per=1000)
    )
    if ids is not None:
        query = query.where(Article.id.in_(ids))
    yield from db.session.execute(query)


def drift() -> engine.Drift:
    """Return where the index and the published articles differ."""
    return engine.check(db.session.connection(), ARTICLE, published_documents())


def fill_index() -> None:
    """Build the index if a migration left it empty."""
    is_empty = engine.is_empty(db.session.connection())
    db.session.rollback()
    if is_empty:
        with transaction():
            engine.rebuild(db.session.connection(), published_documents())


def reindex() -> int:
    """Index every article again, a few in each transaction; return how many.

    Only when the counts are wrong is the whole index built in one transaction.
    """
    with transaction():
        ids = [document.source_id for document in published_documents()]
    for batch in unhurried_batches(ids):
        with transaction():
            for document in published_documents(batch):
                engine.write(db.session.connection(), document)
    with transaction():
        connection = db.session.connection()
        for id in drift().surplus:
            engine.remove(connection, ARTICLE, id)
        if drift():
            engine.rebuild(connection, published_documents())
    return len(ids)
