"""Published articles about what somebody typed: keeping the index, and asking it.

What lies behind this module may change; nothing outside the package imports that.
"""

from dataclasses import dataclass

from sqlalchemy.engine import Connection

from . import ranking
from .index import Document, Drift, ask, check, rebuild, remove, write
from .passages import Marker, Piece
from .question import Question
from .scoring import Candidate
from .synonyms import changed as synonyms_changed

__all__ = ["Answer", "Document", "Drift", "Hit", "Piece", "check", "rebuild", "related"]
__all__ += ["remove", "search", "suggest", "synonyms_changed", "write"]

LIMIT = 10
# An answer is among the first few, or there is none.
TRUSTED = 3

SHOWN = (
    "SELECT id, slug, title, category, body, body_stems "
    "FROM article_index_text WHERE id IN (*)"
)
ABOUT = "SELECT title, labels FROM article_index_text WHERE id = ?"


@dataclass(frozen=True)
class Hit:
    """One article that was found; `passage` is empty in suggestions."""

    article_id: int
    slug: str
    title: str
    category: str
    passage: tuple[Piece, ...]
    score: float


@dataclass(frozen=True)
class Answer:
    """What was found, best first; `mended` is the question as it was understood."""

    hits: tuple[Hit, ...] = ()
    mended: str | None = None


def search(
    connection: Connection,
    words: str,
    limit: int = LIMIT,
    category: str | None = None,
    prefix: bool = False,
) -> Answer:
    """Find articles that answer `words`, whatever is typed; nothing if none does.

    With `prefix` the last word may be unfinished.
    """
    question = Question(connection, words, prefix)
    found = _answering(ranking.rank(connection, question, category))[:limit]
    marker = Marker(question)
    return Answer(_hits(connection, found, marker), question.mended if found else None)


def suggest(connection: Connection, words: str, limit: int = 5) -> tuple[Hit, ...]:
    """Find articles while somebody types; without passages."""
    question = Question(connection, words, prefix=True)
    return _hits(connection, _answering(ranking.rank(connection, question))[:limit])


def related(connection: Connection, article_id: int, limit: int = 4) -> tuple[Hit, ...]:
    """Find articles about the same thing as a published one."""
    row = connection.exec_driver_sql(ABOUT, (article_id,)).one_or_none()
    if row is None:
        return ()
    question = Question(connection, " ".join(row))
    found = [c for c in ranking.rank(connection, question) if c.id != article_id]
    return _hits(connection, found[:limit])


def _answering(found: list[Candidate]) -> list[Candidate]:
    return found if any(c.answers for c in found[:TRUSTED]) else []


def _hits(
    connection: Connection, found: list[Candidate], marker: Marker | None = None
) -> tuple[Hit, ...]:
    ids = [candidate.id for candidate in found]
    rows = {row.id: row for row in ask(connection, SHOWN, ids)}
    return tuple(
        Hit(
            row.id,
            row.slug,
            row.title,
            row.category,
            marker.passage(row.body, row.body_stems) if marker else (),
            candidate.score,
        )
        for candidate in found
        for row in (rows[candidate.id],)
    )
