"""What the measurements share: a large office, the real server, load, and JSON."""

import contextlib
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_migrate import upgrade

from pst import config, create_app
from pst.accounts.log_ins import LogIn
from pst.accounts.users import User
from pst.consultations.desk.worklist.waiting_count import now_as_stored
from pst.database import db, engine, transaction
from pst.demo.office import BusyOffice
from pst.knowledge.exchange import entries, importing
from tests.processes import HOST, ROOT, Service

CONSULTATIONS, ANSWERS_EACH = 20_000, 5
OFFICERS, USERS = 2, 2_000
ALL_READ = """
INSERT INTO read_mark (consultation_id, user_id, message_id, read_at)
SELECT id, user_id, newest_id, :now FROM consultation
"""
# The newest first, which are not late yet.
OPEN = """
SELECT user_id, number, newest_shown_id AS newest FROM consultation
WHERE state <> 'closed' ORDER BY id DESC
"""
PERCENTILES = """
done = function(summary, latency, requests)
  local e = summary.errors
  local figures = '"requests_s": %.1f, "p50_ms": %.3f, "p95_ms": %.3f, "p99_ms": %.3f'
  io.write(string.format('JSON{' .. figures .. ', "errors": %d}\\n',
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000,
    latency:percentile(95) / 1000, latency:percentile(99) / 1000,
    e.status + e.connect + e.read + e.timeout))
end
"""


@dataclass
class Office:
    """A large office: its data folder, and who may poll what."""

    folder: Path
    # (log-in token, number, what the poller says it has)
    readers: list[tuple[str, str, str]]
    officer_token: str
    # The log-in token of each person.
    tokens: dict[int, str]


def build(
    folder: Path,
    opened: int = CONSULTATIONS // 2,
    closed: int = CONSULTATIONS // 2,
    answers_each: int = ANSWERS_EACH,
    address: str = "",
) -> Office:
    """Make an office: by default half of 20,000 consultations are open.

    That is as on a day when everybody asks. `address` is that of a database other than
    a file in `folder`.
    """
    settings = {"PST_DATA_DIR": str(folder)}
    if address:
        settings |= {"PST_DATABASE_URL": address, "PST_TESTING": "1"}
    app = create_app(config.load(settings))
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        with transaction():
            busy = BusyOffice(opened, closed, OFFICERS, USERS, answers_each)
            busy.make()
            db.session.execute(sa.text(ALL_READ), {"now": now_as_stored()})
            importing.load(entries.starter())
            people = db.session.scalars(sa.select(User)).all()
            # Begun last: being seen is noted again only after minutes.
            tokens = {each.id: LogIn.open(each, "bench")[1] for each in people}
            rows = db.session.execute(sa.text(OPEN)).all()
        # As the nightly job does it: the plans are those of an office in use.
        with db.engine.connect() as connection:
            engine().tend(connection)
            connection.commit()
        db.engine.dispose()
    readers = [(tokens[row.user_id], row.number, f"{row.newest}.0") for row in rows]
    return Office(folder, readers, tokens[busy.officers[0]], tokens)


@contextlib.contextmanager
def office() -> Iterator[tuple[Office, "BenchService"]]:
    """Run the real server, as deployed, on a fresh large office."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory(prefix="pst-bench-") as name:
        folder = Path(name) / "data"
        folder.mkdir()
        site = build(folder)
        service = BenchService(folder, Path(name))
        try:
            service.start("redis", "web")
            yield site, service
        finally:
            service.stop()


class BenchService(Service):
    """The service with the empty route next to it, and the ordinary clock."""

    wsgi = "bench.app:app"
    # A busy machine is no fault of what is measured.
    web_patience_s = 600

    def __init__(self, folder: Path, sockets: Path) -> None:
        super().__init__(folder, sockets)
        del self.env["PST_TEST_CLOCK"]

    def command(self, name: str) -> list[str]:
        return [
            self.wsgi if word == "wsgi:app" else word for word in super().command(name)
        ]


def wrk(url: str, script: str = "", seconds: int = 6, connections: int = 64) -> dict:
    """Load `url` with keep-alive connections; tell rates and latencies."""
    if not shutil.which("wrk"):
        sys.exit("bin/bench needs wrk: apt-get install wrk")
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script + PERCENTILES)
        file.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", file.name]
        output = subprocess.run([*command, url], capture_output=True, text=True).stdout
    match = re.search(r"JSON(\{.*\})", output)
    if not match:
        sys.exit(output)
    return json.loads(match[1])


def cycle(requests: list[str]) -> str:
    """Write a script that sends these ready-made requests one after the other."""
    lines = ",\n".join(json.dumps(text, ensure_ascii=False) for text in requests)
    return (
        f"local r = {{{lines}}}\nlocal n = 0\n"
        "request = function() n = n % #r + 1; return r[n] end\n"
    )


def at_once(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do all of these at the same time; return what each brought."""
    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(lambda work: work(), works))


def log_in(port: int, token: str) -> str:
    """Write the cookies of a person who has logged in: ours, and the minimal page's."""
    return f"pst_l_{port}={token}; pst_l={token}"


def get(path: str, port: int, token: str | None = None, **headers: str) -> str:
    """Write one GET request as Chromium would, without what is not looked at."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {HOST}:{port}"]
    lines += [f"{name.replace('_', '-')}: {text}" for name, text in headers.items()]
    if token:
        lines.append(f"Cookie: {log_in(port, token)}")
    return "\r\n".join(lines) + "\r\n\r\n"


def table(rows: dict[str, dict[str, object]]) -> None:
    """Print the figures of each row below each other, to read next to the JSON."""
    names = list(dict.fromkeys(name for row in rows.values() for name in row))
    print("".join([f"{'':<28}", *(f"{name:>18}" for name in names)]), file=sys.stderr)
    for title, row in rows.items():
        cells = [f"{row.get(name, '')!s:>18}" for name in names]
        print(f"{title:<28}" + "".join(cells), file=sys.stderr)


def report(**figures: object) -> None:
    """Print the figures, with what they were taken on."""
    machine = {"cores": os.cpu_count(), "at": time.strftime("%Y-%m-%d %H:%M")}
    print(json.dumps({**figures, "machine": machine}, indent=2, ensure_ascii=False))
