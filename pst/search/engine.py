"""The interface of the search: documents of one kind about what a person typed.

What lies behind this module may change; nothing outside the package imports the rest,
but for the words of Indonesian (`indonesian`) and plain text (`plain_text`).
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from pst.search.language import request_text
from pst.search.language.synonyms import changed as synonyms_changed
from pst.search.language.terms import Term
from pst.search.storage.documents import Document, DocumentKind, Drift, source_of
from pst.search.storage.index import ask, check, count, is_empty, rebuild, remove, write

from . import ranking
from .query import Query, State, has_documents, state_of
from .recent import Recent
from .scoring import Candidate
from .snippets import Highlighter, Piece
from .unmatched import Unmatched
from .unmatched import unmatched as terms_unmatched

__all__ = [
    "Document",
    "DocumentKind",
    "Drift",
    "Hit",
    "Piece",
    "SearchResults",
    "about",
]
__all__ += ["check", "count", "forget", "is_empty", "rebuild", "related", "remove"]
__all__ += ["search", "suggest", "synonyms_changed", "unmatched", "Unmatched", "write"]

LIMIT = 10
# The first hits of a ranking must hold an answer, or all may only be related.
TRUSTED = 3
NEAR_THE_BEST = 0.4
MAX_UNSURE = 3
ANSWERS_KEPT, QUERIES_KEPT = 500, 100
# How a request is read: its subject says more than any sentence of its text.
SUBJECT_SHARE = 1.5
FOR_PART = 3
# How many mistyped words are corrected while a person types, and in each sentence.
CORRECTED_WHILE_TYPING, CORRECTED_IN_SENTENCE = 4, 4

NAMED = "SELECT id, slug, title, category, '', '' FROM search_document WHERE id IN (*)"
SHOWN = NAMED.replace("'', ''", "body, body_stems")
ABOUT = "SELECT title, labels FROM search_document WHERE id = ?"


@dataclass(frozen=True)
class Hit:
    """One document; `snippet` is empty in suggestions."""

    source_id: int
    slug: str
    title: str
    category: str
    snippet: tuple[Piece, ...]
    score: float


@dataclass(frozen=True)
class SearchResults:
    """The hits of a query, best first; `corrected` is the query as it was understood.

    `hits` are believed to answer; when there are none, `unsure` are a few that may be
    related. `weight` says how much was asked: little by "minta data", much by a rare
    word. `is_cut` says that there are more hits than these.
    """

    hits: tuple[Hit, ...] = ()
    unsure: tuple[Hit, ...] = ()
    corrected: str | None = None
    weight: float = 0.0
    is_cut: bool = False


def search(
    connection: Connection,
    words: str,
    kind: DocumentKind,
    limit: int = LIMIT,
    category: str | None = None,
    prefix: bool = False,
    with_snippets: bool = True,
) -> SearchResults:
    """Return documents that answer any text; with `prefix` its last word may go on."""
    state = state_of(connection, kind)
    if not has_documents(state):
        return SearchResults()

    def find() -> SearchResults:
        query = _read(connection, words, kind, prefix, state)
        in_order = ranking.rank(connection, query, kind, category)
        sure = _answering(in_order)
        best = sure[:limit] if sure else in_order[:MAX_UNSURE]
        if not best:
            return SearchResults()
        hits = _hits(connection, best, Highlighter(query) if with_snippets else None)
        correction = query.corrected(best[0].place or ())
        if not sure:
            return SearchResults((), hits, correction, query.idf_weight)
        return SearchResults(hits, (), correction, query.idf_weight, len(sure) > limit)

    key = (state, words, kind, limit, category, prefix, with_snippets)
    return _recent.get(key, find)


def unmatched(
    connection: Connection, words: str, kind: DocumentKind, source_ids: Collection[int]
) -> dict[int, Unmatched]:
    """Return what `words` and each of the documents do not share, by source id.

    Mostly they have just been searched for, and need not be read again.
    """
    state = state_of(connection, kind)

    def read() -> list[Term]:
        return Query(connection, words, kind, False, state).terms

    terms = _queries.get((state, words, kind), read)
    return terms_unmatched(connection, terms, kind, source_ids)


def _read(
    connection: Connection, words: str, kind: DocumentKind, prefix: bool, state: State
) -> Query:
    """Return the query that `words` are, and keep its terms for `unmatched`."""
    query = Query(connection, words, kind, prefix, state)
    if not prefix:
        _queries.get((state, words, kind), lambda: query.terms)
    return query


def about(
    connection: Connection,
    subject: str,
    text: str,
    kind: DocumentKind,
    limit: int = LIMIT,
) -> SearchResults:
    """Return documents for a request, for its subject and for each of its sentences.

    A sentence must name the document: most only say who asks, and why.
    """
    asks = request_text.asks(subject)
    first = search(connection, subject, kind, limit) if asks else SearchResults()
    hits: dict[int, Hit] = {}
    scores: dict[int, float] = defaultdict(float)
    sentences = request_text.questions(text)
    parts = [_answer_by_name(connection, sentence, kind) for sentence in sentences]
    for part, share in ((first, SUBJECT_SHARE), *((part, 1.0) for part in parts)):
        for hit in part.hits[:FOR_PART]:
            hits.setdefault(hit.source_id, hit)
            scores[hit.source_id] += share * part.weight * hit.score
    best = sorted(hits, key=lambda id: -scores[id])[:limit]
    return SearchResults(tuple(hits[id] for id in best), (), first.corrected)


def suggest(
    connection: Connection, words: str, kind: DocumentKind, limit: int = 5
) -> tuple[Hit, ...]:
    """Return documents while a person types, without snippets and however unsure."""
    state = state_of(connection, kind)
    if not has_documents(state):
        return ()

    def find() -> tuple[Hit, ...]:
        query = Query(connection, words, kind, True, state, CORRECTED_WHILE_TYPING)
        return _hits(connection, ranking.rank(connection, query, kind)[:limit])

    return _recent.get((state, words, kind, limit), find)


def related(
    connection: Connection, source_id: int, kind: DocumentKind, limit: int = 4
) -> tuple[Hit, ...]:
    """Return documents about the same thing as one in the index."""
    state = state_of(connection, kind)
    own = kind.row_id(source_id)

    def find() -> tuple[Hit, ...]:
        row = connection.exec_driver_sql(ABOUT, (own,)).one_or_none()
        if row is None:
            return ()
        query = Query(connection, " ".join(row), kind, False, state)
        in_order = ranking.rank(connection, query, kind)
        others = [candidate for candidate in in_order if candidate.id != own]
        return _hits(connection, others[:limit])

    return _recent.get((state, own, limit), find)


_recent = Recent(ANSWERS_KEPT)
_queries = Recent(QUERIES_KEPT)


def forget() -> None:
    """Forget the cached answers, for measurements."""
    _recent.clear()
    _queries.clear()


def _answering(candidates: list[Candidate]) -> list[Candidate]:
    """Return what scores near the best if one of the first answers, or else nothing."""
    if not any(candidate.answers for candidate in candidates[:TRUSTED]):
        return []
    near = NEAR_THE_BEST * candidates[0].score
    first = sorted(candidates[:TRUSTED], key=lambda candidate: not candidate.answers)
    return [each for each in first if each.answers or not each.is_slight] + [
        each
        for each in candidates[TRUSTED:]
        if each.answers or (each.score > near and not each.is_slight)
    ]


def _answer_by_name(
    connection: Connection, sentence: str, kind: DocumentKind
) -> SearchResults:
    """Return the documents that a sentence of a longer text names."""
    query = Query(connection, sentence, kind, max_corrections=CORRECTED_IN_SENTENCE)
    in_order = ranking.rank(connection, query, kind)[:FOR_PART]
    candidates = [each for each in in_order if each.is_called and each.answers_fully]
    hits = _hits(connection, candidates, Highlighter(query))
    return SearchResults(hits, weight=query.idf_weight)


def _hits(
    connection: Connection,
    candidates: list[Candidate],
    highlighter: Highlighter | None = None,
) -> tuple[Hit, ...]:
    ids = [candidate.id for candidate in candidates]
    statement = SHOWN if highlighter else NAMED
    rows = {row[0]: row for row in ask(connection, statement, ids)}
    hits = []
    for candidate in candidates:
        _, slug, title, category, body, stems = rows[candidate.id]
        snippet = highlighter.snippet(body, stems) if highlighter else ()
        source_id = source_of(candidate.id)
        hits.append(Hit(source_id, slug, title, category, snippet, candidate.score))
    return tuple(hits)
