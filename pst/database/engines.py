"""Which engine the database has: one module for each, with the same functions."""

from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from pst.database import postgresql, postgresql_words, sqlite, sqlite_words
from pst.database.base import db
from pst.database.word_index import FullText


class Words(Protocol):
    """Full text, as each engine has it."""

    def find(self, index: FullText, words: list[str], most: int) -> list[int]: ...
    def rebuild(self, index: FullText) -> None: ...
    def forget_removed(self, index: FullText, pages: int) -> bool: ...


class ReadPool(Protocol):
    """Connections for the idle poll."""

    @property
    def errors(self) -> tuple[type[BaseException], ...]: ...

    def written(self) -> int | str: ...

    def row(self, query: str, values: dict[str, Any]) -> tuple[Any, ...] | None: ...


class DatabaseEngine(Protocol):
    """What the module of an engine does; each function says it there."""

    def reader(self, address: str) -> ReadPool: ...
    def engine_options(self) -> dict[str, Any]: ...
    def refuse_unfit(self, address: str) -> None: ...
    def prepare(self, engine: Engine) -> None: ...
    def is_passing(self, error: BaseException) -> bool: ...
    def is_not_writable(self, error: BaseException) -> bool: ...
    def why_not_writable(self, address: str, patience_s: float) -> str: ...
    def size(self, address: str) -> int: ...
    def unsound(self) -> str: ...
    def tend(self, connection: sa.Connection) -> None: ...
    def shorten_log(self) -> None: ...
    def wipe_deleted(self) -> None: ...
    def incarnation(self) -> str: ...
    def number_after(
        self, table: sa.Table, connection: sa.Connection | None = None
    ) -> None: ...


SQLITE: DatabaseEngine = sqlite
POSTGRESQL: DatabaseEngine = postgresql


def engine_of(address: str) -> DatabaseEngine:
    """Return the module of the engine that `address` names."""
    return POSTGRESQL if address.startswith("postgresql") else SQLITE


def engine() -> DatabaseEngine:
    """Return the module of the engine of this application."""
    return engine_of(db.engine.dialect.name)


def is_trouble(error: BaseException) -> bool:
    """Return whether the database itself is in trouble: away, busy, full, read-only.

    What was being done is not at fault, and is done later.
    """
    if not isinstance(error, sa.exc.DBAPIError):
        return False
    if isinstance(error, sa.exc.OperationalError) or error.connection_invalidated:
        return True
    return engine().is_not_writable(error.orig or error)


def full_text() -> Words:
    """Return the full text of the engine of this application."""
    return postgresql_words if engine() is POSTGRESQL else sqlite_words
