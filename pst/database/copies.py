"""Copies of a database: one module for each engine, with the same functions."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from pst.database import postgresql_copies, sqlite_copies
from pst.database.postgresql_copies import CannotCopy

__all__ = [
    "NAMES",
    "POSTGRESQL",
    "CannotCopy",
    "Copies",
    "copies_among",
    "copies_of",
]


class Copies(Protocol):
    """What the module of an engine does; each function says it there."""

    @property
    def NAME(self) -> str: ...

    def copied(
        self, address: str, target: Path
    ) -> AbstractContextManager[sa.Connection]: ...
    def opened(self, copy: Path, address: str) -> str: ...
    def drop(self, fresh: str) -> None: ...
    def connected(self, address: str) -> AbstractContextManager[sa.Connection]: ...
    def faults(self, connection: sa.Connection) -> str: ...
    def counts(self, connection: sa.Connection) -> dict[str, int]: ...
    def exists(self, address: str) -> bool: ...
    def is_served(self, address: str) -> bool: ...
    def take_place(self, fresh: str, address: str, aside: Path) -> str: ...


SQLITE: Copies = sqlite_copies
POSTGRESQL: Copies = postgresql_copies
# How a copy is called in an archive.
NAMES = (SQLITE.NAME, POSTGRESQL.NAME)


def copies_of(address: str) -> Copies:
    """Return the copies of the engine that `address` names."""
    return POSTGRESQL if address.startswith("postgresql") else SQLITE


def copies_among(names: Iterable[str]) -> Copies:
    """Return the copies of the engine whose copy is among `names` of an archive."""
    return POSTGRESQL if POSTGRESQL.NAME in names else SQLITE
