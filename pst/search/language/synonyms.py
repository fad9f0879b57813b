"""Groups of synonyms, and what they add to a query."""

import secrets
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy.engine import Connection

from . import indonesian

MAX_TERM_LENGTH = 6


@dataclass(frozen=True)
class SynonymTerms:
    """Terms for one thing; each stands for the others, or for the first only."""

    terms: tuple[str, ...]
    weight: float = 1.0
    expands: bool = True


@dataclass(frozen=True)
class Expansion:
    """Words that may stand in for those from `start` to before `end`."""

    start: int
    end: int
    words: tuple[str, ...]
    weight: float
    is_name: bool


class Groups:
    """All synonym groups, indexed by the words of a query."""

    def __init__(self, groups: Iterable[SynonymTerms]) -> None:
        self._terms: dict[tuple[str, ...], list[tuple[tuple[str, ...], float, bool]]]
        self._terms = defaultdict(list)
        self._words: set[str] = set()
        for group in groups:
            terms = [tuple(indonesian.words(term)) for term in group.terms]
            for term in filter(None, terms):
                key = tuple(map(indonesian.stem, term))
                self._words.update(term, key)
                others = terms if group.expands else terms[:1]
                is_name = group.expands and group.weight >= 1
                self._terms[key] += [
                    (other, group.weight, is_name)
                    for other in others
                    if other and other != term
                ]

    def knows(self, word: str) -> bool:
        """Return whether `word` is in some group, and so is not a spelling mistake."""
        return word in self._words

    def expand(self, words: list[str]) -> list[Expansion]:
        """Return what the groups add to `words`; the longest term wins."""
        roots = [indonesian.stem(word) for word in words]
        expansions: list[Expansion] = []
        start = 0
        while start < len(roots):
            for end in range(min(len(roots), start + MAX_TERM_LENGTH), start, -1):
                others = self._terms.get(tuple(roots[start:end]))
                if others:
                    expansions += [Expansion(start, end, *other) for other in others]
                    if end - start > 1:
                        start = end - 1
                    break
            start += 1
        return expansions


def load(connection: Connection, version: str) -> Groups:
    """Return the groups in the database, cached until one is edited.

    `version` is that of the index, which changes with them.
    """
    if not version:
        return _read(connection)
    return _remembered(version, _Reader(connection))


def changed(connection: Connection) -> None:
    """Change the version of the index, in the transaction that edits the groups."""
    connection.exec_driver_sql(
        "UPDATE search_state SET version = ?", (secrets.token_hex(8),)
    )


class _Reader:
    """A connection equal to any other, so that it does not matter in a cache key."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reader)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=4)
def _remembered(version: str, reader: _Reader) -> Groups:
    groups = _read(reader.connection)
    del reader.connection
    return groups


def _read(connection: Connection) -> Groups:
    rows = connection.exec_driver_sql(
        "SELECT terms, weight, expands FROM synonym_group ORDER BY id"
    )
    return Groups(
        SynonymTerms(tuple(terms.splitlines()), weight, bool(expands))
        for terms, weight, expands in rows
    )
