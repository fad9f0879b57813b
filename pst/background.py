"""Hand work to the worker after the commit.

Redis is a doorbell, never the only record: a row says what is still owed, and the
timetable looks for it every minute.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError, RedisError, TimeoutError
from redis.retry import Retry
from rq import Queue
from sqlalchemy import event
from sqlalchemy.orm import Session

from pst.database import db
from pst.server.config_values import BadSetting

log = logging.getLogger(__name__)
QUEUE = "pst"
JOB_TIMEOUT_S = 600
# A doorbell that was rung is not rung again until a worker comes, or for so long.
RUNG_S = 60
_timeouts: dict[str, int] = {}  # of the jobs that may last longer than usual
# How long a request waits for Redis, and how long it is then done without.
PATIENCE_S, REST_S = 0.5, 5


class OneTry(Retry):
    """Ask once; when no answer comes, do without Redis for some seconds.

    All connections of a process share it: one request waits for a Redis that hangs,
    and the others are not kept.
    """

    def __init__(self) -> None:
        super().__init__(NoBackoff(), 0)
        self.rests_until = 0.0

    def __deepcopy__(self, memo: object) -> "OneTry":
        return self

    def call_with_retry(self, do: Callable[[], Any], *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() < self.rests_until:
            raise ConnectionError("Redis did not answer just now")
        try:
            return super().call_with_retry(do, *args, **kwargs)
        except (ConnectionError, TimeoutError):
            if time.monotonic() >= self.rests_until:
                log.warning("Redis does not answer; done without for %s s", REST_S)
            self.rests_until = time.monotonic() + REST_S
            raise


def options() -> dict[str, Any]:
    """Return how to connect and give up soon: no one waits long for Redis."""
    return {
        "socket_connect_timeout": PATIENCE_S,
        "socket_timeout": PATIENCE_S,
        "retry": OneTry(),
    }


def connect(url: str) -> Redis:
    return Redis.from_url(url, **options())


def init_app(app: Flask) -> None:
    url = app.config["PST"].redis_url
    app.extensions["queue"] = (
        Queue(QUEUE, connection=connect(url), default_timeout=JOB_TIMEOUT_S)
        if url
        else None
    )


def later(job: str, behind: bool = False) -> None:
    """Let the worker run `job`, a dotted name, after this transaction commits.

    It goes before what the timetable has asked for: a person waits for it. A job that
    goes on with itself, in parts, stands `behind` what waits.
    """
    db.session().info.setdefault("later", {})[job] = not behind


def allow_long(job: str, seconds: int) -> None:
    """Let `job` last so long before the worker ends it."""
    _timeouts[job] = seconds


@event.listens_for(Session, "after_commit")
def _hand_over(session: Session) -> None:
    if session.in_nested_transaction():  # a savepoint is no commit yet
        return
    jobs = session.info.pop("later", {})
    queue = current_app.extensions["queue"] if jobs else None
    if queue is None:
        return
    for job, at_front in sorted(jobs.items()):
        try:
            if is_first_ring(queue.connection, job):
                queue.enqueue(
                    job,
                    job_timeout=_timeouts.get(job, JOB_TIMEOUT_S),
                    result_ttl=60,
                    failure_ttl=86_400,
                    at_front=at_front,
                )
        except RedisError:
            log.warning("no worker for %s; the timetable will catch up", job)


def is_first_ring(connection: Redis, job: str) -> bool:
    """Return whether no other request has asked the worker to run `job` already."""
    return bool(connection.set(bell(job), 1, nx=True, ex=RUNG_S))


def come_to(connection: Redis, job: str) -> None:
    """Note that the worker begins with `job`: what rings now, rings for the next."""
    connection.delete(bell(job))


def redis_url(app: Flask) -> str:
    """Return where Redis is, for those who can do nothing without it."""
    url = app.config["PST"].redis_url
    if not url:
        raise BadSetting("PST_REDIS_URL is not set: worker and scheduler need Redis.")
    return url


def bell(job: str) -> str:
    """Name what is in Redis from the ringing for `job` until a worker comes."""
    return f"pst:rung:{job}"


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    if session.in_nested_transaction():  # a ring too many costs nothing
        return
    session.info.pop("later", None)
