"""Sends by 64 concurrent writers: none lost, doubled or refused, and how fast.

Beside a minimal POST with the same log-in and the same writes, on the same server, in
the same run; and beside bare SQLite, which is what the disk allows.
"""

import re
import sqlite3
import statistics
import threading
import time
import urllib.parse
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

from bench.common import BenchService, log_in, office, report, table
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
    """What the writers of one kind met."""

    kind: str
    port: int
    # The address of the page with the form, and where it is sent, after the number.
    page: str
    target: str
    latencies: list[float] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    seconds: float = 0.0

    def run(self, readers: list[tuple[str, str, str]]) -> None:
        """Open all forms one after the other, then send at once."""
        writers = [self.opened(token, number) for token, number, _ in readers]
        threads = [threading.Thread(target=self.write, args=each) for each in writers]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
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
        found = re.search(r'csrf_token" value="([^"]+)', answer.read().decode())
        assert found, answer.status
        headers = {
            "Cookie": cookies,
            "HX-Request": "true",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return connection, f"{self.page}{number}{self.target}", headers, found[1]

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
        stored, different = count(folder, self.kind)
        ranked = statistics.quantiles(self.latencies, n=100)
        return {
            "sends_s": round(len(self.latencies) / self.seconds, 1),
            "p50_ms": round(ranked[49] * 1000, 1),
            "p99_ms": round(ranked[98] * 1000, 1),
            "refused": len(self.refused),
            "lost": len(self.latencies) - len(self.refused) - stored,
            "doubled": stored - different,
        }


def main() -> None:
    with office() as (made, service):
        bare = bare_commits(made.folder)
        readers = made.readers[:WRITERS]
        ours = Load("ours", service.port, "/konsultasi/", "/pesan")
        ours.run(readers)
        least = Load("minimal", service.port, "/", "")
        service.kill("web")
        minimal = MinimalService(made.folder, service.socket.parent)
        least.port = minimal.port
        try:
            minimal.launch("web")
            patience_s = minimal.web_patience_s
            wait_until(minimal.web_answers, "the minimal server", patience_s)
            least.run(readers)
        finally:
            minimal.stop()
        figures = {each.kind: each.figures(made.folder) for each in (ours, least)}
        table(figures)
        share = least.seconds / ours.seconds
        report(
            writers=WRITERS,
            **figures,
            share_of_minimal=round(share, 3),
            bare_sqlite_commits_s=round(bare, 1),
            aim="share >= 0.5, p99 <= 500 ms, none refused",
        )


def bare_commits(folder: Path) -> float:
    """Commits a second of one writer with full durability and nothing else."""
    connection = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT)")
    begin, done = time.perf_counter(), 0
    while time.perf_counter() - begin < 3:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO t (body) VALUES ('halo')")
        connection.execute("COMMIT")
        done += 1
    return done / 3


def count(folder: Path, kind: str) -> tuple[int, int]:
    """Count the messages of `kind` that are stored, and those that differ."""
    query = (
        "SELECT count(*), count(DISTINCT consultation_id || ' ' || key) FROM message"
        " WHERE key LIKE ? || '-%'"
    )
    connection = sqlite3.connect(folder / "pst.sqlite3")
    stored, different = connection.execute(query, (kind,)).fetchone()
    return stored, different


if __name__ == "__main__":
    main()
