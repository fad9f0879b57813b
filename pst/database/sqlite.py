"""SQLite: how its connections are set up, and how a transaction begins.

With one writer at a time, a transaction that reads first and writes later fails at
once when another wrote in between, however long the busy timeout. So a session that may
write says `BEGIN IMMEDIATE` and waits its turn; GET requests say plain `BEGIN`.
"""

import os
import sqlite3
import threading
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine

from pst.database import value_types, write_queue
from pst.database.base import db
from pst.database.transactions import is_read_only

BUSY_TIMEOUT_MS = 20_000
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    # What the server acknowledged is on disk, also after a power cut.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
    "PRAGMA cache_size=-500",  # kB: the kernel has it too, and others' writes empty it
    "PRAGMA temp_store=MEMORY",
    # After a long reader the log shrinks back to this.
    f"PRAGMA journal_size_limit={64 * 1024 * 1024}",
)
# Another writes, or holds a table.
PASSING = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
NOT_WRITABLE = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
)


def engine_options() -> dict[str, Any]:
    """Return how SQLAlchemy makes the engine."""
    return {
        "connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000},
        "hide_parameters": True,  # a log never quotes what a person wrote
    }


def refuse_unfit(address: str) -> None:
    """Take any file."""


def file_of(url: str) -> Path:
    """Return the path of the database at `url`."""
    return Path(url.removeprefix("sqlite:///"))


def prepare(engine: Engine) -> None:
    """Make `engine` use WAL, full durability and our own BEGIN."""
    close_to_others(engine)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    for name in ("checkin", "invalidate", "close"):
        event.listen(engine, name, write_queue.at_check_in)


def close_to_others(engine: Engine) -> None:
    """Let only this user read the file, and the journal that is made next to it."""
    path = engine.url.database

    @event.listens_for(engine, "connect")
    def close(connection: sqlite3.Connection, record: object) -> None:
        if path and os.stat(path).st_mode & 0o077:
            os.chmod(path, 0o600)


def _set_up(connection: sqlite3.Connection, record: object) -> None:
    connection.isolation_level = None  # the driver's implicit BEGIN loses updates
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    if is_read_only():
        connection.connection.cursor().execute("BEGIN")  # No lock, so it cannot fail.
        return
    write_queue.wait_for_turn(connection, BUSY_TIMEOUT_MS / 1000)
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def shorten_log() -> None:
    """Move the write-ahead log into the database; not while it is being read."""
    raw = db.engine.raw_connection()
    try:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[attr-defined]
    finally:
        raw.close()


def is_passing(error: BaseException) -> bool:
    """Return whether `error` of the driver will not come again in a moment."""
    return _kind(error) in PASSING


def is_not_writable(error: BaseException) -> bool:
    """Return whether `error` of the driver says that nothing can be stored."""
    return _kind(error) in NOT_WRITABLE


def _kind(error: BaseException) -> int:
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_BUSY) & 0xFF


def wipe_deleted() -> None:
    """Overwrite what this transaction frees, so that no one reads it in the file."""
    db.session.execute(sa.text("PRAGMA secure_delete = ON"))


def tend(connection: sa.Connection) -> None:
    """Let the planner count again: all, which takes a second for a million messages.

    A sample is the beginning of each index, where nearly every state looks rare.
    """
    connection.exec_driver_sql("ANALYZE")


def unsound() -> str:
    """Return what is wrong with the file itself, or with a value in it."""
    problems = db.session.scalars(sa.text("PRAGMA integrity_check(5)")).all()
    if problems != ["ok"]:
        return "; ".join(problems)
    orphans = db.session.execute(sa.text("PRAGMA foreign_key_check")).all()
    if orphans:
        return f"{len(orphans)} rows without their parent in {orphans[0][0]}"
    return next(value_types.of_another_type(), "")


def incarnation() -> str:
    """Return nothing: the index of searches comes back with the database itself."""
    return ""


def number_after(table: sa.Table, connection: sa.Connection | None = None) -> None:
    """Leave the next id to SQLite, which takes the one after the highest."""


def reader(address: str) -> "SqliteReadPool":
    """Return what reads the database at `address` for the idle poll."""
    return SqliteReadPool(address)


class SqliteReadPool:
    """Connections that only read, as many as read at once, without SQLAlchemy.

    One for each thread of the server would hold half a megabyte eighty times.
    """

    errors = (sqlite3.Error,)

    def __init__(self, address: str) -> None:
        self.address = f"file:{file_of(address)}?mode=ro"
        self.idle: list[sqlite3.Connection] = []
        self.lock = threading.Lock()

    def written(self) -> int:
        """Return a number that is another one once anything was written.

        It means something to one connection alone, which all threads share.
        """
        with self.lock:
            row = self._watcher.execute("PRAGMA data_version").fetchone()
        return int(row[0])

    def row(self, query: str, values: dict[str, Any]) -> tuple[Any, ...] | None:
        """Return the first row of `query`, in which `:name` is a parameter."""
        connection = self._take()
        try:
            row: tuple[Any, ...] | None
            row = connection.execute(query, values).fetchone()
            return row
        finally:
            self.idle.append(connection)

    @cached_property
    def _watcher(self) -> sqlite3.Connection:
        return self._connect()

    def _take(self) -> sqlite3.Connection:
        """Return the connection used last, which has the most in its cache."""
        try:
            return self.idle.pop()
        except IndexError:
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.address,
            uri=True,
            isolation_level=None,
            cached_statements=4,
            check_same_thread=False,  # no two use it at once
        )
        connection.execute("PRAGMA busy_timeout=1000")
        connection.execute("PRAGMA cache_size=-500")
        return connection


def why_not_writable(address: str, patience_s: float) -> str:
    """Write to the database and take it back; return the error, if there is one.

    It does not stand in the line of writers: while they write, it is writable.
    """
    path = file_of(address)
    with closing(
        sqlite3.connect(path, timeout=patience_s, isolation_level=None)
    ) as file:
        before = None
        try:
            before = _changes(file)
            # BEGIN IMMEDIATE alone succeeds on a database that is read-only.
            file.execute("BEGIN IMMEDIATE")
            file.execute("UPDATE alembic_version SET version_num = version_num")
            file.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            if is_passing(error) and _changes(file) != before:
                return ""
            return str(error)
    return ""


def _changes(file: sqlite3.Connection) -> object:
    """Return a number that is another one once another connection has written."""
    return file.execute("PRAGMA data_version").fetchone()


def size(address: str) -> int:
    """Return how many bytes the database takes."""
    return file_of(address).stat().st_size
