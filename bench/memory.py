"""What web, worker, scheduler and Redis hold after an office's day, in megabytes.

Proportional set size: memory that processes share counts once. A day's load comes in a
few minutes: everybody polls, reads, searches and writes; officers work their list and
draw up a report as PDF and spreadsheet; every scheduled job runs, and mails go out.
`bin/bench memory 2` measures with two web processes.
"""

import os
import re
import sqlite3
import sys
import tempfile
import threading
import time
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from rq import Queue
from rq.job import Job

from bench.common import Office, build, log_in, report
from pst.background import QUEUE
from pst.timetable import TIMETABLE
from tests.post_office import PostOffice
from tests.processes import HOST, Service, wait_until

PY = os.environ.get("PY") or sys.executable
LIMITS_MB = {1: 260, 2: 400}  # by the number of web processes
PATIENCE_S = 600
# What is closed was closed long ago: else a day would have to remind thousands.
CLOSED_BEFORE = """
UPDATE consultation
SET closed_at = strftime('%Y-%m-%d %H:%M:%f000', closed_at, '-60 days')
WHERE state = 'closed'
"""
READERS, OFFICERS, ROUNDS = 40, 2, 2
POLLS_EACH, SAYS_EACH = 24, 3
QUERIES = ("penduduk", "inflasi+bulanan", "cara+menghitung+ipm", "pdrb", "kemiskinan")
PAGES = ("/", "/kinerja", "/standar-pelayanan", "/masuk", "/daftar", "/pengaduan")


class Person:
    """A person with a log-in and a connection that stays open."""

    def __init__(self, port: int, token: str) -> None:
        self.connection = HTTPConnection(HOST, port, timeout=120)
        self.cookies, self.port = log_in(port, token), port
        self.asked = self.failed = 0

    def ask(self, path: str, form: dict[str, str] | None = None, **more: str) -> str:
        headers = {k.replace("_", "-"): v for k, v in more.items()}
        headers |= {"Cookie": self.cookies, "Accept-Encoding": "br, gzip"}
        body = urlencode(form) if form is not None else None
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers.pop("Accept-Encoding")
        self.connection.request("POST" if body else "GET", path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        self.asked += 1
        self.failed += answer.status >= 400
        return answer.getheader("Location") or text.decode(errors="replace")

    def begin(self, path: str) -> str:
        """Open a page with a form; remember its session, give back its token."""
        self.connection.request("GET", path, headers={"Cookie": self.cookies})
        answer = self.connection.getresponse()
        page = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies += "; " + line.partition(";")[0]
        match = re.search(r'csrf_token" value="([^"]+)', page)
        assert match, page[:300]
        return match[1]


def main() -> None:
    # On the office's server, with two cores and 2 GB, there is one web process.
    web_processes = int((sys.argv[1:] or ["1"])[0])
    limit = LIMITS_MB[web_processes]
    with tempfile.TemporaryDirectory(prefix="pst-bench-") as name, PostOffice() as post:
        folder = Path(name) / "data"
        folder.mkdir()
        site = build(folder)
        close_long_ago(folder)
        service = DeployedService(folder, Path(name), mail_url=post.url)
        service.env["PST_WEB_PROCESSES"] = str(web_processes)
        try:
            service.start()
            at_start = memory(service)
            with Watch(service) as watch:
                people = live_a_day(site, service)
            time.sleep(5)  # what was only for the moment is given back
            after = memory(service)
        finally:
            service.stop()
        total = round(sum(after.values()), 1)
        report(
            requests=sum(person.asked for person in people),
            failed=sum(person.failed for person in people),
            mails=len(post.mails),
            at_start_mb=at_start,
            after_mb=after,
            most_mb=watch.most,
            total_mb=total,
            limit_mb=limit,
            holds=total <= limit,
        )
        sys.exit(total > limit)


class Watch:
    """Look every half second how much all hold together; keep the most."""

    def __init__(self, service: Service) -> None:
        self.service, self.most = service, 0.0
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self.look)

    def __enter__(self) -> "Watch":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self.thread.join()

    def look(self) -> None:
        while not self.is_over.wait(0.5):
            total = sum(memory(self.service).values())
            self.most = max(self.most, round(total, 1))


class DeployedService(Service):
    """Redis, and the parent of all else, as the units start them."""

    NAMES = ("redis", "web")

    def __init__(self, *words: object, **more: str) -> None:
        super().__init__(*words, **more)  # type: ignore[arg-type]
        del self.env["PST_TEST_CLOCK"]
        self.env |= {"PST_TESTING": "0", "PST_DEMO": "0", "MALLOC_ARENA_MAX": "1"}

    def command(self, name: str) -> list[str]:
        return [PY, "prefork.py"] if name == "web" else super().command(name)


def close_long_ago(folder: Path) -> None:
    with sqlite3.connect(folder / "pst.sqlite3") as connection:
        connection.execute(CLOSED_BEFORE)
    connection.close()


def live_a_day(site: Office, service: Service) -> list[Person]:
    readers = site.readers[:READERS]
    people = [Person(service.port, token) for token, _, _ in readers]
    officers = [Person(service.port, site.officer_token) for _ in range(OFFICERS)]
    works = [
        threading.Thread(target=consult, args=(people[n::8], readers[n::8]))
        for n in range(8)
    ]
    works += [
        threading.Thread(target=serve, args=(officer, readers)) for officer in officers
    ]
    works.append(threading.Thread(target=run_jobs, args=(service,)))
    for work in works:
        work.start()
    for work in works:
        work.join()
    return people + officers


def consult(people: list[Person], readers: list[tuple[str, str, str]]) -> None:
    for person, (_, number, newest) in zip(people, readers, strict=True):
        address = f"/konsultasi/{number}"
        token = person.begin(address)
        for page in PAGES:
            person.ask(page)
        for query in QUERIES:
            person.ask(f"/cari?q={query}")
        for n in range(SAYS_EACH):
            form = {
                "csrf_token": token,
                "key": f"day-{n}",
                "body": "Terima kasih." * 20,
            }
            person.ask(f"{address}/pesan", form, HX_Request="true")
            for _ in range(POLLS_EACH // SAYS_EACH):
                person.ask(f"{address}/pesan", HX_Request="true", HX_PTag=newest)
        person.connection.close()


def serve(officer: Person, readers: list[tuple[str, str, str]]) -> None:
    token = officer.begin("/petugas/laporan")
    for round in range(ROUNDS):
        for _, number, _ in readers[round::ROUNDS]:
            officer.ask(f"/petugas/konsultasi/{number}")
        for page in ("/petugas", "/petugas/daftar-kerja", "/petugas/artikel"):
            officer.ask(page)
        officer.ask("/petugas/pencarian?q=penduduk")
        form = {"csrf_token": token, "period": "2026"}
        address = officer.ask("/petugas/laporan", form)
        for name in ("", "/pratinjau", "/laporan.pdf", "/laporan.xlsx", "/baris.csv"):
            officer.ask(f"{address}{name}")


def run_jobs(service: Service) -> None:
    for _ in range(2):
        queue = Queue(QUEUE, connection=service.redis())
        for line in TIMETABLE:
            dotted = f"{line.job.__module__}.{line.name}"
            job = queue.enqueue(dotted)
            wait_until(partial(is_done, job), dotted, PATIENCE_S)


def is_done(job: Job) -> bool:
    return job.get_status(refresh=True) in ("finished", "failed")


def memory(service: Service) -> dict[str, float]:
    """Add up, for each part, what its processes hold, in MB."""
    sizes = dict.fromkeys(service.NAMES, 0.0)
    sessions = {process.pid: name for name, process in service.running.items()}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            session = int(path.read_text().rsplit(")", 1)[1].split()[3])
            if name := sessions.get(session):
                text = (path.parent / "smaps_rollup").read_text()
                kilobytes = re.search(r"(?m)^Pss:\s+(\d+)", text)
                sizes[name] += int(kilobytes[1]) / 1024 if kilobytes else 0
        except OSError:
            continue  # it has ended since
    return {name: round(size, 1) for name, size in sizes.items()}


if __name__ == "__main__":
    main()
