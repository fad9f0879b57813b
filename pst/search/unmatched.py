"""What a query and a document do not share: words of one that the other lacks."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from pst.search.language.terms import Term
from pst.search.storage.documents import DocumentKind, source_of
from pst.search.storage.index import ask

from .query import UNTELLING

# An alternative that is less surely meant counts for nothing here.
MIN_TRUST = 0.5

# A subject is wide, and a unit short: only the word itself or its short form is theirs.
MIN_TRUST_IN_LABELS = 0.8

STEMS = (
    "SELECT id, title_stems, body_stems, label_stems "
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
    connection: Connection,
    terms: list[Term],
    kind: DocumentKind,
    source_ids: Collection[int],
) -> dict[int, Unmatched]:
    """Return what a query and each of the documents do not share, by source id."""
    rows = ask(connection, STEMS, [kind.row_id(id) for id in source_ids])
    return {
        source_of(id): _of_document(terms, title.split(), body.split(), labels.split())
        for id, title, body, labels in rows
    }


def _of_document(
    terms: list[Term], title: list[str], body: list[str], labels: list[str]
) -> Unmatched:
    text = frozenset(title + body)
    stems = text.union(labels)
    lacking = [
        term.word
        for term in terms
        if _tells(term)
        and not _matches(term, text, MIN_TRUST)
        and not _matches(term, stems, MIN_TRUST_IN_LABELS)
    ]
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


def _matches(term: Term, stems: frozenset[str], min_trust: float) -> bool:
    # As it is typed the word is the first alternative.
    surely_meant = term.alternatives if term.is_surely_read else term.alternatives[:1]
    return any(
        alternative.trust >= min_trust and stems.issuperset(alternative.stems)
        for alternative in surely_meant
    )
