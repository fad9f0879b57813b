"""What is counted of every consultation of a period, read in one pass."""

from collections.abc import Sequence
from datetime import datetime
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

    Moments are seconds since 1970; verdicts are 1, 0 or None.
    """
    # The driver's own tuples, a few at a time: tens of thousands at once, or rows
    # made of them, would keep the collector as busy as the query the database.
    result = db.session.connection().execute(_query(period), {"as_of": as_of})
    names = list(result.keys())
    columns: list[list[Any]] = [[] for _ in names]
    while rows := result.cursor.fetchmany(ROWS_AT_ONCE):
        for column, values in zip(columns, zip(*rows, strict=True), strict=True):
            column.extend(values)
    result.close()
    return dict(zip(names, columns, strict=True))


def _query(period: Period) -> sa.Executable:
    texts = {
        "category": C.category,
        "channel": C.channel,
        "state": C.state,
        "reason": C.reason,
        "institution": User.institution_kind,
        "occupation": User.occupation,
        "late_reason": late_reason(),
    }
    query = (
        sa.select(
            *(epoch(each).label(name) for name, each in moments().items()),
            *(_plain(each, int).label(name) for name, each in VERDICTS.items()),
            *(_plain(each, str).label(name) for name, each in texts.items()),
            C.details["purpose"].as_string().label("purpose"),
        )
        .join(User, C.user_id == User.id)
        .where(within(period, C.asked_at))
    )
    return joined(query)


def _plain(column: Any, kind: type) -> Any:
    """Return a column as the driver reads it, without an enum or a flag around it."""
    return sa.type_coerce(column, sa.Integer() if kind is int else sa.String())
