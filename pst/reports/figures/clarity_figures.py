"""How often users were asked what they mean, and for how long the clock stood."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pst.consultations.models import Consultation
from pst.consultations.service_level.clarity import Clarity, ClearedBy
from pst.consultations.service_level.turns import Turn
from pst.database import db
from pst.database.base import epoch
from pst.office import days_off
from pst.reports.figures.working_hours import ServiceHours, Spread
from pst.reports.periods import Period, within


def clarity(period: Period, as_of: datetime) -> dict[str, Any]:
    """Count the questions of a period, by what ended them; not those taken back.

    A question that no one has answered stands until its turn ends, or until `as_of`.
    """
    ended_at = sa.func.coalesce(Clarity.ended_at, Turn.ended_at, as_of)
    rows = db.session.execute(
        sa.select(epoch(Clarity.asked_at), epoch(ended_at), Clarity.ended_by)
        .join(Turn, Turn.id == Clarity.turn_id)
        .join(Consultation, Consultation.id == Turn.consultation_id)
        .where(within(period, Consultation.asked_at))
        .where(Clarity.ended_by.is_distinct_from(ClearedBy.UNDONE))
    ).all()
    begins, ends = [row[0] for row in rows], [row[1] for row in rows]
    hours = ServiceHours(
        days_off.calendar(), min(begins, default=0.0), max(ends, default=0.0)
    )
    stood = asdict(Spread.of(hours.between_all(begins, ends)))
    by = [row[2] for row in rows]
    return {
        "asked": stood.pop("count"),
        "by_user": by.count(ClearedBy.USER),
        "by_officer": by.count(ClearedBy.OFFICER),
        "standing": by.count(None),
        **stood,
    }
