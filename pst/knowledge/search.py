"""Published articles about what somebody typed: keeping the index, and asking it.

What lies behind this module may change; nothing outside the package imports that.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.engine import Connection

from . import ranking, request
from .index import Document, Drift, ask, check, rebuild, remove, write
from .passages import Marker, Piece
from .question import Question, state_of
from .scoring import Candidate
from .synonyms import changed as synonyms_changed

__all__ = ["Answer", "Document", "Drift", "Hit", "Piece", "about", "check", "forget"]
__all__ += ["rebuild", "related", "remove", "search", "suggest", "synonyms_changed"]
__all__ += ["write"]

LIMIT = 10
# An answer is among the first few, or there is none.
TRUSTED = 3
NEAR_THE_BEST = 0.4
ANSWERS_KEPT = 500
# How a request is read: its subject says more than any sentence of its text.
SUBJECT_SHARE = 1.5
FOR_PART = 3
T = TypeVar("T")

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
    """What was found, best first; `mended` is the question as it was understood.

    `weight` is how much was asked: little by "minta data", much by a rare word.
    `is_cut` when more was found than is given.
    """

    hits: tuple[Hit, ...] = ()
    mended: str | None = None
    weight: float = 0.0
    is_cut: bool = False


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
    state = state_of(connection)

    def anew() -> Answer:
        question = Question(connection, words, prefix, state)
        found = _answering(ranking.rank(connection, question, category))
        if not found:
            return Answer()
        hits = _hits(connection, found[:limit], Marker(question))
        mended = question.mended(found[0].place or ())
        return Answer(hits, mended, question.mass, len(found) > limit)

    return _recent.get((state, words, limit, category, prefix), anew)


def about(
    connection: Connection, subject: str, text: str, limit: int = LIMIT
) -> Answer:
    """Find articles for a request: what its subject asks, and each of its sentences.

    A sentence must say what an article is called: most say who asks, and what for.
    """
    asks = request.asks(subject)
    first = search(connection, subject, limit) if asks else Answer()
    hits: dict[int, Hit] = {}
    scores: dict[int, float] = defaultdict(float)
    parts = [_told(connection, each) for each in request.questions(text)]
    for part, share in ((first, SUBJECT_SHARE), *((part, 1.0) for part in parts)):
        for hit in part.hits[:FOR_PART]:
            hits.setdefault(hit.article_id, hit)
            scores[hit.article_id] += share * part.weight * hit.score
    best = sorted(hits, key=lambda id: -scores[id])[:limit]
    return Answer(tuple(hits[id] for id in best), first.mended)


def suggest(connection: Connection, words: str, limit: int = 5) -> tuple[Hit, ...]:
    """Find articles while somebody types; without passages."""
    state = state_of(connection)

    def anew() -> tuple[Hit, ...]:
        question = Question(connection, words, True, state)
        found = _answering(ranking.rank(connection, question))
        return _hits(connection, found[:limit])

    return _recent.get((state, words, limit), anew)


def related(connection: Connection, article_id: int, limit: int = 4) -> tuple[Hit, ...]:
    """Find articles about the same thing as a published one."""
    state = state_of(connection)

    def anew() -> tuple[Hit, ...]:
        row = connection.exec_driver_sql(ABOUT, (article_id,)).one_or_none()
        if row is None:
            return ()
        question = Question(connection, " ".join(row), False, state)
        found = [c for c in ranking.rank(connection, question) if c.id != article_id]
        return _hits(connection, found[:limit])

    return _recent.get((state, article_id, limit), anew)


class _Recent:
    """The answers given last: many people ask the same, and turn back and forth.

    The state of the index is part of the key, so none outlives what it was found in.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[Hashable, Any] = {}

    def get(self, key: Hashable, anew: Callable[[], T]) -> T:
        found: T | None = self._kept.get(key)
        if found is None:
            found = anew()
            if len(self._kept) >= self._most:
                self.clear()  # rarely, and without a lock
            self._kept[key] = found
        return found

    def clear(self) -> None:
        self._kept = {}


_recent = _Recent(ANSWERS_KEPT)


def forget() -> None:
    """Let every answer be found anew: for measuring."""
    _recent.clear()


def _answering(found: list[Candidate]) -> list[Candidate]:
    """All that comes near the best, if one of the first answers; else nothing."""
    if not any(candidate.answers for candidate in found[:TRUSTED]):
        return []
    near = NEAR_THE_BEST * found[0].score
    first = sorted(found[:TRUSTED], key=lambda candidate: not candidate.answers)
    return first + [
        each for each in found[TRUSTED:] if each.answers or each.score > near
    ]


def _told(connection: Connection, sentence: str) -> Answer:
    """Find the articles that a sentence of a longer text names."""
    question = Question(connection, sentence)
    found = ranking.rank(connection, question)[:FOR_PART]
    named = [each for each in found if each.is_called and each.answers_fully]
    hits = _hits(connection, named, Marker(question))
    return Answer(hits, None, question.mass)


def _hits(
    connection: Connection, found: list[Candidate], marker: Marker | None = None
) -> tuple[Hit, ...]:
    rows = {row[0]: row for row in ask(connection, SHOWN, [c.id for c in found])}
    hits = []
    for candidate in found:
        _, slug, title, category, body, stems = rows[candidate.id]
        passage = marker.passage(body, stems) if marker else ()
        shown = (slug, title, category, passage)
        hits.append(Hit(candidate.id, *shown, candidate.score))
    return tuple(hits)
