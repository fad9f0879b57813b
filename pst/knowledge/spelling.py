"""Nearest known words for a word that the index does not know."""

from collections.abc import Sequence

import sqlalchemy as sa
from rapidfuzz.distance import OSA
from sqlalchemy.engine import Connection

from . import indonesian
from .index import deletions

NEAREST = 3
COMPLETIONS = 8
LONG_WORD = 6
SHORTEST_STOP_WORD = 4
# How much a mended word counts beside one typed right, by its distance.
WEIGHTS = {1: 0.8, 2: 0.6}

CANDIDATES = sa.text(
    "SELECT DISTINCT w.form, w.articles FROM article_index_deletions AS d "
    "JOIN article_index_words AS w ON w.id = d.word_id WHERE d.hash IN :hashes"
).bindparams(sa.bindparam("hashes", expanding=True))

COMPLETING = sa.text(
    "SELECT form FROM article_index_words "
    "WHERE kind = 0 AND form >= :start AND form < :end "
    "ORDER BY articles DESC LIMIT :limit"
)


def nearest(connection: Connection, word: str) -> list[tuple[str, float, float]]:
    """The likeliest words meant by the unknown `word`, with weight and trust."""
    if not indonesian.can_be_mended(word):
        return []
    rows = connection.execute(CANDIDATES, {"hashes": list(_traces(word))}).all()
    return rank(word, [(form, articles) for form, articles in rows])


def meant_stop_word(word: str) -> bool:
    """Whether `word` is a stop-word with a letter too many, too few or out of order.

    With another letter in place of one it is more often a word of its own.
    """
    return any(
        OSA.distance(word, stop, score_cutoff=1) == 1
        and (len(word) != len(stop) or sorted(word) == sorted(stop))
        for stop in indonesian.STOP_WORDS
        if len(stop) >= SHORTEST_STOP_WORD and abs(len(word) - len(stop)) <= 1
    )


def rank(word: str, known: Sequence[tuple[str, int]]) -> list[tuple[str, float, float]]:
    """The nearest of `known`, those with the same first letter and often used first."""
    reach = 1 if len(word) < LONG_WORD else 2
    found = [
        (OSA.distance(word, form, score_cutoff=reach), form[0] != word[0], -n, form)
        for form, n in known
    ]
    found = sorted(item for item in found if item[0] <= reach)
    nearest_first = [item for item in found if item[0] == found[0][0]]
    return [
        (form, WEIGHTS[distance], _trust(word, distance, starts_otherwise))
        for distance, starts_otherwise, _, form in nearest_first[:NEAREST]
        if distance
    ]


def _traces(word: str) -> set[int]:
    """The hashes under which what was meant may stand."""
    hashes = deletions(word)
    if len(word) >= LONG_WORD:  # two letters too many: the index lacks one at most
        for at in range(len(word)):
            hashes |= deletions(word[:at] + word[at + 1 :])
    return hashes


def _trust(word: str, distance: int, starts_otherwise: bool) -> float:
    """A mistake in a short word, or in its first letter, may be another word."""
    return (1 - distance / len(word)) ** 2 * (0.5 if starts_otherwise else 1)


def completions(connection: Connection, start: str) -> list[str]:
    """The words used most that begin with `start`."""
    rows = connection.execute(
        COMPLETING,
        {"start": start, "end": start + "\U0010ffff", "limit": COMPLETIONS},
    )
    return list(rows.scalars())
