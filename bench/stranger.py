"""What one request of a stranger can cost: CPU of the whole of it, in process.

Every public route, with texts that are legal and as costly as they can be. The limits
are off, so that each request does its work; `bin/bench stranger` prints a table.
"""

import logging
import re
import tempfile
import time
import unicodedata
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import quote

from flask import Flask
from flask_migrate import upgrade

from pst import config, create_app
from pst.accounts.passwords import hash_password
from pst.database import db, transaction
from pst.demo.people import PASSWORD, PEOPLE, register
from pst.knowledge.exchange import entries, importing
from pst.office import days_off
from pst.web.request_limits import STRANGERS_BYTES
from tests.journeys.conftest import Browser
from tests.processes import ROOT
from tests.security.conftest import Office, furnish

AIM_S = 0.5
MAX_FIELD = 10_000
# What an address may hold, less its own path; see web/request_limits.py.
MAX_QUERY = 7_000
ROUTES = ROOT / "tests" / "security" / "routes.txt"
FIELD = re.compile(r'<(?:input|select|textarea|button)[^>]*\sname="([^"]+)"')
ASKED = ("q", "uraian", "subjek", "next", "jenis", "kategori", "hal", "lanjutan")
BROWSERS_OWN = {"csrf_token"}


def cut(words: str, length: int) -> str:
    return "".join(islice(cycle(words), length))


def different(length: int) -> str:
    """Words that no one has written before and no dictionary knows."""
    words, n = [], 0
    while sum(map(len, words)) + len(words) < length:
        n += 1
        words.append("".join(chr(97 + (n * k * 7 + k) % 26) for k in range(1, 12)))
    return " ".join(words)[:length]


MARKS = "".join(
    chr(code) for code in range(0x300, 0x1E000) if unicodedata.combining(chr(code))
)
TEXTS = {
    "marks": lambda n: cut("a" + MARKS[:29], n),
    "all marks": lambda n: cut("a" + MARKS, n),
    "ligatures": lambda n: cut("\ufdfa", n),
    "unknown words": different,
    "misspelt": lambda n: cut("pendudk mnurut kecmatan pengangurn inflsi ", n),
    "addresses": lambda n: cut("https://a.id/?a=b&c=(d) www.x.id a@b.id ", n),
    "tables": lambda n: cut("a\tb\tc\n", n),
    "brackets": lambda n: cut("[![(<&\"'`|*_~#", n),
    "digits": lambda n: cut("3304 0812 1-2-3 4567890123456789 ", n),
    "one word": lambda n: cut("a", n),
    "blanks": lambda n: cut(" \u3000\u200b", n),
}


@dataclass(frozen=True)
class Cost:
    """One request, and what it took."""

    seconds: float
    status: int
    what: str


def main() -> None:
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="pst-bench-") as name:
        office = _open(Path(name))
        costs = [cost for route in _routes(office) for cost in _try(office, *route)]
    worst = sorted(costs, key=lambda cost: -cost.seconds)
    print(f"{len(costs)} requests; the costliest, CPU seconds, status:")
    for cost in worst[:40]:
        mark = "  ABOVE THE AIM" if cost.seconds > AIM_S else ""
        print(f"{cost.seconds:7.3f}  {cost.status}  {cost.what}{mark}")


def _open(folder: Path) -> Office:
    app = create_app(config.load({"PST_DATA_DIR": str(folder), "PST_TESTING": "1"}))
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        hashed = hash_password(PASSWORD)
        with transaction():
            days_off.seed_ahead()
            for person in PEOPLE:
                register(person, hashed)
            importing.load(entries.starter())
        db.session.remove()
    return furnish(app)


def _routes(office: Office) -> list[tuple[str, str]]:
    """List the methods and addresses that everyone may call, with real links."""
    routes = []
    for line in ROUTES.read_text().splitlines():
        if not line.startswith("everyone"):
            continue
        _, method, path = line.split()
        kind = path.split("/")[1]
        path = path.replace("<token>", office.tokens.get(kind, "x" * 32))
        path = path.replace("<slug>", _any_article(office.app))
        path = re.sub(r"<(?:int:)?\w+>", "1", path)
        routes.append((method, path))
    return routes


def _any_article(app: Flask) -> str:
    page = Browser(app).get("/cari?q=penduduk").text
    match = re.search(r'href="/artikel/([^"#?]+)"', page)
    return match[1] if match else "x"


def _try(office: Office, method: str, path: str) -> list[Cost]:
    if method == "GET":
        alone = [
            _measure(office.app, path, query={name: text(MAX_QUERY // 9)}, of=kind)
            for kind, text in TEXTS.items()
            for name in ASKED
        ]
        both = [
            _measure(
                office.app,
                path,
                query={"q": text(300), "uraian": text(MAX_QUERY)[300:]},
                of=f"{kind}, asked and described",
            )
            for kind, text in TEXTS.items()
        ]
        return alone + both
    names = set(FIELD.findall(Browser(office.app).get(path).text)) - BROWSERS_OWN
    names = names or {"body", "email", "password", "address", "reason", "comment"}
    costs = []
    for kind, text in TEXTS.items():
        legal = dict.fromkeys(sorted(names), text(MAX_FIELD))
        if "email" in legal:
            costs.append(
                _measure(
                    office.app,
                    path,
                    form={**legal, "email": "siapa@contoh.test"}
                    | {"password": text(128)},
                    of=f"{kind}, an address",
                )
            )
        costs.append(_measure(office.app, path, form=legal, of=f"{kind}, each field"))
        for name in sorted(names):
            long = text(STRANGERS_BYTES // 9)
            costs.append(
                _measure(office.app, path, form={name: long}, of=f"{kind} in {name}")
            )
    return costs


def _measure(
    app: Flask,
    path: str,
    of: str,
    query: dict[str, str] | None = None,
    form: dict[str, str] | None = None,
) -> Cost:
    """Send one request as a stranger; its CPU is that of this whole process."""
    stranger = Browser(app)
    stranger.client.environ_base["REMOTE_ADDR"] = "198.51.100.9"
    token = stranger.token() if form is not None else ""
    fields = {**(form or {}), "csrf_token": token}
    address = path
    if query:
        pairs = (f"{name}={quote(text[:MAX_QUERY])}" for name, text in query.items())
        address = f"{path}?{'&'.join(pairs)}"[: MAX_QUERY + len(path)]
    client = stranger.client  # what it spends on making the form is counted too
    began = time.process_time()
    if form is None:
        answer = client.get(address, buffered=True)
    else:
        answer = client.post(address, data=fields, buffered=True)
    took = time.process_time() - began
    method = "GET" if form is None else "POST"
    return Cost(took, answer.status_code, f"{method} {path[:40]} · {of}")


if __name__ == "__main__":
    main()
