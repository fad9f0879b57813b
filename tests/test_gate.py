"""A short queue in order, a clear refusal, and polls that step back first."""

import threading
from collections.abc import Iterator
from io import BytesIO

import pytest
from flask import Flask

from pst import gate
from pst.gate import MOST_POLLS, MOST_WAITING, PLACES, Gate
from pst.turns import Turns
from tests.journeys.conftest import Browser
from tests.processes import wait_until


@pytest.fixture
def full(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """The gate with every place taken and nobody willing to wait long."""
    turns = app.extensions["gate"].turns
    monkeypatch.setattr(gate, "PATIENCE_S", 0.0)
    for _ in range(PLACES):
        assert turns.enter(0, 0.0)
    yield app.extensions["gate"]
    for _ in range(PLACES):
        turns.leave()


def queue_up(turns: Turns, count: int) -> None:
    turns.waiting.extend(threading.Event() for _ in range(count))


def test_who_came_first_is_served_first():
    turns, served = Turns(places=1), []
    assert turns.enter(0, 0.0)

    def wait(name: int) -> None:
        assert turns.enter(8, 20.0)
        served.append(name)
        turns.leave()

    threads = [threading.Thread(target=wait, args=(n,)) for n in range(8)]
    for n, thread in enumerate(threads):
        thread.start()
        wait_until(lambda n=n: len(turns.waiting) == n + 1, "a place in the queue")
    turns.leave()
    for thread in threads:
        thread.join()

    assert served == list(range(8))
    assert turns.free == 1


def test_who_waits_in_vain_leaves_the_queue():
    turns = Turns(places=1)
    assert turns.enter(0, 0.0)

    assert not turns.enter(8, patience=0.0)
    assert not turns.waiting


def test_a_full_queue_is_said_clearly_and_a_moment_named(app: Flask, full: Gate):
    answer = Browser(app).get("/")

    assert answer.status_code == 503
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Retry-After"] == "5"
    assert "Sistem sedang sibuk" in answer.text and "Nomor rujukan" in answer.text


def test_htmx_gets_only_the_sentence(app: Flask, full: Gate):
    answer = Browser(app).get("/cari?q=a", headers={"HX-Request": "true"})

    assert answer.status_code == 503
    assert answer.headers["HX-Retarget"] == "#status"
    assert "<html" not in answer.text


def test_polls_step_back_before_pages_do(app: Flask):
    turns = app.extensions["gate"].turns
    turns.free = 0
    queue_up(turns, MOST_POLLS)

    assert not turns.enter(MOST_POLLS, patience=0.0)
    poll = Browser(app).get("/petugas/daftar", headers={"HX-PTag": "1"})
    assert poll.status_code == 503
    assert poll.headers["Retry-After"] == str(gate.SLOWER_S)
    assert len(turns.waiting) == MOST_POLLS < MOST_WAITING


def test_a_stranger_may_not_send_much(app: Flask):
    answer = Browser(app).client.post(
        "/masuk", data={"email": "x" * (gate.STRANGERS_BYTES + 1)}
    )

    assert answer.status_code == 413
    assert "Kiriman terlalu besar" in answer.text


def test_a_body_that_is_cut_off_reaches_nobody(app: Flask):
    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_LENGTH": "100",
        "wsgi.input": BytesIO(b"email=siti"),
    }
    said = []

    body = app.extensions["gate"](environ, lambda *answer: said.append(answer))

    assert said[0][0].startswith("400")
    assert "tidak lengkap" in b"".join(body).decode()
