"""What a query and a document do not share: words of one that the other lacks."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from pst.search.language.terms import Term
from pst.search.storage.documents import Kind, source_of
from pst.search.storage.index import ask

from .query import UNTELLING

# An alternative that is less surely meant counts for nothing here.
MIN_TRUST = 0.5

STEMS = (
    "SELECT id, title_stems, label_stems || ' ' || body_stems "
    "FROM search_document WHERE id IN (*)"
)


@dataclass(frozen=True)
class Unmatched:
    """The telling words of a query that a document lacks, as they were typed, in order.

    Stop-words, words of chat, times and years tell nothing. `in_title` are the stems
    of the title that the query does not have.
    """

    lacking: tuple[str, ...]
    in_title: tuple[str, ...]
    # Whether the query has no word of the title at all.
    is_title_unasked: bool = False


def unmatched(
    connection: Connection, terms: list[Term], kind: Kind, source_ids: Collection[int]
) -> dict[int, Unmatched]:
    """Return what a query and each of the documents do not share, by source id."""
    rows = ask(connection, STEMS, [kind.row_id(id) for id in source_ids])
    return {
        source_of(id): _of_document(terms, title.split(), rest.split())
        for id, title, rest in rows
    }


def _of_document(terms: list[Term], title: list[str], rest: list[str]) -> Unmatched:
    stems = frozenset(title + rest)
    lacking = [t.word for t in terms if _tells(t) and not _matches(t, stems)]
    words_of_query = frozenset(
        stem
        for term in terms
        for alternative in term.alternatives
        if alternative.trust >= MIN_TRUST and stems.issuperset(alternative.stems)
        for stem in alternative.stems
    )
    unasked = tuple(stem for stem in title if stem not in words_of_query)
    return Unmatched(tuple(lacking), unasked, len(unasked) == len(title))


def _tells(term: Term) -> bool:
    is_year = UNTELLING.fullmatch(term.word) is not None
    return not (term.is_stop_word or term.is_chat_word or term.is_time or is_year)


def _matches(term: Term, stems: frozenset[str]) -> bool:
    return any(
        alternative.trust >= MIN_TRUST and stems.issuperset(alternative.stems)
        for alternative in term.alternatives
    )
