"""How the turns of a period ended, so that a question cannot pass for an answer."""

from datetime import datetime

import sqlalchemy as sa

from pst.consultations.models import Consultation
from pst.consultations.service_level.turns import End, Turn, in_time, late
from pst.database import db
from pst.reports.periods import Period, within

# What the office owes still; no end of its own.
OWED = "owed"


def endings(period: Period, as_of: datetime) -> dict[str, dict[str, int]]:
    """Count the turns of a period by how they ended, and which were in time or late."""
    is_late = late(Turn, as_of)
    rows = db.session.execute(
        sa.select(
            Turn.end,
            sa.func.count(),
            sa.func.count(sa.case((in_time(Turn), 1))),
            sa.func.count(sa.case((is_late, 1))),
        )
        .join(Consultation, Consultation.id == Turn.consultation_id)
        .where(within(period, Consultation.asked_at))
        .group_by(Turn.end)
    )
    counts = {end.value if end else OWED: _row(*numbers) for end, *numbers in rows}
    names = (*(end.value for end in End), OWED)
    return {name: counts.get(name, _row(0, 0, 0)) for name in names}


def _row(count: int, in_time: int, late: int) -> dict[str, int]:
    return {"count": count, "within": in_time, "late": late}
