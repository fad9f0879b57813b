"""A script that searches all day is slowed, and no one else is."""

import threading

import pytest
import sqlalchemy as sa
from flask import Flask
from limits import parse_many

from pst.accounts.log_in import refusals
from pst.database import db
from pst.fair_queue import Turns
from pst.knowledge.article.content import Content, Topic
from pst.knowledge.documents import ARTICLE
from pst.knowledge.models import Article
from pst.knowledge.searches import noting
from pst.knowledge.searches.search_log import SearchLog
from pst.search import engine
from pst.search.language import corrections, spelling
from pst.search.storage import store
from pst.web import load_shedding
from pst.web.load_shedding import PLACES
from tests.journeys.conftest import Browser
from tests.processes import wait_until

MISTYPED = " ".join(
    f"{first}nflasxi{second}" for first in "abcdefgh" for second in "klmn"
)

LONG_REQUEST = ". ".join([MISTYPED] * 20)


def from_network(app: Flask, address: str) -> Browser:
    browser = Browser(app)
    browser.client.environ_base["REMOTE_ADDR"] = address
    return browser


@pytest.mark.parametrize(
    ("ask", "most"),
    [
        (lambda link: engine.suggest(link, MISTYPED, ARTICLE), 4),
        (
            lambda link: engine.search(link, MISTYPED, ARTICLE),
            corrections.MAX_CORRECTIONS,
        ),
        (
            lambda link: engine.about(link, "inflasi", LONG_REQUEST, ARTICLE),
            1 + 8 * engine.CORRECTED_IN_SENTENCE,
        ),
    ],
    ids=["suggestions", "search", "request"],
)
def test_only_so_many_mistyped_words_are_looked_up(
    budi, rina, monkeypatch, ask, most: int
):
    # An index without documents is asked for nothing.
    article = Article.draft(Content("Waduk", "Jawaban.", Topic.DATA), budi)
    article.submit(budi)
    article.publish(rina)
    db.session.commit()
    looked_up = []
    nearest = spelling.nearest
    monkeypatch.setattr(
        spelling,
        "nearest",
        lambda link, word, kind: looked_up.append(word) or nearest(link, word, kind),
    )

    ask(store.reading())

    assert 0 < len(looked_up) <= most


def test_suggestions_run_out_for_one_network_alone(strict):
    script = from_network(strict, "198.51.100.9")
    answers = [script.get("/cari/saran?q=infl").status_code for _ in range(245)]

    assert answers == [200] * 240 + [429] * 5
    assert script.get("/cari/saran?q=infl").text == ""
    assert script.get("/cari?q=inflasi").status_code == 200
    other = from_network(strict, "203.0.113.7")
    assert other.get("/cari/saran?q=infl").status_code == 200
    siti = from_network(strict, "198.51.100.9").log_in("siti")
    assert siti.get("/cari/saran?q=infl").status_code == 200


def test_a_network_is_noted_sixty_times_an_hour(strict, monkeypatch):
    assert [str(limit) for limit in noting.MAX_NOTED] == ["60 per 1 hour"]
    monkeypatch.setattr(noting, "MAX_NOTED", parse_many("30/hour"))
    for n in range(45):
        neighbour = from_network(strict, f"2001:db8:5:{n:x}::1")
        assert neighbour.get(f"/cari?q=tidakada{n}").status_code == 200
    from_network(strict, "203.0.113.7").get("/cari?q=padi")

    with strict.app_context():
        assert db.session.scalar(sa.select(sa.func.count(SearchLog.id))) == 31
        assert db.session.scalar(sa.select(SearchLog).filter_by(words="padi"))


def test_strangers_of_one_network_hold_half_of_the_places(app: Flask, at):
    gate, work = app.extensions["gate"], threading.Event()
    served, answers = [], {}
    siti = from_network(app, "198.51.100.9").log_in("siti")
    inner = gate.next

    def slow(environ, start_response):
        if environ["QUERY_STRING"] == "lambat":
            served.append(environ["REMOTE_ADDR"])
            work.wait(60)
        return inner(environ, start_response)

    gate.next = slow

    def ask() -> None:
        from_network(app, "198.51.100.9").get("/?lambat")

    threads = [threading.Thread(target=ask) for _ in range(PLACES)]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(gate.turns.waiting) == PLACES // 2, "half of them wait")

    answers["another network"] = from_network(app, "203.0.113.7").get("/").status_code
    answers["a member"] = siti.get("/").status_code
    assert len(served) == PLACES // 2
    work.set()
    for thread in threads:
        thread.join()
    assert answers == {"another network": 200, "a member": 200}
    assert gate.turns.free == PLACES and not gate.turns.held


def test_a_burst_is_refused_as_such_and_another_network_is_served(
    app: Flask, at, monkeypatch: pytest.MonkeyPatch
):
    gate = app.extensions["gate"]
    monkeypatch.setattr(load_shedding, "PATIENCE_S", 0.0)
    counted = []
    gate.count_refusal = counted.append
    for _ in range(PLACES // 2):
        assert gate.turns.enter(0, 0.0, "198.51.100.9")

    burst = from_network(app, "198.51.100.9").get("/")
    other = from_network(app, "203.0.113.7").get("/")

    assert burst.status_code == 429
    assert burst.headers["Retry-After"] == "5"
    assert "Dari jaringan Anda terlalu banyak permintaan" in burst.text
    assert counted == [429]
    assert other.status_code == 200
    for _ in range(PLACES // 2):
        assert gate.turns.enter(0, 0.0)
    busy = from_network(app, "203.0.113.7").get("/")
    assert busy.status_code == 503, "the others fill the house, not this network"
    for _ in range(PLACES // 2):
        gate.turns.leave("198.51.100.9")
        gate.turns.leave()


def test_bursts_are_counted_for_the_watch(app: Flask):
    app.extensions["gate"].count_refusal(429)
    app.extensions["gate"].count_refusal(503)

    with app.app_context():
        assert refusals.this_hour()[429] == 1


def test_one_name_fills_half_of_the_queue_at_most():
    turns = Turns(places=2, share=1)
    assert turns.enter(4, 0.0, "a")
    waiting = [
        threading.Thread(target=turns.enter, args=(4, 60.0, "a")) for _ in range(2)
    ]
    for thread in waiting:
        thread.start()
    wait_until(lambda: len(turns.waiting) == 2, "two in the queue")

    assert not turns.enter(4, 60.0, "a"), "refused at once"
    assert turns.enter(4, 0.0, "b")
    turns.leave("b")
    for _ in waiting:
        turns.leave("a")
        wait_until(lambda: turns.held["a"] == 1, "the next is served")
    for thread in waiting:
        thread.join()
    turns.leave("a")
    assert turns.free == 2 and not turns.held
