"""The database: base class, types, engine set-up, and when a transaction may write.

SQLite has one writer at a time. A transaction that reads first and writes later fails
at once with "database is locked" when another wrote in between, however long the busy
timeout. So a session that may write says `BEGIN IMMEDIATE` and waits its turn, and
what a verb has read is still true when it writes; GET requests say plain `BEGIN`.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.pool import ConnectionPoolEntry

from pst.fair_queue import Turns

BUSY_TIMEOUT_MS = 20_000
NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    # What the server acknowledged is on disk, also after a power cut.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
    "PRAGMA cache_size=-2000",
    "PRAGMA temp_store=MEMORY",
    # After a long reader the log shrinks back to this.
    f"PRAGMA journal_size_limit={64 * 1024 * 1024}",
)

_only_reads: ContextVar[bool] = ContextVar("only_reads", default=False)
# SQLite lets the one that asks at the right moment write next. So the threads of a
# process stand in line, and only the first of each process asks SQLite.
MAX_WRITERS = 1000
TURN = "write_turn"
_line, _mine = Turns(1), threading.local()


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware moment, stored as UTC; a naive one is refused."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None else None


class Base(DeclarativeBase):
    """What every model stands on."""

    # Inside registry(…): as a class attribute the type map clashes with the
    # registry that Flask-SQLAlchemy adds, and the application does not start.
    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMES),
        type_annotation_map={
            datetime: UtcDateTime,
            dict[str, Any]: sa.JSON,
            list[str]: sa.JSON,
            StrEnum: sa.Enum(
                StrEnum,
                native_enum=False,
                create_constraint=True,
                length=40,
                values_callable=lambda states: [state.value for state in states],
            ),
        },
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=False)


def init_app(app: Flask) -> None:
    """Bind the database to `app` and set every connection up alike."""
    app.config.setdefault(
        "SQLALCHEMY_ENGINE_OPTIONS",
        {
            "connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000},
            "hide_parameters": True,  # a log never quotes what a person wrote
        },
    )
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)


def file_of(url: str) -> Path:
    """Return the path of the database at `url`."""
    return Path(url.removeprefix("sqlite:///"))


def prepare(engine: Engine) -> None:
    """Make `engine` use WAL, full durability and our own BEGIN."""
    path = engine.url.database

    @event.listens_for(engine, "connect")
    def close_to_others(connection: sqlite3.Connection, record: object) -> None:
        # The journal next to it, made by the first statement, is closed like it.
        if path and os.stat(path).st_mode & 0o077:
            os.chmod(path, 0o600)

    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    for name in ("checkin", "invalidate", "close"):
        event.listen(engine, name, _hand_on)


def _set_up(connection: sqlite3.Connection, record: object) -> None:
    connection.isolation_level = None  # the driver's implicit BEGIN loses updates
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    if _only_reads.get():
        connection.exec_driver_sql("BEGIN")
        return
    _stand_in_line(connection)
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _stand_in_line(connection: sa.Connection) -> None:
    """Wait until this thread is the next to write; it gives its turn back at check-in.

    A thread that has waited in vain asks SQLite all the same, which names the error.
    """
    if getattr(_mine, "turn", False):  # a thread does not wait for itself
        return
    if _line.enter(MAX_WRITERS, BUSY_TIMEOUT_MS / 1000):
        _mine.turn = connection.info[TURN] = True


def _hand_on(connection: object, record: ConnectionPoolEntry, *_: object) -> None:
    """Let the next in line write, once for each turn."""
    if record.info.pop(TURN, False):
        _mine.turn = False
        _line.leave()


def only_read(value: bool = True) -> None:
    """Mark what follows in this request as reading, so that it takes no lock."""
    _only_reads.set(value)


@contextmanager
def reading() -> Iterator[None]:
    """Read without the write lock, and let go of everything read at the end.

    For the look-up before slow work (a password hash) inside a POST.
    """
    before = _only_reads.set(True)
    try:
        yield
    finally:
        db.session.rollback()
        _only_reads.reset(before)


@contextmanager
def rehearsal() -> Iterator[None]:
    """Do what the block does, and take it back: so that nothing takes as long."""
    nested = db.session.begin_nested()
    try:
        yield
        db.session.flush()
    finally:
        nested.rollback()


def shorten_log() -> None:
    """Move the write-ahead log into the database; not while it is being read."""
    raw = db.engine.raw_connection()
    try:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[attr-defined]
    finally:
        raw.close()


@contextmanager
def transaction() -> Iterator[None]:
    """Commit what the block did, or nothing of it; for jobs and commands."""
    before = _only_reads.set(False)
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _only_reads.reset(before)
