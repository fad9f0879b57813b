"""Two web servers on ports of their own: one Redis, one database, one store of files.

What a second one must know is in one of these: a person may be served by the one, and
with the next request by the other. Each has its own data folder where the database is
PostgreSQL and the files are in S3.
"""

import json
import threading
import time
from collections.abc import Callable

from pst.province.contract import PATH
from tests.faults.nodes import Nodes, asked
from tests.faults.people import Clicker, Crowd, new_key
from tests.faults.two_nodes.steps import on_each
from tests.people import email_of
from tests.post_office import PostOffice
from tests.processes import wait_until

GUESSES = 5  # a minute, from one network at one account
AN_HOUR = 60  # askings of figures, from one network


def test_a_person_is_served_by_either(nodes: Nodes):
    siti = Clicker(nodes.first).log_in("siti")

    there = nodes.moved(siti)
    page = asked(there)  # the log-in and the form's token hold there
    here = nodes.moved(there)
    assert here.post(f"{page}/pesan", {"body": "dari sini", "key": "k"}).status == 303
    assert "dari sini" in there.get(page).text

    there.post("/keluar")
    assert here.get(page).status in (302, 303, 401)


def test_a_form_sent_to_both_is_stored_once(nodes: Nodes):
    siti = Clicker(nodes.first).log_in("siti")
    page = asked(siti)
    siti.get(page)
    form, statuses, crowd = {"body": "sekali", "key": new_key()}, [], Crowd()

    def send(person: Clicker) -> Callable[[threading.Event], None]:
        return lambda stop: statuses.append(person.post(f"{page}/pesan", form).status)

    for person in (siti, nodes.moved(siti)) * 3:
        crowd.send(send(Clicker(person.service, dict(siti.cookies), siti.token)))
    crowd.finish()

    assert statuses == [303] * 6
    assert siti.get(f"{page}").text.count(">sekali<") == 1


@on_each
def test_a_file_sent_to_one_is_read_from_the_other(nodes: Nodes):
    siti = Clicker(nodes.first).log_in("siti")
    page = asked(siti)
    siti.get(page)

    sent = siti.upload(f"{page}/lampiran", "data.csv", b"tahun;jumlah\n2025;7\n")
    assert sent.status == 201, sent.text

    id = json.loads(sent.text)["id"]
    got = nodes.moved(siti).get(f"{page}/lampiran/{id}")
    assert (got.status, got.text) == (200, "tahun;jumlah\n2025;7\n")


def test_guesses_are_counted_by_both_together(nodes: Nodes):
    guessers = [Clicker(node) for node in nodes]
    for guesser in guessers:
        guesser.get("/masuk")
    wrong = {"email": email_of("dewi"), "password": "bukan kata sandinya"}
    # All within one minute, by which they are counted.
    wait_until(lambda: time.time() % 60 < 30, "the next minute", 60)
    statuses = [
        guessers[n % 2].post("/masuk", wrong).status for n in range(GUESSES + 1)
    ]

    assert statuses == [422] * GUESSES + [429]


def test_a_network_gets_no_more_from_two_than_from_one(nodes: Nodes):
    strangers = [Clicker(node) for node in nodes]
    path = f"{PATH}?period=2026-02"
    # More than twice as many, for an hour may end in between.
    statuses = [strangers[n % 2].get(path).status for n in range(2 * AN_HOUR + 2)]

    assert 429 in statuses
    assert statuses.count(401) <= 2 * AN_HOUR


def test_a_doorbell_rung_by_one_wakes_the_worker_of_the_other(
    nodes: Nodes, post_office: PostOffice
):
    """No scheduler runs here: only the bell says that mails are owed."""
    nodes.first.start("worker")
    try:
        wait_until(lambda: nodes.first.redis().smembers("rq:workers"), "the worker")
        assert not post_office.mails

        asked(Clicker(nodes.second).log_in("dewi"))

        assert post_office.wait_for(email_of("dewi"))
    finally:
        nodes.first.kill("worker")
