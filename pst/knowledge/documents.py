"""Articles as documents of the search index."""

from typing import Any

from pst.search import engine

ARTICLE = engine.DocumentKind(0)


def document_of(id: int, slug: str, revision: Any) -> engine.Document:
    """Return an article as the search index has it.

    `revision` is a `Revision` or a row of its columns.
    """
    return engine.Document(
        ARTICLE,
        id,
        slug,
        revision.title,
        revision.topic.value,
        revision.body,
        tuple(revision.tags),
        tuple(revision.synonyms),
    )
