"""What the clock does for the IT person."""

from datetime import timedelta

from flask import current_app

from pst import clock
from pst.admin import backup, soundness
from pst.database import db, only_read, shorten_log, transaction
from pst.office import settings, workdays

BACKUP_HOUR = 1
SAMPLE = 1000  # rows of each index that the planner's counts are made from


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
    """Look whether the data are sound, and keep the database quick and small.

    Raises `Unsound`, which the system screen shows until a later run finds nothing.
    """
    only_read()
    try:
        soundness.look()
    finally:
        db.session.rollback()
        only_read(False)
    with db.engine.connect() as connection:
        # `optimize` looks only at what its own connection has asked about, which is
        # nothing yet; so the planner's counts are taken anew, from a sample.
        connection.exec_driver_sql(f"PRAGMA analysis_limit={SAMPLE}")
        connection.exec_driver_sql("ANALYZE")
        connection.exec_driver_sql("PRAGMA optimize")
        connection.commit()
    shorten_log()
