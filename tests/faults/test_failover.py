"""Two web servers over two PostgreSQL servers: each part is lost once under work.

What was acknowledged is there exactly once: after a database that stopped at once and
came back, after one that never came back and whose place the other took, after a web
server and Redis that were killed.
"""

import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.nodes import NGINX, Nodes, asked, in_front, running
from tests.faults.pair import Member, Pair
from tests.faults.people import Clicker, Crowd, new_key
from tests.post_office import PostOffice
from tests.postgresql import PROGRAMS
from tests.processes import wait_until

pytestmark = pytest.mark.skipif(
    not (NGINX and PROGRAMS), reason="no nginx, or no PostgreSQL"
)
PAUSE_S = 4  # no one may send more than forty a minute
ENOUGH = 4  # messages that were taken, before and after each fault
STORED = "SELECT string_agg(body, ' ') FROM message WHERE starts_with(body, 'kirim-')"
TWICE = "SELECT count(*) - count(DISTINCT number) FROM consultation"


class Work:
    """People who send one message after the other, each until it is taken."""

    def __init__(self, nodes: Nodes, site: Any) -> None:
        self.nodes, self.site = nodes, site
        self.taken: list[str] = []
        self.crowd = Crowd()
        self.people: list[Clicker] = []
        for name in ("siti", "dewi"):
            person = Clicker(site).log_in(name)
            page = asked(person)
            person.get(page)
            for _ in range(2):
                clicker = Clicker(site, dict(person.cookies), person.token)
                self.people.append(clicker)
                self.crowd.send(self._sending(clicker, f"{page}/pesan"))

    def _sending(
        self, clicker: Clicker, path: str
    ) -> Callable[[threading.Event], None]:
        def work(stop: threading.Event) -> None:
            while not stop.is_set():
                body = f"kirim-{new_key()}"
                if clicker.insist(path, {"body": body, "key": new_key()}, stop):
                    self.taken.append(body)
                stop.wait(PAUSE_S)

        return work

    def goes_on(self) -> None:
        """Wait until more was taken than was so far."""
        enough = len(self.taken) + ENOUGH

        def is_enough() -> bool:
            assert not self.crowd.failures, self.crowd.failures
            return len(self.taken) >= enough

        wait_until(is_enough, "messages that are taken", 120)

    def end(self, database: Member) -> tuple[int, int]:
        """Stop, and count what is lost and what is there twice in `database`."""
        self.crowd.finish()
        stored = Counter((database.scalar(STORED) or "").split())
        lost = sum(1 for body in self.taken if not stored[body])
        return lost, stored.total() - len(stored) + database.scalar(TWICE)

    @property
    def troubles(self) -> str:
        cut_off = sum(person.cut_off for person in self.people)
        refused = sum(person.refused for person in self.people)
        return f"tried again after no answer: {cut_off}, after a refusal: {refused}"

    @property
    def dishonest(self) -> list[str]:
        return [text for person in self.people for text in person.dishonest]


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    # Not below pytest's folder, which PostgreSQL's own user may not enter.
    folder = Path(tempfile.mkdtemp(prefix="pst-pair-"))
    folder.chmod(0o755)
    made = Pair(folder)
    try:
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def nodes(
    pair: Pair, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Nodes, Any]]:
    """Two web servers and their worker, with what stands in front of them."""
    folder = tmp_path_factory.mktemp("data")
    sockets = tmp_path_factory.mktemp("n"), tmp_path_factory.mktemp("n")
    with PostOffice() as office:
        settings = {"PST_DATABASE_URL": pair.address}
        with running(folder, sockets, office.url, **settings) as made:
            made.first.start("worker")
            with in_front(made, tmp_path_factory.mktemp("nginx")) as site:
                yield made, site


def test_no_acknowledged_message_is_lost_or_doubled(
    pair: Pair, nodes: tuple[Nodes, Any], tell: Callable[[str], None]
):
    both, site = nodes
    work = Work(both, site)
    work.goes_on()

    pair.crash(pair.first)
    pair.restart(pair.first)
    work.goes_on()

    both.second.kill("web")
    work.goes_on()
    both.second.start("web")

    both.first.kill("redis")
    work.goes_on()
    both.first.start("redis")

    pair.crash(pair.first)
    pair.promote()
    work.goes_on()

    lost, doubled = work.end(pair.second)
    tell(
        "PostgreSQL stopped at once and started, a web server killed, Redis killed,"
        f" PostgreSQL failed over by name · acknowledged: {len(work.taken)}"
        f" ({work.troubles}) · lost: {lost} · doubled: {doubled}"
    )
    assert (lost, doubled) == (0, 0)
    assert not work.dishonest
    assert "whole" in both.first.flask("audit", "verify")
    assert both.first.running["worker"].poll() is None, "the worker gave up"
