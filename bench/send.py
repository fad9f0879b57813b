"""Sends by 64 concurrent writers: none lost, doubled or refused; beside bare SQLite."""

import re
import sqlite3
import statistics
import threading
import time
import urllib.parse
from http.client import HTTPConnection
from pathlib import Path

from bench.common import Office, office, report
from tests.processes import HOST, Service

WRITERS, SENDS_EACH = 64, 20


def main() -> None:
    with office() as (made, service):
        bare = bare_commits(made.folder)
        latencies, refused = send(made, service)
        seconds = latencies.pop()
        stored, doubled = count(made)
        rate = WRITERS * SENDS_EACH / seconds
        report(
            writers=WRITERS,
            sent=WRITERS * SENDS_EACH,
            refused=refused,
            lost=WRITERS * SENDS_EACH - refused - stored,
            doubled=doubled,
            sends_s=round(rate, 1),
            bare_sqlite_commits_s=round(bare, 1),
            ratio=round(rate / bare, 3),
            p50_ms=round(statistics.median(latencies) * 1000, 1),
            p99_ms=round(statistics.quantiles(latencies, n=100)[98] * 1000, 1),
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


def send(made: Office, service: Service) -> tuple[list[float], int]:
    latencies: list[float] = []
    refused: list[int] = []
    ready = threading.Barrier(WRITERS + 1)

    def write(token: str, number: str) -> None:
        connection = HTTPConnection(HOST, service.port, timeout=60)
        cookies = f"pst_l={token}"
        connection.request("GET", f"/konsultasi/{number}", headers={"Cookie": cookies})
        answer = connection.getresponse()
        session = re.match(r"pst_s=[^;]+", answer.getheader("Set-Cookie", ""))
        found = re.search(r'csrf_token" value="([^"]+)', answer.read().decode())
        assert session and found
        headers = {
            "Cookie": f"{cookies}; {session[0]}",
            "HX-Request": "true",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        ready.wait()
        for n in range(SENDS_EACH):
            form = {"csrf_token": found[1], "key": f"bench-{n}", "body": f"bench {n}"}
            begin = time.perf_counter()
            body = urllib.parse.urlencode(form)
            connection.request("POST", f"/konsultasi/{number}/pesan", body, headers)
            answer = connection.getresponse()
            answer.read()
            latencies.append(time.perf_counter() - begin)
            if answer.status != 204:
                refused.append(answer.status)

    threads = [
        threading.Thread(target=write, args=reader[:2])
        for reader in made.readers[:WRITERS]
    ]
    for thread in threads:
        thread.start()
    ready.wait()
    begin = time.perf_counter()
    for thread in threads:
        thread.join()
    latencies.append(time.perf_counter() - begin)
    return latencies, len(refused)


def count(made: Office) -> tuple[int, int]:
    """Tell how many messages are stored, and how many of them are doubles."""
    connection = sqlite3.connect(made.folder / "pst.sqlite3")
    query = (
        "SELECT count(*), count(DISTINCT consultation_id || ' ' || key) FROM message"
    )
    stored, different = connection.execute(
        query + " WHERE key LIKE 'bench-%'"
    ).fetchone()
    return stored, stored - different


if __name__ == "__main__":
    main()
