"""The queue of this process for the right to write, in order of arrival.

SQLite lets the one that asks at the right moment write next. So the threads of a
process stand in line, and only the first of each process asks SQLite.
"""

import threading

import sqlalchemy as sa
from sqlalchemy.pool import ConnectionPoolEntry

from pst.fair_queue import Turns

MAX_WRITERS = 1000
TURN = "write_turn"
turns, _mine = Turns(1), threading.local()


def wait_for_turn(connection: sa.Connection, patience_s: float) -> None:
    """Wait until this thread is the next to write; it gives its turn back at check-in.

    A thread that has waited in vain asks SQLite all the same, which names the error.
    """
    if getattr(_mine, "turn", False):  # a thread does not wait for itself
        return
    if turns.enter(MAX_WRITERS, patience_s):
        _mine.turn = connection.info[TURN] = True


def hand_on(connection: object, record: ConnectionPoolEntry, *_: object) -> None:
    """Let the next in line write, once for each turn."""
    if record.info.pop(TURN, False):
        _mine.turn = False
        turns.leave()
