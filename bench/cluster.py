"""Two web servers next to one, over one database: SQLite, then PostgreSQL, in one run.

Both are on this machine, and so is the load: what counts are the ratios, and CPU time
of web servers and database, which other work on the machine hardly changes. Each web
server is one process; PostgreSQL is left out, and it is said why, where none starts.
"""

import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from bench.common import (
    BenchService,
    Office,
    at_once,
    build,
    cycle,
    get,
    log_in,
    report,
    table,
    wrk,
)
from bench.send import SENDS_EACH, Load
from tests.postgresql import PROGRAMS, Server
from tests.processes import HOST

OPENED, CLOSED, ANSWERS_EACH = 400, 400, 3
SECONDS, POLLERS, READERS, WRITERS, WARMING = 2, 32, 8, 16, 20
FIRST = "redis", "web"
Figures = dict[str, float]


def main() -> None:
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="pst-bench-") as name:
        figures |= measure("sqlite", Path(name), "")
    try:
        with postgresql() as server, tempfile.TemporaryDirectory() as name:
            address = server.create(name="bench")
            figures |= measure("postgresql", Path(name), address, pid_of(server))
    except Exception as error:  # the reason is part of the report
        left_out = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        print(f"PostgreSQL was not measured: {left_out}", file=sys.stderr)
        figures["postgresql"] = left_out
    rows = {name: row for name, row in figures.items() if isinstance(row, dict)}
    table(rows)
    report(**figures, ratios=ratios(rows), cores_shared_with_the_load=True)


def ratios(rows: dict[str, Figures]) -> dict[str, Figures]:
    """Return two servers next to one, and one database next to the other."""
    pairs = [("sqlite two", "sqlite one"), ("postgresql two", "postgresql one")]
    pairs.append(("postgresql one", "sqlite one"))
    return {
        f"{a} / {b}": {key: round(rows[a][key] / rows[b][key], 2) for key in rows[b]}
        for a, b in pairs
        if a in rows and b in rows
    }


def measure(
    engine: str, place: Path, address: str, database: int | None = None
) -> dict[str, Figures]:
    """Return what one and what two servers do over this database.

    `database` is the process of the database, where it has one.
    """
    folder = place / "data"
    folder.mkdir()
    site = build(folder, OPENED, CLOSED, ANSWERS_EACH, address)
    nodes = [node(folder, place, address) for _ in range(2)]
    nodes[1].socket = nodes[0].socket
    nodes[1].env["PST_REDIS_URL"] = nodes[0].env["PST_REDIS_URL"]
    try:
        nodes[0].start(*FIRST)
        one = load(f"{engine} one", site, nodes[:1], database)
        nodes[1].start("web")
        two = load(f"{engine} two", site, nodes, database)
    finally:
        for each in reversed(nodes):
            each.stop()
    return {f"{engine} one": one, f"{engine} two": two}


def node(folder: Path, place: Path, address: str) -> BenchService:
    """Return a web server of one process; the first one's Redis is everyone's."""
    sockets = Path(tempfile.mkdtemp(dir=place))
    service = BenchService(folder, sockets)
    service.web_workers = 1
    if address:
        service.env["PST_DATABASE_URL"] = address
    return service


def load(
    name: str, site: Office, nodes: list[BenchService], database: int | None
) -> Figures:
    """Return polls, pages and sends a second, over all of `nodes`, and their costs."""
    at_once([lambda each=each: warm(each, site) for each in nodes])
    processes = [each.running["web"].pid for each in nodes]
    processes += [database] if database else []

    def rate_and_cost(
        kind: str, write: Callable[[str, str, str, int], str], connections: int
    ) -> Figures:
        def ask(each: BenchService) -> float:
            requests = [write(*reader, each.port) for reader in site.readers]
            share = max(1, connections // len(nodes))
            answer = wrk(each.url, cycle(requests), SECONDS, share)
            return answer["requests_s"]

        before = spent_ms(processes)
        rate = sum(at_once([lambda each=each: ask(each) for each in nodes]))
        cpu_ms = (spent_ms(processes) - before) / (rate * SECONDS)
        return {f"{kind}s_s": round(rate, 1), f"{kind}_cpu_ms": round(cpu_ms, 2)}

    figures = rate_and_cost("poll", poll, POLLERS) | rate_and_cost(
        "page", conversation, READERS
    )
    before = spent_ms(processes)
    figures |= send_figures(name, site, nodes)
    # Each writer opened the form, which is a page, and sent it so many times.
    cpu_ms = (spent_ms(processes) - before) / WRITERS - figures["page_cpu_ms"]
    return figures | {"send_cpu_ms": round(cpu_ms / SENDS_EACH, 2)}


def pid_of(server: Server) -> int:
    """Return the process of a PostgreSQL server, whose children serve."""
    return int((server.folder / "data" / "postmaster.pid").read_text().split()[0])


def spent_ms(processes: list[int]) -> float:
    """Return the CPU time of processes and all that they started."""
    return sum(map(_spent_ms, processes))


def _spent_ms(process: int) -> float:
    place = Path(f"/proc/{process}")
    try:
        numbers = (place / "stat").read_text().rpartition(")")[2].split()
        children = (place / "task" / str(process) / "children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0  # ended since; its parent counts what it used
    # In user mode and in the kernel; then the same of children that have ended.
    own = sum(int(each) for each in numbers[11:15]) * 1000 / os.sysconf("SC_CLK_TCK")
    return own + sum(_spent_ms(int(child)) for child in children)


def warm(each: BenchService, site: Office) -> None:
    """Ask for some pages before anything counts: the first ones make templates."""
    for token, number, _ in site.readers[:WARMING]:
        line = HTTPConnection(HOST, each.port, timeout=60)
        cookies = {"Cookie": log_in(each.port, token)}
        line.request("GET", f"/konsultasi/{number}", headers=cookies)
        answer = line.getresponse()
        assert answer.status == 200, answer.status
        answer.read()
        line.close()


def poll(token: str, number: str, newest: str, port: int) -> str:
    path = f"/konsultasi/{number}/pesan"
    return get(path, port, token, HX_Request="true", HX_PTag=newest)


def conversation(token: str, number: str, newest: str, port: int) -> str:
    return get(f"/konsultasi/{number}", port, token, Accept_Encoding="br, gzip")


def send_figures(name: str, site: Office, nodes: list[BenchService]) -> Figures:
    loads = [
        Load(f"{name}-{each.port}", each.port, "/konsultasi/", "/pesan")
        for each in nodes
    ]
    share = WRITERS // len(nodes)
    groups = [site.readers[n * share : (n + 1) * share] for n in range(len(nodes))]
    at_once([lambda p=p: p[0].run(p[1]) for p in zip(loads, groups, strict=True)])
    latencies = [each for load in loads for each in load.latencies]
    seconds = max(load.seconds for load in loads)
    refused = sum(len(load.refused) for load in loads)
    if refused:
        print(f"{name}: {refused} sends were refused", file=sys.stderr)
    return {
        "sends_s": round((len(latencies) - refused) / seconds, 1),
        "send_p99_ms": round(statistics.quantiles(latencies, n=100)[98] * 1000, 1),
    }


@contextmanager
def postgresql() -> Iterator[Server]:
    """Start a PostgreSQL of this run's own."""
    if not PROGRAMS:
        raise RuntimeError("no PostgreSQL is installed")
    folder = Path(tempfile.mkdtemp(prefix="pst-pg-"))
    server = Server(folder)
    server.options = "-c shared_buffers=64MB"  # it writes to the disk as usual
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
