"""The consultations of a period that were or are late, one by one."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pst.consultations.models import Consultation
from pst.database import db
from pst.reports.periods import Period, within
from pst.reports.service_level_sql import FIRST_LATE, IS_LATE

LATE_SHOWN = 100
C = Consultation


def late_consultations(period: Period, as_of: datetime) -> list[dict[str, Any]]:
    """List what was late at `as_of`, with the reason an officer gave, if any."""
    rows = db.session.execute(
        sa.select(
            C.number,
            C.category,
            C.asked_at,
            FIRST_LATE.label("first"),
            C.late_reason,
            C.late_note,
        )
        .where(within(period, C.asked_at), IS_LATE)
        .order_by(C.asked_at, C.id)
        .limit(LATE_SHOWN),
        {"as_of": as_of},
    )
    return [
        {
            "number": row.number,
            "category": row.category.value,
            "asked_at": row.asked_at.isoformat(timespec="seconds"),
            "first": bool(row.first),
            "reason": row.late_reason.value if row.late_reason else "",
            "note": row.late_note or "",
        }
        for row in rows
    ]
