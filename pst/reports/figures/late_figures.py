"""The consultations of a period that were or are late, one by one."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pst.consultations.models import Consultation
from pst.consultations.service_level.turns import Turn, late
from pst.database import db
from pst.reports.figures.service_level_sql import AS_OF
from pst.reports.periods import Period, within

LATE_SHOWN = 100
C = Consultation


def late_consultations(period: Period, as_of: datetime) -> list[dict[str, Any]]:
    """List what was late at `as_of`, with the reason an officer gave, if any."""
    is_late = late(Turn, AS_OF)
    late_ids = (
        sa.select(C.id)
        .where(within(period, C.asked_at))
        .where(sa.exists().where(Turn.consultation_id == C.id, is_late))
        .order_by(C.asked_at, C.id)
        .limit(LATE_SHOWN)
    )
    turns = db.session.execute(
        sa.select(C.number, C.category, C.asked_at, Turn)
        .join(Turn, Turn.consultation_id == C.id)
        .where(C.id.in_(late_ids), is_late)
        .order_by(C.asked_at, C.id, Turn.number),
        {"as_of": as_of},
    )
    return _by_consultation(turns)


def _by_consultation(turns: Iterable[Any]) -> list[dict[str, Any]]:
    """Return one row for each consultation, with the first reason of its late turns."""
    rows: dict[str, dict[str, Any]] = {}
    for number, category, asked_at, turn in turns:
        row = rows.setdefault(
            number,
            {
                "number": number,
                "category": category.value,
                "asked_at": asked_at.isoformat(timespec="seconds"),
                "first": turn.number == 1,
                "reason": "",
                "note": "",
            },
        )
        if turn.late_reason and not row["reason"]:
            row["reason"], row["note"] = turn.late_reason.value, turn.late_note or ""
    return list(rows.values())
