"""Groups of words that mean the same, and what they add to a query."""

import secrets
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy.engine import Connection

from . import indonesian

LONGEST_TERM = 6


@dataclass(frozen=True)
class Group:
    """Terms for one thing; `expands` both ways, or everything to its first term."""

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
    """All synonym groups, ready to be looked up by the words of a query."""

    def __init__(self, groups: Iterable[Group]) -> None:
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
        """Whether `word` stands in some group, so that it is no spelling mistake."""
        return word in self._words

    def expand(self, words: list[str]) -> list[Expansion]:
        """What the groups add to `words`; the longest reading of them wins."""
        roots = [indonesian.stem(word) for word in words]
        found, start = [], 0
        while start < len(roots):
            for end in range(min(len(roots), start + LONGEST_TERM), start, -1):
                others = self._terms.get(tuple(roots[start:end]))
                if others:
                    found += [Expansion(start, end, *other) for other in others]
                    if end - start > 1:
                        start = end - 1
                    break
            start += 1
        return found


def load(connection: Connection, version: str) -> Groups:
    """The groups as they stand in the database, kept until somebody edits them.

    `version` is that of the index, which changes with them.
    """
    if not version:
        return _read(connection)
    return _remembered(version, _Reader(connection))


def changed(connection: Connection) -> None:
    """Say that the groups are not what they were, in the same transaction."""
    connection.exec_driver_sql(
        "UPDATE search_state SET version = ?", (secrets.token_hex(8),)
    )


class _Reader:
    """A connection that counts as equal to any other, so it is no part of a key."""

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
        Group(tuple(terms.splitlines()), weight, bool(expands))
        for terms, weight, expands in rows
    )
