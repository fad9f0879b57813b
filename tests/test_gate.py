"""A short queue in order, a clear refusal, and polls that step back first."""

import threading
from collections.abc import Iterator
from io import BytesIO

import pytest
from flask import Flask

from pst.fair_queue import Ticket, Turns
from pst.networks import of_stranger
from pst.web import load_shedding
from pst.web.load_shedding import MAX_WAITING, PLACES, POLL_PATIENCE_S, Gate
from pst.web.request_limits import STRANGERS_BYTES
from tests.journeys.conftest import Browser
from tests.processes import wait_until


@pytest.fixture
def full(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """The gate with every place taken and no one willing to wait long."""
    turns = app.extensions["gate"].turns
    monkeypatch.setattr(load_shedding, "PATIENCE_S", 0.0)
    for _ in range(PLACES):
        assert turns.enter(0, 0.0)
    yield app.extensions["gate"]
    for _ in range(PLACES):
        turns.leave()


def queue_up(turns: Turns, count: int, wait_s: float) -> None:
    """Let so many wait, and all places be taken, since so long."""
    turns.free = 0
    for _ in range(count):
        ticket = Ticket()
        ticket.since -= wait_s
        turns.waiting.append(ticket)


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
    gate = app.extensions["gate"]
    queue_up(gate.turns, 2, wait_s=POLL_PATIENCE_S)

    poll = Browser(app).get("/petugas/daftar", headers={"HX-PTag": "1"})
    page = threading.Thread(target=Browser(app).get, args=("/",))
    page.start()
    wait_until(lambda: len(gate.turns.waiting) == 3, "a page in the queue")
    gate.turns.free = PLACES
    gate.turns.waiting[:2] = []
    gate.turns.leave()
    page.join()

    assert poll.status_code == 503
    assert poll.headers["Retry-After"] == str(load_shedding.SLOWER_S)


def test_a_poll_waits_no_longer_than_its_patience(
    app: Flask, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(load_shedding, "POLL_PATIENCE_S", 0.0)
    gate = app.extensions["gate"]
    gate.turns.free = 0

    assert Browser(app).get("/", headers={"HX-PTag": "1"}).status_code == 503
    assert not gate.turns.waiting


def test_sixty_four_at_once_are_all_served(app: Flask, at):
    gate, answers = app.extensions["gate"], []
    gate.turns.free = 0

    def ask() -> None:
        answers.append(Browser(app).get("/pengaduan").status_code)

    threads = [threading.Thread(target=ask) for _ in range(64)]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(gate.turns.waiting) == 64, "all of them wait")
    for _ in range(PLACES):
        gate.turns.leave()
    for thread in threads:
        thread.join()

    assert answers == [200] * 64
    assert gate.turns.free == PLACES


def test_who_finds_the_queue_full_is_refused_at_once(app: Flask):
    queue_up(app.extensions["gate"].turns, MAX_WAITING, wait_s=0)

    assert Browser(app).get("/").status_code == 503


def test_a_network_that_waits_for_its_own_share_makes_no_one_busy():
    turns = Turns(places=4, share=1)
    assert turns.enter(0, 0.0, "a")
    ticket = Ticket("a")
    ticket.since -= 60
    turns.waiting.append(ticket)
    assert turns.wait_s == 0

    turns.leave("a")
    assert ticket.is_served.is_set()


def test_a_stranger_may_not_send_much(app: Flask):
    answer = Browser(app).client.post(
        "/masuk", data={"email": "x" * (STRANGERS_BYTES + 1)}
    )

    assert answer.status_code == 413
    assert "Kiriman terlalu besar" in answer.text


def test_a_body_that_is_cut_off_reaches_no_one(app: Flask):
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
    much = {"email": "x" * (STRANGERS_BYTES + 1)}

    browser.client.set_cookie("pst_l", "x")
    assert browser.client.post("/masuk", data=much).status_code == 413

    browser.client.delete_cookie("pst_l")
    browser.log_in("siti")
    assert browser.client.post("/masuk", data=much).status_code == 400, "read, no token"


def test_a_body_on_its_way_holds_no_place(app: Flask):
    gate, over = app.extensions["gate"], threading.Event()

    class Silence:
        """A body that does not come until it is cut off."""

        def read(self, _: int) -> bytes:
            over.wait(60)
            return b""

    environ = {"REQUEST_METHOD": "POST", "CONTENT_LENGTH": "100"}
    senders = [
        threading.Thread(
            target=gate, args=(environ | {"wsgi.input": Silence()}, lambda *_: None)
        )
        for _ in range(2 * PLACES)
    ]
    for sender in senders:
        sender.start()

    assert Browser(app).client.post("/masuk").status_code == 400, "read, no token"
    assert gate.turns.free == PLACES
    over.set()
    for sender in senders:
        sender.join()


def test_a_network_is_what_one_house_has():
    assert of_stranger("2001:db8:1:2:3::4") == of_stranger("2001:db8:1:2::9")
    assert of_stranger("192.0.2.1") != of_stranger("192.0.2.2")
    assert of_stranger("::1") == of_stranger("0.0.0.0") == of_stranger("unix:") == ""
    assert of_stranger("127.0.0.1") == of_stranger("::ffff:127.0.0.1") == ""
