"""What is under way when the web server is told to end is still finished."""

import os
import signal
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.faults.house import House
from tests.faults.people import Clicker, Crowd, new_key
from tests.processes import wait_until

ESTABLISHED = "01"


def test_requests_under_way_are_finished_before_the_end(
    house: House, tell: Callable[[str], None]
):
    service, crowd, statuses = house.service, Crowd(), []
    users = [house.user(at) for at in range(4)]
    web = service.running["web"]

    with closing(sqlite3.connect(service.folder / "pst.sqlite3")) as other:
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")  # so that they have to wait
        for at, user in enumerate(users):
            crowd.send(says(user, house.page(at), statuses))
        wait_until(lambda: taken_in(service.port) >= 4, "four requests")
        os.kill(web.pid, signal.SIGTERM)
        wait_until(lambda: not service.web_answers(), "the end of taking more")
        other.execute("ROLLBACK")
    wait_until(lambda: web.poll() is not None, "the end", 60)
    crowd.finish()

    tell(f"told to end with {len(users)} requests under way: finished {len(statuses)}")
    assert statuses == [303] * 4
    assert house.query("SELECT count(*) FROM message WHERE body='sempat'") == [(4,)]


def says(user: Clicker, page: str, statuses: list[int]) -> Callable[[object], None]:
    def work(stop: threading.Event) -> None:
        form = {"body": "sempat", "key": new_key()}
        statuses.append(user.post(f"{page}/pesan", form).status)

    return work  # type: ignore[return-value]


def taken_in(port: int) -> int:
    """Count the connections that the server has accepted and read empty."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(
        1
        for row in rows
        if row[1].endswith(f":{port:04X}")
        and row[3] == ESTABLISHED
        and row[4].endswith(":00000000")  # nothing left to read
        and row[9] != "0"  # it is someone's
    )
