"""What grows with the archive: pages of offices of several sizes, and of long talks.

`bin/bench growth [SIZE …]` prints the CPU milliseconds of each page and the plan of
each statement that it asks, and ends with a fault when one reads a growing table whole.
"""

import logging
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from bench.common import Office, build, report, table
from bench.inside import Request, as_browser, ask, costs, get, statements
from bench.page import add_empty_route
from pst import config, create_app
from pst.database import db, transaction
from tests import plans

LENGTHS = (10, 100, 1_000)
SHORT = "DELETE FROM message WHERE consultation_id = :id"
# Makes a conversation longer, with as many entries by each side.
LONGER = """
INSERT INTO message (consultation_id, kind, author_id, body, data, created_at,
  is_final, is_flagged)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
SELECT c.id, 'message', CASE i % 2 WHEN 0 THEN c.user_id ELSE c.officer_id END,
  'Data itu ada pada publikasi Kecamatan Dalam Angka, bab ' || i || '.', '{}',
  c.asked_at, 0, 0
FROM n JOIN consultation AS c ON c.id = :id
"""
NEWEST = """
UPDATE consultation SET newest_shown_id = newest, newest_id = newest
FROM (SELECT max(id) AS newest FROM message WHERE consultation_id = :id)
WHERE id = :id
"""


@dataclass(frozen=True)
class Size:
    """How many consultations are open and closed, and the entries of each."""

    opened: int
    closed: int
    answers_each: int = 5


SIZES = {
    "100 open": Size(100, 20_000, 1),
    "2,000 open": Size(2_000, 20_000, 1),
    "10,000 open": Size(10_000, 20_000, 1),
    # With a million messages.
    "200,000 closed": Size(10_000, 200_000, 2),
}


def main() -> None:
    logging.disable(logging.WARNING)
    figures: dict[str, dict] = {}  # type: ignore[type-arg]
    scans: list[str] = []
    for name in sys.argv[1:] or SIZES:
        with tempfile.TemporaryDirectory(prefix="pst-bench-") as folder:
            figures[name], plan_scans = _measure(Path(folder), SIZES[name])
            scans += [f"{name}: {each}" for each in plan_scans]
        table({name: figures[name]})  # The next office may take long to make.
    ratios = {name: _long_next_to_short(ms) for name, ms in figures.items()}
    report(ms=figures, long_next_to_short=ratios, full_scans=scans)
    sys.exit(bool(scans))


def _long_next_to_short(ms: dict[str, float]) -> dict[str, float]:
    """Return what a long conversation costs next to a short one, on each side."""
    short, long = LENGTHS[0], LENGTHS[-1]
    return {
        side: round(ms[f"{side} {long}"] / ms[f"{side} {short}"], 2)
        for side in ("user", "officer")
    }


def _measure(folder: Path, size: Size) -> tuple[dict[str, float], list[str]]:
    site = build(folder, size.opened, size.closed, size.answers_each)
    env = {"PST_DATA_DIR": str(folder), "PST_TESTING": "1"}
    app = add_empty_route(create_app(config.load(env)))
    with app.app_context(), transaction():
        talks = [_lengthen(*each) for each in enumerate(LENGTHS)]
    paths = _paths(site, talks)
    pages = {
        name: as_browser(app, get(path, f"pst_l={token}"))
        for name, (path, token) in paths.items()
    }
    scans = [each for page in pages.values() for each in _look_at_plans(app, page)]
    ms = costs({name: (app, [page]) for name, page in pages.items()})
    with app.app_context():
        db.engine.dispose()
    return ms, scans


def _lengthen(place: int, length: int) -> tuple[int, str]:
    """Make one that is open and served `length` entries long; return user, number."""
    query = sa.text(
        "SELECT id, user_id, number FROM consultation"
        " WHERE state = 'active' AND officer_id = 1"
        " ORDER BY id DESC LIMIT 1 OFFSET :place"
    )
    id, user_id, number = db.session.execute(query, {"place": place}).one()
    for text in (SHORT, LONGER, NEWEST):
        db.session.execute(sa.text(text), {"id": id, "count": length})
    return user_id, number


def _paths(site: Office, talks: list[tuple[int, str]]) -> dict[str, tuple[str, str]]:
    officer = site.officer_token
    paths = {
        "desk": ("/petugas", officer),
        "list alone": ("/petugas/daftar-kerja", officer),
        "closed": ("/petugas?keadaan=selesai", officer),
        "unexplained": ("/petugas?keadaan=belum-dijelaskan", officer),
        "others": ("/petugas?keadaan=petugas-lain", officer),
        "home": ("/", officer),
    }
    for length, (user_id, number) in zip(LENGTHS, talks, strict=True):
        token = site.tokens[user_id]
        paths[f"user {length}"] = (f"/konsultasi/{number}", token)
        paths[f"officer {length}"] = (f"/petugas/konsultasi/{number}", officer)
    return paths


def _look_at_plans(app: Flask, page: Request) -> list[str]:
    """Print the plan of each statement of a page; return what reads a table whole."""
    with statements(app) as queries:
        ask(app, page)
    print(f"\n== {page['PATH_INFO']}?{page['QUERY_STRING']}", file=sys.stderr)
    scans: list[str] = []
    with app.app_context(), db.engine.connect() as connection:
        for text, values in queries:
            if not text.lstrip().upper().startswith(("SELECT", "WITH")):
                continue
            print(" ".join(text.split())[:160], file=sys.stderr)
            for step in plans.plan(connection, text, values):
                print("    ", step, file=sys.stderr)
            steps = plans.full_scans(connection, text, values)
            scans += [f"{page['PATH_INFO']}: {step}" for step in steps]
    return scans


if __name__ == "__main__":
    main()
