"""A Redis that hangs is not waited for long."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from rq import Queue

from pst import background
from pst.accounts.log_in.throttling import PER_GUESSER, Guesses
from pst.background import connect
from pst.database import db, transaction
from tests.conftest import settings_for
from tests.journeys.conftest import Browser

At = Callable[[str], None]


@pytest.fixture
def hung_redis() -> Iterator[tuple[str, list[socket.socket]]]:
    """A Redis that takes connections and never says a word; who came to it."""
    visitors: list[socket.socket] = []
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def take() -> None:
            with suppress(OSError):
                while True:
                    visitors.append(listener.accept()[0])

        threading.Thread(target=take, daemon=True).start()
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}", visitors
    for visitor in visitors:
        visitor.close()


def test_a_hung_redis_is_waited_for_once_and_for_half_a_second(
    app: Flask, at: At, hung_redis: tuple[str, list[socket.socket]]
):
    url, visitors = hung_redis
    app.extensions["queue"] = Queue(background.QUEUE, connection=connect(url))

    checks = Browser(app).get("/sehat").json["checks"]

    assert checks["redis"] == "warn"
    assert checks["worker"] == checks["scheduler"] == "bad"
    assert len(visitors) == 1
    assert background.PATIENCE_S <= 0.5
    # Nor do pages and messages wait for it again and again.
    with app.app_context(), transaction():
        background.later("pst.outbox.jobs.deliver_due")
        db.session.execute(sa.text("UPDATE lamp SET value = NULL"))
    assert len(visitors) == 1


def test_limits_do_not_wait_long_for_a_hung_redis(
    tmp_path: Path, hung_redis: tuple[str, list[socket.socket]]
):
    options = settings_for(tmp_path, redis_url=hung_redis[0]).for_flask()

    patience: Any = options["RATELIMIT_STORAGE_OPTIONS"]
    assert patience["socket_connect_timeout"] == patience["socket_timeout"] == 0.5
    assert patience["retry"].get_retries() == 0


def test_guesses_are_counted_without_a_hung_redis_and_said_so_once(
    app: Flask,
    hung_redis: tuple[str, list[socket.socket]],
    caplog: pytest.LogCaptureFixture,
):
    url, visitors = hung_redis
    app.config.update(RATELIMIT_ENABLED=True, RATELIMIT_STORAGE_URI=url)
    guesses = Guesses(app)
    counters = [(PER_GUESSER, ("guesser", "siti"))]

    waits = [guesses.take(counters) for _ in range(6)]

    assert waits[:5] == [0] * 5
    assert waits[5] > 0
    assert len(visitors) == 1
    assert caplog.text.count("Redis does not answer") == 1


def test_a_job_is_rung_for_when_all_is_committed_and_not_at_a_savepoint(
    app: Flask, hung_redis: tuple[str, list[socket.socket]]
):
    url, visitors = hung_redis
    app.extensions["queue"] = Queue(background.QUEUE, connection=connect(url))
    with app.app_context(), transaction():
        with db.session.begin_nested():
            background.later("pst.outbox.jobs.deliver_due")
            db.session.execute(sa.text("UPDATE lamp SET value = NULL"))
        assert visitors == []
        with suppress(ValueError), db.session.begin_nested():
            raise ValueError  # what is given up here takes no other's ring with it
    assert len(visitors) == 1
