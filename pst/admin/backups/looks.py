"""The state of the backups: one look for each of their duties (see `duties.py`)."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from pst import clock
from pst.admin import job_runs
from pst.admin.backups.notes import age, archives_in, proven_archives
from pst.database import db
from pst.lamps import Level, level
from pst.office.audit import AuditEntry

# One night missed, and two.
BACKUP_OLD, BACKUP_LOST = timedelta(hours=27), timedelta(hours=51)
DUTY_LATE, DUTY_LOST = timedelta(hours=3), timedelta(hours=27)


def backup() -> tuple[Level, Any]:
    """Return the age of the newest backup that was verified."""
    old = age(current_app.config["PST"].backup_dir)
    without = clock.now() - _beginning() if old is None else old
    return level(old is None or old > BACKUP_OLD, without > BACKUP_LOST), old


def _beginning() -> datetime:
    """Return the moment of the first entry in the audit trail."""
    first: datetime | None = db.session.scalar(sa.select(sa.func.min(AuditEntry.at)))
    return first or clock.now()


def backup_copied() -> tuple[Level, Any]:
    """Return the newest copying of backups to another disk, where one is set up."""
    if current_app.config["PST"].backup_copy_dir is None:
        return Level.GOOD, None
    return _duty("copy_backups")


def backup_verified() -> tuple[Level, Any]:
    """Return the newest verification of the backups."""
    return _duty("verify_backups")


def backup_tidied() -> tuple[Level, Any]:
    """Return when old backups were last removed."""
    return _duty("tidy_backups")


def _duty(name: str) -> tuple[Level, Any]:
    """Return the newest run of a duty that is due every hour."""
    run = job_runs.last().get(name)
    if run is None:
        return Level.WARN, None
    if run.has_failed or run.finished_at is None:
        return Level.BAD, run
    old = abs(clock.now() - run.finished_at)
    return level(old > DUTY_LATE, old > DUTY_LOST), run


def backup_dates() -> tuple[Level, Any]:
    """Return the backups dated in the future: some clock was wrong."""
    backups = proven_archives(current_app.config["PST"].backup_dir)
    strange = [each.path.name for each in backups if each.is_from_the_future]
    return level(bool(strange)), strange


def backup_in_clear() -> tuple[Level, Any]:
    """Return how many backups are not encrypted."""
    archives = archives_in(current_app.config["PST"].backup_dir)
    count = sum(path.suffix != ".age" for path in archives)
    return level(bool(count)), count
