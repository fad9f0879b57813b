"""Sends by 64 concurrent writers: none lost, doubled or refused, and how fast.

Next to a minimal POST with the same log-in and the same writes, on the same server, in
the same run; and to bare SQLite, which is what the disk allows. Then half of the 64
send and half read at once. It ends with a fault when anything was refused, lost or
doubled.
"""

import re
import sqlite3
import statistics
import sys
import time
import urllib.parse
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

from bench.common import BenchService, at_once, log_in, office, report, table
from tests.processes import HOST, wait_until

WRITERS, SENDS_EACH = 64, 10


class MinimalService(BenchService):
    """The same server with the minimal application."""

    wsgi = "bench.minimal_sends:app"

    def web_answers(self) -> bool:
        connection = HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request("GET", "/x")
            return connection.getresponse().status == 200
        except OSError:
            return False


@dataclass
class Load:
    """How the writers of one kind were answered."""

    kind: str
    port: int
    # The address of the page with the form, and where it is sent, after the number.
    page: str
    target: str
    latencies: list[float] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    seconds: float = 0.0

    def run(
        self, readers: list[tuple[str, str, str]], reading: "Reading | None" = None
    ) -> None:
        """Open all forms one after the other, then send at once, while others read."""
        writers = [self.opened(token, number) for token, number, _ in readers]
        works = [partial(self.write, *each) for each in writers]
        works += reading.works() if reading else []
        began = time.perf_counter()
        at_once(works)
        self.seconds = time.perf_counter() - began

    def opened(
        self, token: str, number: str
    ) -> tuple[HTTPConnection, str, dict[str, str], str]:
        connection = HTTPConnection(HOST, self.port, timeout=60)
        cookies = log_in(self.port, token)
        connection.request("GET", f"{self.page}{number}", headers={"Cookie": cookies})
        answer = connection.getresponse()
        sessions = answer.headers.get_all("Set-Cookie") or []
        cookies = "; ".join([cookies, *(text.partition(";")[0] for text in sessions)])
        match = re.search(r'csrf_token" value="([^"]+)', answer.read().decode())
        assert match, answer.status
        headers = {
            "Cookie": cookies,
            "HX-Request": "true",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return connection, f"{self.page}{number}{self.target}", headers, match[1]

    def write(
        self,
        connection: HTTPConnection,
        path: str,
        headers: dict[str, str],
        csrf_token: str,
    ) -> None:
        for n in range(SENDS_EACH):
            form = {"csrf_token": csrf_token, "key": f"{self.kind}-{n}"}
            body = urllib.parse.urlencode({**form, "body": f"bench {n}"})
            began = time.perf_counter()
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            answer.read()
            self.latencies.append(time.perf_counter() - began)
            if answer.status != 204:
                self.refused.append(answer.status)

    def figures(self, folder: Path) -> dict[str, object]:
        rows, different = count(folder, self.kind)
        return {
            "sends_s": round(len(self.latencies) / self.seconds, 1),
            **ranked(self.latencies),
            "refused": len(self.refused),
            "lost": len(self.latencies) - len(self.refused) - rows,
            "doubled": rows - different,
        }


@dataclass
class Reading:
    """People who look at their conversations as often as the others send."""

    port: int
    readers: list[tuple[str, str, str]]
    latencies: list[float] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)

    def works(self) -> list[partial[None]]:
        return [partial(self.read, token, number) for token, number, _ in self.readers]

    def read(self, token: str, number: str) -> None:
        connection = HTTPConnection(HOST, self.port, timeout=60)
        headers = {"Cookie": log_in(self.port, token)}
        for _ in range(SENDS_EACH):
            began = time.perf_counter()
            connection.request("GET", f"/konsultasi/{number}", headers=headers)
            answer = connection.getresponse()
            answer.read()
            self.latencies.append(time.perf_counter() - began)
            if answer.status != 200:
                self.refused.append(answer.status)

    def figures(self) -> dict[str, object]:
        return {**ranked(self.latencies), "refused": len(self.refused)}


def ranked(latencies: list[float]) -> dict[str, float]:
    percentiles = statistics.quantiles(latencies, n=100)
    return {
        "p50_ms": round(percentiles[49] * 1000, 1),
        "p99_ms": round(percentiles[98] * 1000, 1),
    }


def main() -> None:
    with office() as (site, service):
        bare = bare_commits(site.folder)
        readers, half = site.readers[:WRITERS], WRITERS // 2
        ours = Load("ours", service.port, "/konsultasi/", "/pesan")
        ours.run(readers)
        with_readers = Load("with_readers", service.port, "/konsultasi/", "/pesan")
        reading = Reading(service.port, readers[half:])
        with_readers.run(readers[:half], reading)
        service.kill("web")
        least = of_minimal(service, readers)
        loads = (ours, with_readers, least)
        figures = {each.kind: each.figures(site.folder) for each in loads}
        figures["readers"] = reading.figures()
        table(figures)
        share = least.seconds / ours.seconds
        report(
            writers=WRITERS,
            **figures,
            share_of_minimal=round(share, 3),
            bare_sqlite_commits_s=round(bare, 1),
            aim="share >= 0.5, p99 <= 500 ms, none refused",
        )
        wrong = ("refused", "lost", "doubled")
        sys.exit(any(row.get(name) for row in figures.values() for name in wrong))


def of_minimal(service: BenchService, readers: list[tuple[str, str, str]]) -> Load:
    """Run the same sends against the minimal application, on the same data."""
    minimal = MinimalService(service.folder, service.socket.parent)
    load = Load("minimal", minimal.port, "/", "")
    try:
        minimal.launch("web")
        patience_s = minimal.web_patience_s
        wait_until(minimal.web_answers, "the minimal server", patience_s)
        load.run(readers)
    finally:
        minimal.stop()
    return load


def bare_commits(folder: Path) -> float:
    """Commits a second of one writer with full durability and nothing else."""
    connection = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT)")
    begin, count = time.perf_counter(), 0
    while time.perf_counter() - begin < 3:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO t (body) VALUES ('halo')")
        connection.execute("COMMIT")
        count += 1
    return count / 3


def count(folder: Path, kind: str) -> tuple[int, int]:
    """Count the messages of `kind` that are stored, and those that differ."""
    query = (
        "SELECT count(*), count(DISTINCT consultation_id || ' ' || key) FROM message"
        " WHERE key LIKE ? || '-%'"
    )
    connection = sqlite3.connect(folder / "pst.sqlite3")
    rows, different = connection.execute(query, (kind,)).fetchone()
    return rows, different


if __name__ == "__main__":
    main()
