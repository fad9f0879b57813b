"""Which codes an activity belongs to, best first.

Examples and titles say it; descriptions are long and name what is near. What a code
excludes counts against it, and so does another deed: repair is not retail.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from pst.classifications.activities import words as activity_words
from pst.classifications.activities.query import ActivityQuery
from pst.classifications.activities.words import Stems

CANDIDATES = 120
# title, examples, covers, context, words
ORDERED = (
    "SELECT rowid, title, examples, covers, context, excludes, depth, kind, "
    "-bm25(code_index, 5.0, 5.0, 1.0, 0.8, 0.3) AS score FROM code_index "
    "WHERE code_index MATCH ? AND edition_id = ? ORDER BY score DESC LIMIT ?"
)
FIELDS = {"title": 1.0, "examples": 1.0, "covers": 0.6, "context": 0.35}
COVERED, TITLE, EXAMPLE, FULL_TEXT, EXCLUDED = 5.0, 3.0, 3.0, 1.5, 2.5
# Forms ask for the finest level; a coarser code is an answer where words are few.
COARSER = 0.88
SURE, SURE_OF_KIND, NEAR_THE_BEST = 0.5, 0.36, 0.45


@dataclass
class CodeCandidate:
    """A code that shares words with the query, as stems."""

    id: int
    texts: dict[str, str]
    excludes: str
    depth: int
    kind: str | None
    bm25: float
    score: float = 0.0
    coverage: float = 0.0
    # How well its title or one of its examples says what is asked, up to 1.
    named: float = 0.0

    # Whether the query says what is done, and the code is of that kind.
    is_of_kind: bool = False

    @property
    def is_sure(self) -> bool:
        """Return whether the code is taken to answer, and not only shares words."""
        return self.coverage >= (SURE_OF_KIND if self.is_of_kind else SURE)


def rank(
    connection: Connection, query: ActivityQuery, edition_id: int, finest: int
) -> list[CodeCandidate]:
    """Return the codes of an edition for `query`; `finest` is its deepest level."""
    if not query.match:
        return []
    limits = (query.match, edition_id, CANDIDATES)
    rows = connection.exec_driver_sql(ORDERED, limits).all()
    candidates = [_candidate(row) for row in rows]
    best = max((each.bm25 for each in candidates), default=0.0) or 1.0
    for each in candidates:
        _score(each, query, best)
        each.score *= COARSER ** max(0, finest - each.depth)
        each.is_of_kind = query.deed is not None and query.deed == each.kind
        each.score *= activity_words.likeness(query.deed, each.kind)
    return sorted(candidates, key=lambda each: (-each.score, each.id))


def _candidate(row: Any) -> CodeCandidate:
    names = ("title", "examples", "covers", "context")
    texts = {name: f" {row[at]} " for at, name in enumerate(names, 1)}
    texts["examples"] = f" {row.examples} ".replace("\n", " \n ")
    return CodeCandidate(
        row.rowid, texts, f" {row.excludes} ", int(row.depth), row.kind, row.score
    )


def _score(candidate: CodeCandidate, query: ActivityQuery, best: float) -> None:
    total = query.weight or 1.0
    weight_inside = weight_excluded = 0.0
    for term in query.terms:
        inside = max(
            (
                quality * share
                for stems, quality in term.alternatives.items()
                for name, share in FIELDS.items()
                if _has(candidate.texts[name], stems)
            ),
            default=0.0,
        )
        weight_inside += term.weight * inside
        if not inside and any(_has(candidate.excludes, s) for s in term.alternatives):
            weight_excluded += term.weight
    title = _agreement(candidate.texts["title"], query)
    example = _best_example(candidate, query)
    candidate.coverage, candidate.named = weight_inside / total, max(title, example)
    candidate.score = (
        COVERED * candidate.coverage
        + TITLE * title
        + EXAMPLE * example
        + FULL_TEXT * candidate.bm25 / best
        - EXCLUDED * weight_excluded / total
    )


def _best_example(candidate: CodeCandidate, query: ActivityQuery) -> float:
    """Return how well the example agrees that agrees most."""
    lines = candidate.texts["examples"].split("\n")
    return max((_agreement(line, query) for line in lines), default=0.0)


def _agreement(text: str, query: ActivityQuery) -> float:
    """Return the harmonic mean of the shares of a text and of the query that match."""
    words = text.split()
    if not words:
        return 0.0
    matching_stems: set[str] = set()
    share = 0.0
    spaced_text = f" {' '.join(words)} "
    for term in query.terms:
        qualities = [
            (quality, stems)
            for stems, quality in term.alternatives.items()
            if _has(spaced_text, stems)
        ]
        if qualities:
            share += term.weight * max(qualities)[0]
            matching_stems.update(stem for _, stems in qualities for stem in stems)
    of_query = share / (query.weight or 1.0)
    of_text = _share_of(words, matching_stems)
    return 2 * of_query * of_text / (of_query + of_text or 1.0)


def _share_of(words: list[str], matched: Collection[str]) -> float:
    return sum(word in matched for word in words) / len(words)


def _has(text: str, stems: Stems) -> bool:
    return f" {' '.join(stems)} " in text
