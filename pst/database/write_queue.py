"""The line of writers, in order of arrival: within a process and across processes.

SQLite has no queue: its busy handler sleeps ever longer, and chance decides who is
next. So the threads of a process queue here, and the first of each process waits for
the lock of a file next to the database. The kernel gives that to the longest waiting
process, and frees it when a process dies.
"""

import fcntl
import os
import threading
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from pst.fair_queue import Turns

MAX_WRITERS = 1000
TURN = "write_turn"
turns, _mine = Turns(1), threading.local()
_files: dict[tuple[str, int], int] = {}


def wait_for_turn(connection: sa.Connection, patience_s: float) -> None:
    """Wait until this thread is the next to write; the turn ends with its commit.

    After the patience is over SQLite is asked all the same, and raises the error.
    """
    if TURN in _own_info():  # a thread does not wait for itself
        return
    if turns.enter(MAX_WRITERS, patience_s):
        file = _file_beside(connection.engine.url.database or "", os.getpid())
        if file is not None:
            fcntl.flock(file, fcntl.LOCK_EX)
        connection.info[TURN] = (file,)
        _mine.info = connection.info


@event.listens_for(Session, "after_commit")
def after_commit(session: Session) -> None:
    """Let the next in line write before what follows the commit, as a ring to Redis."""
    if not session.in_nested_transaction():
        _hand_on(_own_info())


def at_check_in(connection: object, record: ConnectionPoolEntry, *_: object) -> None:
    """Let the next in line write also where nothing was committed."""
    _hand_on(record.info)


def _own_info() -> dict[str, Any]:
    """Return what is noted of the connection with which this thread may write."""
    return getattr(_mine, "info", {})


def _hand_on(info: dict[str, Any]) -> None:
    """Let the next in line write, once for each turn."""
    if turn := info.pop(TURN, None):
        if turn[0] is not None:
            fcntl.flock(turn[0], fcntl.LOCK_UN)
        _mine.info = {}
        turns.leave()


def _file_beside(database: str, process: int) -> int | None:
    """Open the file of the line, once in a process: a child has one of its own.

    Where it cannot be made there is no line, and SQLite decides who is next.
    """
    if (database, process) not in _files:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        try:
            _files[database, process] = os.open(f"{database}-writers", flags, 0o600)
        except OSError:
            return None
    return _files[database, process]
