"""What is counted of every consultation of a period, read in one pass."""

from array import array
from collections.abc import Sequence
from datetime import datetime
from sys import intern
from typing import Any

import sqlalchemy as sa

from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.database import db
from pst.database.base import epoch
from pst.reports.figures.service_level_sql import (
    VERDICTS,
    joined,
    late_reason,
    moments,
)
from pst.reports.periods import Period, within

Columns = dict[str, Sequence[Any]]
ROWS_AT_ONCE = 500
C = Consultation


def read_columns(period: Period, as_of: datetime) -> Columns:
    """Return the columns of the consultations asked in `period`, by name.

    Moments are seconds since 1970, 0 where nothing happened; verdicts are 1, 0 or None;
    a text that is not there is empty. Moments are plain numbers, and texts that are
    alike take one place: of 20,000 consultations 4 MB for 10, of which a process would
    keep much.
    """
    # The driver's own tuples, a few at a time: tens of thousands at once, or rows
    # made of them, would keep the collector as busy as the query the database.
    result = db.session.connection().execute(_query(period), {"as_of": as_of})
    texts = _texts()
    columns: dict[str, Any] = {name: array("d") for name in moments()}
    columns |= {name: [] for name in (*VERDICTS, *texts)}
    while rows := result.cursor.fetchmany(ROWS_AT_ONCE):
        for name, values in zip(columns, zip(*rows, strict=True), strict=True):
            columns[name].extend(map(intern, values) if name in texts else values)
    result.close()
    return columns


def _query(period: Period) -> sa.Executable:
    query = (
        sa.select(
            *(_filled(epoch(each), 0.0, name) for name, each in moments().items()),
            *(_plain(each, int).label(name) for name, each in VERDICTS.items()),
            *(_filled(_plain(each, str), "", name) for name, each in _texts().items()),
        )
        .join(User, C.user_id == User.id)
        .where(within(period, C.asked_at))
    )
    return joined(query)


def _texts() -> dict[str, Any]:
    return {
        "category": C.category,
        "channel": C.channel,
        "state": C.state,
        "reason": C.reason,
        "institution": User.institution_kind,
        "occupation": User.occupation,
        "late_reason": late_reason(),
        "purpose": C.details["purpose"].as_string(),
    }


def _filled(column: Any, instead: Any, name: str) -> Any:
    return sa.func.coalesce(column, instead).label(name)


def _plain(column: Any, kind: type) -> Any:
    """Return a column as the driver reads it, without an enum or a flag around it."""
    return sa.type_coerce(column, sa.Integer() if kind is int else sa.String())
