"""What the measurements share: a large office, the real server, load, and JSON."""

import contextlib
import json
import os
import re
import resource
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from flask_migrate import upgrade

from pst import clock, config, create_app
from pst.accounts.digests import digest
from pst.accounts.log_ins import LogIn
from pst.accounts.passwords import hash_password
from pst.accounts.users import User
from pst.consultations.conversation.read_marks import ReadMark
from pst.consultations.messages import Kind, Message
from pst.consultations.models import Consultation
from pst.consultations.service_level.turns import End, Turn
from pst.consultations.states import Category, State
from pst.database import db, transaction
from pst.demo.people import PASSWORD
from pst.knowledge.exchange import entries, importing
from tests.processes import HOST, ROOT, Service

CONSULTATIONS, MESSAGES_EACH = 20_000, 10
USERS = 2_000
BATCH = 2_000
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
    messages_each: int = MESSAGES_EACH,
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
            readers, tokens = _fill(opened, closed, messages_each)
            if address:
                _move_sequences_on()
            importing.load(entries.starter())
            # Building takes longer than a log-in stays seen; noting it is not measured.
            db.session.execute(sa.update(LogIn).values(seen_at=clock.now()))
        db.engine.dispose()
    return Office(folder, readers, tokens[1], tokens)


def _fill(
    opened: int, closed: int, messages_each: int
) -> tuple[list[tuple[str, str, str]], dict[int, str]]:
    now, hashed = clock.now(), hash_password(PASSWORD)
    people = [_person(n + 1, now, hashed) for n in range(USERS + 2)]
    people[0]["role"] = people[1]["role"] = "officer"
    db.session.execute(sa.insert(User), people)
    tokens = {}
    rows = []
    for person in people:
        token = secrets.token_urlsafe(18)
        tokens[person["id"]] = token
        rows.append(
            {
                "token_hash": digest(token),
                "user_id": person["id"],
                "device": "bench",
                "created_at": now,
                "seen_at": now,
                "confirmed_at": now,
                "expires_at": now + timedelta(days=30),
            }
        )
    db.session.execute(sa.insert(LogIn), rows)
    readers = []
    count = opened + closed
    # The open ones lie evenly among the closed ones, in the hands of two officers.
    states = [
        State.WAITING_USER
        if id * opened // count > (id - 1) * opened // count
        else State.CLOSED
        for id in range(1, count + 1)
    ]
    for first in range(1, count + 1, BATCH):
        batch = [
            _consultation(id, states[id - 1], count, messages_each, now)
            for id in range(first, min(first + BATCH, count + 1))
        ]
        db.session.execute(sa.insert(Consultation), batch)
        db.session.execute(sa.insert(Turn), [_turn(c, now) for c in batch])
        db.session.execute(
            sa.insert(Message), [m for c in batch for m in _messages(c, messages_each)]
        )
        db.session.execute(sa.insert(ReadMark), [_mark(c, now) for c in batch])
        readers += [
            (tokens[c["user_id"]], c["number"], f"{c['newest_shown_id']}.0")
            for c in batch
            if c["state"] != State.CLOSED
        ]
    return readers, tokens


def _move_sequences_on() -> None:
    """Let PostgreSQL number on after the rows that came with numbers of their own."""
    for table in db.metadata.sorted_tables:
        if list(table.primary_key.columns.keys()) == ["id"]:
            db.session.execute(
                sa.text(
                    "SELECT setval(s, (SELECT coalesce(max(id), 0) + 1 FROM"
                    f' "{table.name}"), false) FROM'
                    f" pg_get_serial_sequence('\"{table.name}\"', 'id') AS s"
                    " WHERE s IS NOT NULL"
                )
            )


def _person(id: int, now: object, hashed: str) -> dict:
    person = {"id": id, "email": f"p{id}@contoh.test", "name": f"Orang {id}"}
    person |= {"password_hash": hashed, "role": "user", "active": True}
    return person | {"created_at": now, "verified_at": now, "institution": "Kampus"}


def _consultation(  # type: ignore[no-untyped-def]
    id: int, state: State, count: int, messages_each: int, now
) -> dict:  # type: ignore[type-arg]
    asked_at = now - timedelta(minutes=count - id)
    newest = id * messages_each
    is_closed = state is State.CLOSED
    row = {column.name: None for column in Consultation.__table__.columns}
    return row | {
        **{"id": id, "number": f"KS-2026-{id:06d}", "year": 2026, "sequence": id},
        **{"category": Category.DATA, "subject": f"Jumlah penduduk nomor {id}"},
        **{"description": "Saya memerlukan jumlah penduduk menurut umur."},
        **{"details": {"area": "Wanadadi", "years": "2025"}, "state": state},
        **{"reason": "resolved" if is_closed else None, "channel": "online"},
        **{"user_id": 3 + id % USERS, "officer_id": 1 + id % 2, "asked_at": asked_at},
        **{"claimed_at": asked_at, "closed_at": asked_at if is_closed else None},
        "turn_number": 1,
        **{"waiting_since": None if is_closed else now, "reads": 0},
        **{"newest_id": newest, "newest_shown_id": newest},
    }


def _turn(c: dict, now) -> dict:  # type: ignore[no-untyped-def]
    asked_at = c["asked_at"]
    turn = {"consultation_id": c["id"], "number": 1, "began_at": asked_at}
    turn |= {"clear_at": asked_at, "due_at": now + timedelta(days=2)}
    return turn | {
        "ended_at": asked_at,
        "end": End.ASKED,
        "officer_id": c["officer_id"],
    }


def _messages(c: dict, messages_each: int) -> list[dict]:  # type: ignore[type-arg]
    return [
        {
            **{"id": c["newest_id"] - messages_each + n + 1, "kind": Kind.MESSAGE},
            **{"consultation_id": c["id"], "event": None, "data": {}, "key": None},
            "author_id": c["user_id"] if n % 2 else c["officer_id"],
            "body": "Data itu ada pada publikasi Kecamatan Dalam Angka, bab tiga.",
            **{"created_at": c["asked_at"], "is_final": False, "is_flagged": False},
        }
        for n in range(messages_each)
    ]


def _mark(c: dict, now: object) -> dict:
    mark = {"consultation_id": c["id"], "user_id": c["user_id"], "read_at": now}
    return mark | {"message_id": c["newest_id"]}


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
