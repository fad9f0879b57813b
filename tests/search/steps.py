"""The first hit of a search."""

from sqlalchemy.engine import Connection

from pst.knowledge.documents import ARTICLE
from pst.search import engine


def first(connection: Connection, words: str) -> str | None:
    hits = engine.search(connection, words, ARTICLE).hits
    return hits[0].slug if hits else None
