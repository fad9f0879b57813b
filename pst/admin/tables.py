"""Tables that leave as files: the trail as CSV, harmless to a spreadsheet."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

import sqlalchemy as sa

from pst.accounts.users import User
from pst.admin.queries import Trail
from pst.database import db
from pst.web.formats.csv_files import MARK, lines

TRAIL_HEADINGS = (
    *("id", "waktu_utc", "pelaku_id", "pelaku", "tindakan", "objek"),
    *("rincian", "alamat", "hash"),
)
ROWS_AT_ONCE = 1000


def trail_csv(trail: Trail, *, international: bool = False) -> Iterator[str]:
    """Write the entries that the filters choose, a piece at a time."""
    yield MARK + lines([TRAIL_HEADINGS], international=international)
    rows = trail_rows(trail)
    while piece := list(islice(rows, ROWS_AT_ONCE)):
        yield lines(piece, international=international)


def trail_rows(trail: Trail) -> Iterator[list[Any]]:
    names = dict(db.session.execute(sa.select(User.id, User.name)).all())
    entries = db.session.scalars(trail.query.execution_options(yield_per=ROWS_AT_ONCE))
    for entry in entries:
        yield [
            entry.id,
            entry.at.isoformat(),
            entry.actor_id if entry.actor_id is not None else "",
            names.get(entry.actor_id, "") if entry.actor_id else "sistem",
            entry.action,
            entry.subject,
            json.dumps(entry.detail, ensure_ascii=False, sort_keys=True),
            entry.address or "",
            (entry.hash or b"").hex(),
        ]
