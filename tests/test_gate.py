"""A short queue in order, a clear refusal, and polls that step back first."""

import os
import socket
import threading
from collections.abc import Iterator
from io import BytesIO

import pytest
from flask import Flask

from pst.fair_queue import Turns
from pst.web import arrivals, load_shedding
from pst.web.arrivals import Arrivals, hang_up_dead, network_of
from pst.web.load_shedding import MAX_POLLS, MAX_SMALL, MAX_WAITING, PLACES, Gate
from tests.journeys.conftest import Browser
from tests.processes import wait_until


@pytest.fixture
def full(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """The gate with every place taken and nobody willing to wait long."""
    turns = app.extensions["gate"].turns
    monkeypatch.setattr(load_shedding, "PATIENCE_S", 0.0)
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
    queue_up(turns, MAX_POLLS)

    assert not turns.enter(MAX_POLLS, patience=0.0)
    poll = Browser(app).get("/petugas/daftar", headers={"HX-PTag": "1"})
    assert poll.status_code == 503
    assert poll.headers["Retry-After"] == str(load_shedding.SLOWER_S)
    assert len(turns.waiting) == MAX_POLLS < MAX_WAITING


def test_a_stranger_may_not_send_much(app: Flask):
    answer = Browser(app).client.post(
        "/masuk", data={"email": "x" * (load_shedding.STRANGERS_BYTES + 1)}
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


def test_a_made_up_log_in_may_not_send_much_either(app: Flask):
    browser = Browser(app)
    much = {"email": "x" * (load_shedding.STRANGERS_BYTES + 1)}

    browser.client.set_cookie("pst_l", "x")
    assert browser.client.post("/masuk", data=much).status_code == 413

    browser.client.delete_cookie("pst_l")
    browser.log_in("siti")
    assert browser.client.post("/masuk", data=much).status_code == 400, "read, no token"


class Silence:
    """A body that does not come until it is cut off."""

    def __init__(self) -> None:
        self.over = threading.Event()

    def read(self, _: int) -> bytes:
        self.over.wait(60)
        return b""


def test_bodies_that_do_not_come_keep_nobody_out(
    app: Flask, monkeypatch: pytest.MonkeyPatch
):
    silence = Silence()
    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_LENGTH": "100",
        "REMOTE_ADDR": "192.0.2.1",
        "wsgi.input": silence,
    }
    door = app.extensions["gate"]

    def send(number: int) -> None:
        own = {**environ, "REMOTE_ADDR": f"192.0.2.{number}"}
        list(door(own, lambda *_: None))

    senders = [threading.Thread(target=send, args=(n,)) for n in range(MAX_SMALL)]
    for sender in senders:
        sender.start()
    wait_until(lambda: len(door.arrivals.under_way) == MAX_SMALL, "bodies")

    before = Browser(app).client.post("/masuk").status_code
    monkeypatch.setattr(arrivals, "SILENT_S", 0.0)  # some time later
    after = Browser(app).client.post("/masuk").status_code

    silence.over.set()
    for sender in senders:
        sender.join()
    assert (before, after) == (503, 400)
    assert not door.arrivals.under_way


def test_only_what_gets_on_keeps_its_place():
    places = Arrivals(2)
    quick, slow = places.enter("", False), places.enter("", False)
    assert quick and slow
    quick.began = slow.began = quick.began - 100
    quick.got(600_000)  # as a telephone at 50 kbit/s
    slow.got(100)

    assert places.enter("", False), "in the place of the slow one"
    assert quick.has_place and not slow.has_place
    assert not places.enter("", False), "of a slow one there are not more beside"
    assert places.enter("", True), "large ones have their own places"


def test_one_network_holds_half_of_the_places_at_most(
    monkeypatch: pytest.MonkeyPatch,
):
    places = Arrivals(4)
    monkeypatch.setattr(arrivals, "SLOW_S", -1.0)

    assert places.enter("192.0.2.1", False) and places.enter("192.0.2.1", False)
    assert not places.enter("192.0.2.1", False)
    assert places.enter("192.0.2.2", False)
    assert places.enter("127.0.0.1", False), "a proxy sends for all"


def test_many_quick_ones_of_one_network_are_taken():
    places = Arrivals(4)

    assert all(places.enter("192.0.2.1", False) for _ in range(4))


def test_a_network_is_what_one_house_has():
    assert network_of("2001:db8:1:2:3::4") == network_of("2001:db8:1:2::9")
    assert network_of("192.0.2.1") != network_of("192.0.2.2")
    assert network_of("::1") == network_of("0.0.0.0") == network_of("unix:") == ""


def test_a_connection_on_which_nothing_moves_is_hung_up(
    monkeypatch: pytest.MonkeyPatch,
):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            link, _ = server.accept()
            with link, open(os.devnull):
                assert hang_up_dead(port) == 0, "it has just begun"

                monkeypatch.setattr(arrivals, "HANG_UP_AFTER_S", -1.0)
                assert hang_up_dead(port + 1) == 0, "it is nobody else's"
                assert hang_up_dead(port) == 1
                assert link.recv(1) == client.recv(1) == b""
