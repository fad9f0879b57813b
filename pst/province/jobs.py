"""The nightly round of the offices; nothing happens where none are listed."""

from datetime import timedelta

import sqlalchemy as sa

from pst import clock
from pst.database import db, reading
from pst.office import settings
from pst.province.collecting import collect_from, note_lamp, usual_periods
from pst.province.districts import District

# From this hour of the office's zone on, each office once a day.
FIRST_HOUR = 2
# An office that could not be asked is asked again after so long.
AGAIN_AFTER = timedelta(hours=6)


def collect_districts() -> None:
    """Ask each office that was not asked this night."""
    due = due_ids()
    if not due:
        return
    periods = usual_periods()
    for id in due:
        collect_from(id, periods)
    note_lamp()


def due_ids() -> list[int]:
    """Return the offices to ask now."""
    with reading():
        here = clock.now().astimezone(settings.current().zone)
        if here.hour < FIRST_HOUR:
            return []
        night = here.replace(hour=FIRST_HOUR, minute=0, second=0, microsecond=0)
        is_due = sa.or_(
            District.tried_at.is_(None),
            District.tried_at < night,
            sa.and_(
                District.fault != "", District.tried_at <= clock.now() - AGAIN_AFTER
            ),
        )
        return list(db.session.scalars(sa.select(District.id).where(is_due)))
