"""SQLite: how its connections are set up, and how a transaction begins.

SQLite has one writer at a time. A transaction that reads first and writes later fails
at once with "database is locked" when another wrote in between, however long the busy
timeout. So a session that may write says `BEGIN IMMEDIATE` and waits its turn, and
what a verb has read is still true when it writes; GET requests say plain `BEGIN`.
"""

import os
import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine

from pst.database import write_queue
from pst.database.base import db
from pst.database.transactions import is_read_only

BUSY_TIMEOUT_MS = 20_000
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


def engine_options() -> dict[str, Any]:
    """Return how SQLAlchemy makes the engine."""
    return {
        "connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000},
        "hide_parameters": True,  # a log never quotes what a person wrote
    }


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
        event.listen(engine, name, write_queue.hand_on)


def _set_up(connection: sqlite3.Connection, record: object) -> None:
    connection.isolation_level = None  # the driver's implicit BEGIN loses updates
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    if is_read_only():
        connection.exec_driver_sql("BEGIN")
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
