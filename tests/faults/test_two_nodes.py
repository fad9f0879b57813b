"""Two web servers on ports of their own, over one Redis and one data folder.

What a second one must know is in the database, in Redis or in the folder: a person may
be served by the one, and with the next request by the other.
"""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from pst.province.contract import PATH
from tests.faults.people import Clicker, Crowd, new_key, path_of
from tests.people import email_of
from tests.processes import PostOffice, Service, wait_until
from tests.served import post_office

__all__ = ["post_office"]  # a fixture

GUESSES = 5  # a minute, from one network at one account
AN_HOUR = 60  # askings of figures, from one network


class Nodes(NamedTuple):
    """The two web servers."""

    first: Service
    second: Service

    def moved(self, person: Clicker) -> Clicker:
        """Let the next requests of a person go to the other one."""
        other = self.second if person.service is self.first else self.first
        return Clicker(other, person.cookies, person.token)


@pytest.fixture
def nodes(
    prepared: Path,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    post_office: PostOffice,
) -> Iterator[Nodes]:
    """Both, with the ordinary clock and the limits that an office has."""
    folder = tmp_path / "data"
    shutil.copytree(prepared, folder)
    made = Nodes(
        *(
            Service(folder, tmp_path_factory.mktemp("n"), post_office.url)
            for _ in range(2)
        )
    )
    for service in made:
        service.web_workers = 1
        service.socket = made.first.socket
        service.env |= {
            "PST_BASE_URL": "http://127.0.0.1:8000",  # one address for people
            "PST_REDIS_URL": f"unix://{made.first.socket}",
            "PST_SECRET_KEY": "satu kunci untuk kedua server web ini",
        }
        del service.env["PST_TESTING"], service.env["PST_TEST_CLOCK"]
    try:
        made.first.start("redis", "web")
        made.second.start("web")
        yield made
    finally:
        made.second.stop()
        made.first.stop()


def asked(person: Clicker) -> str:
    """Ask for data; return the address of the conversation."""
    person.get("/konsultasi/baru?jenis=data")
    form = {
        "subject": "Jumlah penduduk",
        "description": "Menurut umur.",
        "area": "Wanadadi",
        "years": "2020–2025",
        "key": new_key(),
    }
    answer = person.post("/konsultasi/baru?jenis=data", form)
    assert answer.status == 303, answer.text
    return path_of(answer.location)


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


def test_a_file_sent_to_one_is_read_from_the_other(nodes: Nodes):
    siti = Clicker(nodes.first).log_in("siti")
    page = asked(siti)
    siti.get(page)

    sent = siti.upload(f"{page}/lampiran", "data.csv", b"tahun;jumlah\n2025;7\n")
    assert sent.status == 201, sent.text
    id = sent.text.partition('"id":')[2].partition(",")[0].strip(" }\n")

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
    wait_until(lambda: nodes.first.redis().smembers("rq:workers"), "the worker")

    asked(Clicker(nodes.second).log_in("siti"))

    assert post_office.wait_for(email_of("siti"))
