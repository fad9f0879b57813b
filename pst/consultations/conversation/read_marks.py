"""Read marks, and which people have a conversation open now.

A read mark is a row, written when a reader has seen a new entry, and never by a poll.
Presence is not worth a row: the poll layer notes it in memory, and a thread writes it
to Redis every few seconds, where it expires by itself.
"""

import contextlib
import threading
import time
from datetime import datetime

import sqlalchemy as sa
from flask import Flask, current_app
from redis.exceptions import RedisError
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.accounts.users import User
from pst.database import db, moved_on

HANDED_OVER_EVERY_S = 10
FADES_AFTER_S = 100


class ReadMark(db.Model):
    """How far one person has read one conversation."""

    consultation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("consultation.id"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), primary_key=True)
    message_id: Mapped[int]
    read_at: Mapped[datetime]

    @classmethod
    def advance(cls, consultation_id: int, reader: User, upto: int) -> bool:
        """Note that `reader` has seen all up to `upto`; return whether that is new."""
        if upto < 1:
            return False
        with db.session.no_autoflush:  # The consultation is written once, at the end.
            row = MOVED_ON.first(
                consultation_id=consultation_id,
                user_id=reader.id,
                message_id=upto,
                read_at=clock.now(),
            )
        return row is not None


MOVED_ON = moved_on(ReadMark, "message_id")


class Presence:
    """Who has which conversation open, gathered in memory and kept in Redis."""

    def __init__(self, app: Flask) -> None:
        self.queue = app.extensions["queue"]
        self.seen: dict[tuple[str, int], float] = {}
        self.lock = threading.Lock()
        self.handed_over_at = 0.0

    def note(self, number: str, user_id: int) -> None:
        """Note that `user_id` has `number` open; costs a dictionary entry."""
        self.seen[number, user_id] = clock.now().timestamp()
        if time.monotonic() - self.handed_over_at > HANDED_OVER_EVERY_S:
            self._hand_over()

    def _hand_over(self) -> None:
        if self.queue is None or not self.lock.acquire(blocking=False):
            return
        try:
            self.handed_over_at = time.monotonic()
            marks, self.seen = self.seen, {}
            threading.Thread(target=self._write, args=(marks,), daemon=True).start()
        finally:
            self.lock.release()

    def _write(self, marks: dict[tuple[str, int], float]) -> None:
        with contextlib.suppress(RedisError):
            pipeline = self.queue.connection.pipeline(transaction=False)
            for (number, user_id), moment in marks.items():
                pipeline.hset(f"pst:open:{number}", str(user_id), str(moment))
                pipeline.expire(f"pst:open:{number}", FADES_AFTER_S)
            pipeline.execute()


def init_app(app: Flask) -> None:
    app.extensions["presence"] = Presence(app)


def present_ids(number: str) -> set[int]:
    """Return who has the conversation open now; no one while Redis is away."""
    queue = current_app.extensions["queue"]
    if queue is None:
        return set()
    try:
        moments = queue.connection.hgetall(f"pst:open:{number}")
    except RedisError:
        return set()
    since = clock.now().timestamp() - FADES_AFTER_S
    return {int(user) for user, moment in moments.items() if float(moment) > since}
