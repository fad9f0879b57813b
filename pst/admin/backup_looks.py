"""How the backups are: one look for each of their duties (see `duties.py`)."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from pst import clock
from pst.admin import runs
from pst.admin.notes import age, archives_in, kept
from pst.database import db
from pst.lamps import Level, level
from pst.office.audit import AuditEntry

# One night missed, and two.
BACKUP_OLD, BACKUP_LOST = timedelta(hours=27), timedelta(hours=51)
DUTY_LATE, DUTY_LOST = timedelta(hours=3), timedelta(hours=27)


def backup() -> tuple[Level, Any]:
    """Tell the age of the newest backup that was verified."""
    old = age(current_app.config["PST"].backup_dir)
    without = clock.now() - _beginning() if old is None else old
    return level(old is None or old > BACKUP_OLD, without > BACKUP_LOST), old


def _beginning() -> datetime:
    """Return when the service began to be used here."""
    first: datetime | None = db.session.scalar(sa.select(sa.func.min(AuditEntry.at)))
    return first or clock.now()


def backup_copied() -> tuple[Level, Any]:
    if current_app.config["PST"].backup_copy_dir is None:
        return Level.GOOD, None
    return _duty("copy_backups")


def backup_verified() -> tuple[Level, Any]:
    return _duty("verify_backups")


def backup_tidied() -> tuple[Level, Any]:
    return _duty("tidy_backups")


def _duty(name: str) -> tuple[Level, Any]:
    """Tell how the newest run of a duty went, which is due every hour."""
    run = runs.last().get(name)
    if run is None:
        return Level.WARN, None
    if run.has_failed or run.finished_at is None:
        return Level.BAD, run
    old = abs(clock.now() - run.finished_at)
    return level(old > DUTY_LATE, old > DUTY_LOST), run


def backup_dates() -> tuple[Level, Any]:
    """Name the backups that bear a date to come: one clock was wrong."""
    found = kept(current_app.config["PST"].backup_dir)
    strange = [each.path.name for each in found if each.is_from_the_future]
    return level(bool(strange)), strange


def backup_in_clear() -> tuple[Level, Any]:
    """Count the backups that anyone can read who gets hold of them."""
    found = archives_in(current_app.config["PST"].backup_dir)
    count = sum(path.suffix != ".age" for path in found)
    return level(bool(count)), count
