"""Which documents may answer a query, and the order in which they do."""

from collections.abc import Iterable, Iterator

from sqlalchemy.engine import Connection

from pst.search.language.terms import Alternative, Term
from pst.search.storage.documents import DocumentKind
from pst.search.storage.index import ask

from . import scoring
from .query import Query
from .scoring import Candidate

# bm25 costs about two microseconds a row. At least this many rows are scored, and more
# in a small index, where a wider reading ranks better and still costs little.
MIN_BUDGET = 2_000
ROWS_TIMES_DOCUMENTS = 30_000_000
# The narrowest reading of a query may match more rows than the budget: this many are
# ordered, and the rest is left out by the order of rows.
MAX_ORDERED = 20_000
RERANKED = 30
# From so many rows that have a rare word and the common ones come the best.
ENOUGH = 100
BODY_READ = 4_000

TEXT, STEMS = "{title labels body}", "{title_stems label_stems body_stems}"
HEADLINE_STEMS = "{title_stems label_stems}"

ORDERED = (
    "SELECT rowid AS id, bm25(search_index, 3.0, 3.0, 1.0, 1.0, 1.0, 0.4) AS score "
    "FROM search_index WHERE search_index MATCH ? AND rowid BETWEEN ? AND ?"
)
CANDIDATES = (
    "SELECT i.id, i.score, d.category, d.title_stems, d.label_stems, "
    f"substr(d.body_stems, 1, {BODY_READ}), length(d.body_stems) FROM ("
    f"SELECT id, score FROM ({ORDERED} LIMIT ?) ORDER BY score LIMIT ?) AS i "
    "JOIN search_document AS d ON d.id = i.id ORDER BY i.score"
)
IN_CATEGORY = " AND rowid IN (SELECT id FROM search_document WHERE category = ?)"
CANDIDATES_IN_CATEGORY = CANDIDATES.replace(ORDERED, ORDERED + IN_CATEGORY)
COUNT = (
    "SELECT count(1) FROM (SELECT rowid FROM search_index "
    "WHERE search_index MATCH ? AND rowid BETWEEN ? AND ? LIMIT ?)"
)


def rank(
    connection: Connection,
    query: Query,
    kind: DocumentKind,
    category: str | None = None,
) -> list[Candidate]:
    """Return the documents that match `query`, best first; none for empty words."""
    if not any(term.weight for term in query.terms):
        return []
    match = _within_budget(connection, query, kind)
    if not match:
        return []
    candidates = _candidates(connection, match, kind, category)
    if candidates:
        scoring.score(query, candidates)
    return sorted(candidates, key=lambda candidate: (-candidate.score, candidate.id))


def _candidates(
    connection: Connection, match: str, kind: DocumentKind, category: str | None
) -> list[Candidate]:
    statement, limits = CANDIDATES, (MAX_ORDERED, RERANKED)
    parameters: tuple[object, ...] = (match, *kind.rows, *limits)
    if category is not None:
        statement = CANDIDATES_IN_CATEGORY
        parameters = (match, *kind.rows, category, *limits)
    return [
        Candidate(id, -score, topic, title, labels, body, max(1, length // 6))
        for id, score, topic, title, labels, body, length in ask(
            connection, statement, parameters
        )
    ]


def _within_budget(connection: Connection, query: Query, kind: DocumentKind) -> str:
    """Return the widest reading of `query` that matches no more rows than the budget.

    The rows are counted and not only estimated: common words occur together far more
    often than their frequencies say.
    """
    match, budget = "", _budget(query)
    for match in filter(None, _readings(query)):
        if query.totals.documents <= budget:
            return match
        if _count(connection, match, kind, budget + 1) <= budget:
            return match
    both = _rare_and_common(query)
    is_enough = both and _count(connection, both, kind, ENOUGH) == ENOUGH
    return both if is_enough else match


def _count(connection: Connection, match: str, kind: DocumentKind, limit: int) -> int:
    """Return how many rows match, at most `limit`."""
    rows = ask(connection, COUNT, (match, *kind.rows, limit))
    count: int = rows[0][0]
    return count


def _rare_and_common(query: Query) -> str:
    """Return the narrowest reading, for rows that have a rare word and the common ones.

    Only a few words are common: rows that have nothing else are never the best while
    there are others, but ordering them takes longest ("ipm kabupaten contoh").
    """
    rare, common = _by_cost(query)
    if not rare or not common:
        return ""
    any_rare = _joined([_any_of(query, term) for term in rare])
    return f"({any_rare}) AND ({_phrase(query, common)})"


def _readings(query: Query) -> Iterator[str]:
    """Yield the query as FTS5 expressions, each narrower than the one before.

    Rare words come first. When bm25 would score more rows than the budget, the common
    words left over only add rows in which several of them occur; then rows whose title
    or labels have them all; then rows whose title or labels have them as a phrase.
    """
    rare, common = _by_cost(query)
    any_rare = [_any_of(query, term) for term in rare]
    if not common:
        yield _joined(any_rare)
        return
    cost = sum(_cost(query, term) for term in rare)
    group = _meeting(query, common, _budget(query) - cost)
    yield _joined([*any_rare, f"({' AND '.join(group)})"])
    headline = " AND ".join(_stems_in(HEADLINE_STEMS, query, term) for term in common)
    yield _joined([*any_rare, f"({headline})"])
    yield _joined([*any_rare, _phrase(query, common)])


def _by_cost(query: Query) -> tuple[list[Term], list[Term]]:
    """Return the terms that the budget pays for, and the common ones left over."""
    terms = [term for term in query.terms if term.documents and term.weight]
    terms.sort(key=lambda term: (term.is_stop_word, term.documents))
    budget = _budget(query)
    if query.totals.documents <= budget:
        return terms, []
    rare: list[Term] = []
    common: list[Term] = []
    total_cost = 0
    for term in terms:
        cost = _cost(query, term)
        if total_cost + cost <= budget:
            total_cost += cost
            rare.append(term)
        elif not term.is_stop_word:
            common.append(term)
    return rare, common or ([] if rare else terms)


def _budget(query: Query) -> int:
    """Return how many rows may be scored for `query`."""
    return max(MIN_BUDGET, ROWS_TIMES_DOCUMENTS // max(1, query.totals.documents))


def _cost(query: Query, term: Term) -> int:
    """Return how many rows `term` adds, at most."""
    return sum(map(query.documents, term.alternatives))


def _meeting(query: Query, terms: list[Term], room: int) -> list[str]:
    """Return as many of the common words as it takes to occur together in few rows.

    Only their stems are searched: every further phrase is a long list to read.
    """
    row_estimate = float(query.totals.documents)
    group: list[str] = []
    for term in terms:
        likeliest = _likeliest(query, term)
        row_estimate *= query.documents(likeliest) / query.totals.documents
        group.append(f"{STEMS} : {_quoted(likeliest.stems)}")
        if row_estimate <= max(room, _budget(query) / 4) and len(group) > 1:
            break
    return list(dict.fromkeys(group))


def _likeliest(query: Query, term: Term) -> Alternative:
    return max(term.alternatives, key=lambda a: (query.documents(a) > 0, a.quality))


def _stems_in(columns: str, query: Query, term: Term) -> str:
    return f"{columns} : {_quoted(_likeliest(query, term).stems)}"


def _phrase(query: Query, terms: list[Term]) -> str:
    """Return the common words in the order of the query, one after the other."""
    words = {term.word for term in terms}
    in_order = [term for term in query.terms if term.word in words]
    stems = [stem for term in in_order for stem in _likeliest(query, term).stems]
    return f"{HEADLINE_STEMS} : {_quoted(stems)}"


def _any_of(query: Query, term: Term) -> str:
    phrases: list[str] = []
    for alternative in term.alternatives:
        if query.documents(alternative):
            phrases += _phrases(alternative)
    return _joined(phrases)


def _phrases(alternative: Alternative) -> list[str]:
    word, root = _quoted(alternative.words), _quoted(alternative.stems)
    if word == root:
        return [word]
    return [f"{TEXT} : {word}", f"{STEMS} : {root}"]


def _joined(parts: list[str]) -> str:
    return " OR ".join(filter(None, dict.fromkeys(parts)))


def _quoted(words: Iterable[str]) -> str:
    return '"' + " ".join(words).replace('"', '""') + '"'
