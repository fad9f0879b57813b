"""Idle polls ask PostgreSQL by a prepared statement, on few connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import event

from pst.database import postgresql
from tests.postgresql import of_postgresql


@of_postgresql
def test_the_idle_poll_asks_a_prepared_statement(app: Flask):
    reader = app.wsgi_app.reader
    for _ in range(3):
        reader.row("SELECT :n + 1", {"n": 1})
    count = (
        "SELECT max(generic_plans + custom_plans) FROM pg_prepared_statements"
        " WHERE statement LIKE 'SELECT $_ + 1'"
    )

    assert reader.row(count, {}) == (3,)


@of_postgresql
def test_many_idle_polls_at_once_share_four_connections(app: Flask):
    reader, opened = app.wsgi_app.reader, []
    event.listen(reader.pool, "connect", lambda *_: opened.append(1))
    begin = Barrier(12)

    def ask(n: int) -> object:
        begin.wait()
        return reader.row("SELECT CAST(:n AS int), pg_sleep(0.01)", {"n": n})[0]

    with ThreadPoolExecutor(12) as pool:
        assert list(pool.map(ask, range(12))) == list(range(12))
    assert len(opened) <= 4


@of_postgresql
def test_an_idle_poll_that_finds_no_connection_is_left_to_flask(
    app: Flask, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(postgresql, "POLL_TIMEOUT_MS", 300)
    reader = postgresql.reader(app.config["PST"].database_url)
    held = [reader.pool.raw_connection() for _ in range(4)]

    with pytest.raises(reader.errors, match="timed out"):
        reader.row("SELECT 1", {})
    for connection in held:
        connection.close()
    reader.pool.dispose()
