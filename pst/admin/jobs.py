"""What the clock does for the IT person."""

from datetime import timedelta

import sqlalchemy as sa
from flask import current_app

from pst import clock
from pst.admin import backup
from pst.database import db, only_read, transaction
from pst.knowledge import importing, index
from pst.office import settings, workdays

BACKUP_HOUR = 1


class Unsound(Exception):
    """Something in the data is not as it must be; its text says what."""


def keep_calendar() -> None:
    """Have the days off of this year, the last and the next."""
    with transaction():
        workdays.seed_ahead()


def back_up() -> None:
    """Make the backup of the night, once, and copy it; late when the night was missed.

    Raises `BackupFailed`, which the system screen shows.
    """
    config = current_app.config["PST"]
    now = clock.now().astimezone(settings.current().zone)
    db.session.rollback()
    since = now.replace(hour=BACKUP_HOUR, minute=0, second=0, microsecond=0)
    if since > now:
        since -= timedelta(days=1)
    if any(each.created_at >= since for each in backup.kept(config.backup_dir)):
        return
    made = backup.create(config)
    if config.backup_copy_dir:
        backup.copy(made, config.backup_copy_dir)
        backup.tidy(config.backup_copy_dir)
    backup.tidy(config.backup_dir)


def tend_database() -> None:
    """Look whether the database is sound, and keep it quick and small.

    Raises `Unsound`, which the system screen shows until a later run finds nothing.
    """
    only_read()
    found = db.session.scalars(sa.text("PRAGMA quick_check(5)")).all()
    orphans = db.session.execute(sa.text("PRAGMA foreign_key_check")).all()
    drift = index.check(db.session.connection(), importing.published_documents())
    db.session.rollback()
    only_read(False)
    if found != ["ok"]:
        raise Unsound("; ".join(found))
    if orphans:
        raise Unsound(f"{len(orphans)} rows without their parent in {orphans[0][0]}")
    if drift:
        raise Unsound(f"the search index: {drift}; run: flask search reindex")
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA optimize")
        connection.commit()
    _shorten_log()


def _shorten_log() -> None:
    """Move the write-ahead log into the database; not while somebody reads it."""
    raw = db.engine.raw_connection()
    try:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[attr-defined]
    finally:
        raw.close()
