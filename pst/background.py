"""Hand work to the worker after the commit.

Redis is a doorbell, never the only record: a row says what is still owed, and the
timetable looks for it every minute.
"""

import logging

from flask import Flask, current_app
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from sqlalchemy import event
from sqlalchemy.orm import Session

from pst.database import db

log = logging.getLogger(__name__)
QUEUE = "pst"
JOB_TIMEOUT_S = 600
# A doorbell that was rung is not rung again until somebody comes, or for so long.
RUNG_S = 60


def connect(url: str) -> Redis:
    """Open a connection that gives up soon: nobody waits for a doorbell."""
    return Redis.from_url(url, socket_connect_timeout=1, socket_timeout=5)


def init_app(app: Flask) -> None:
    url = app.config["PST"].redis_url
    app.extensions["queue"] = (
        Queue(QUEUE, connection=connect(url), default_timeout=JOB_TIMEOUT_S)
        if url
        else None
    )


def later(job: str) -> None:
    """Have the worker run `job`, a dotted name, after this transaction commits."""
    db.session().info.setdefault("later", set()).add(job)


@event.listens_for(Session, "after_commit")
def _hand_over(session: Session) -> None:
    jobs = session.info.pop("later", ())
    queue = current_app.extensions["queue"] if jobs else None
    if queue is None:
        return
    for job in sorted(jobs):
        try:
            if is_first_ring(queue.connection, job):
                queue.enqueue(job, result_ttl=60, failure_ttl=86_400)
        except RedisError:
            log.warning("no worker for %s; the timetable will catch up", job)


def is_first_ring(connection: Redis, job: str) -> bool:
    """Say whether nobody waits for the worker to run `job` already."""
    return bool(connection.set(bell(job), 1, nx=True, ex=RUNG_S))


def come_to(connection: Redis, job: str) -> None:
    """Note that the worker begins with `job`: what rings now, rings for the next."""
    connection.delete(bell(job))


def bell(job: str) -> str:
    """Name what is in Redis from the ringing for `job` until somebody comes."""
    return f"pst:rung:{job}"


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("later", None)
