"""The articles that belong in the search index."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from pst.database import db
from pst.knowledge.article.revisions import Revision
from pst.knowledge.documents import ARTICLE, document_of
from pst.knowledge.models import Article
from pst.search import engine
from pst.search.storage.sources import DocumentSource, register


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


def _count() -> int:
    is_published = Article.published_number.isnot(None)
    query = sa.select(sa.func.count(Article.id)).where(is_published)
    return db.session.scalar(query) or 0


SOURCE = DocumentSource(ARTICLE, "articles", published_documents, _count)
register(SOURCE)
