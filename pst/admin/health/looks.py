"""The state of the system: one look at everything, for monitors and for admins."""

import logging
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from redis import Redis
from redis.exceptions import RedisError
from rq import Worker
from rq.cron import CronScheduler

from pst import clock, lamps
from pst.accounts.log_in import refusals
from pst.admin import job_runs
from pst.admin.backups.looks import (
    backup,
    backup_copied,
    backup_dates,
    backup_in_clear,
    backup_tidied,
    backup_verified,
)
from pst.admin.continuous_copy.looks import continuous_copy
from pst.admin.health.file_look import file_store
from pst.admin.health.mail_looks import bounces, failed_mails, mail, owed_mails
from pst.database import db, engine
from pst.dead_letters import MAX_FAILURES, ParkedItem
from pst.lamps import Level, level
from pst.office import settings
from pst.office.days_off import DayOff
from pst.search.storage import sources
from pst.uploads import scanning

log = logging.getLogger(__name__)
LITTLE_DISK, NO_DISK = 500_000_000, 100_000_000
LOCK_PATIENCE_S = 2
# A worker gives a sign of life at least this often, also during a long job.
WORKER_SILENT = timedelta(minutes=10)
SCHEDULER_SILENT = timedelta(minutes=3)
NEXT_YEAR_FROM_MONTH = 10


@dataclass(frozen=True)
class Check:
    """The state of one part of the system; `name` chooses the words on screen."""

    name: str
    level: Level
    value: Any = None
    # The exception that kept the look from ending.
    error: str | None = None

    @property
    def is_well(self) -> bool:
        return self.level is Level.GOOD


def checks() -> list[Check]:
    """Return the state of every part; one whose look fails is bad."""
    looks = [_check(name, look) for name, look in LOOKS.items()]
    return [*looks, *_feature_lamps()]


def _feature_lamps() -> list[Check]:
    """Return the lamps that features turn themselves (see `pst/lamps.py`)."""
    try:
        rows = lamps.by_name()
    except sa.exc.SQLAlchemyError:  # the look at the database reports it
        db.session.rollback()
        return []
    return [
        Check(name, rows[name].level, rows[name].value)
        if name in rows
        else Check(name, Level.GOOD)
        for name in lamps.registered()
    ]


def worst(checks: list[Check]) -> Level:
    """Return the worst level among `checks`."""
    return max((check.level for check in checks), key=list(Level).index)


def _check(name: str, look: Callable[[], tuple[Level, Any]]) -> Check:
    try:
        return Check(name, *look())
    except Exception as error:
        db.session.rollback()
        log.exception("health: %s", name)
        return Check(name, Level.BAD, error=type(error).__name__)


def database() -> tuple[Level, Any]:
    """Write and roll back: a database that cannot be written is bad."""
    address = current_app.config["PST"].database_url
    if fault := engine().why_not_writable(address, LOCK_PATIENCE_S):
        log.error("health: the database cannot be written: %s", fault)
        return Level.BAD, fault
    return Level.GOOD, engine().size(address)


def disk() -> tuple[Level, Any]:
    """Return how many bytes are free."""
    free = shutil.disk_usage(current_app.config["PST"].data_dir).free
    return level(free < LITTLE_DISK, free < NO_DISK), free


def redis() -> tuple[Level, Any]:
    """Return whether Redis answers; without it jobs only wait longer."""
    return level(not has_redis()), None


def has_redis() -> bool:
    """Return whether jobs reach the worker at once."""
    queue = current_app.extensions["queue"]
    try:
        return bool(queue and queue.connection.ping())
    except RedisError:
        return False


def worker() -> tuple[Level, Any]:
    """Return how long workers have been silent; without Redis they do not work."""
    return _alive(WORKER_SILENT, lambda redis: Worker.all(connection=redis))


def scheduler() -> tuple[Level, Any]:
    """Return how long the scheduler has been silent."""
    return _alive(SCHEDULER_SILENT, CronScheduler.all)


def _alive(silence: timedelta, find: Callable[[Redis], list[Any]]) -> tuple[Level, Any]:
    if not has_redis():
        return Level.BAD, None
    processes = find(current_app.extensions["queue"].connection)
    beats = [each.last_heartbeat for each in processes if each.last_heartbeat]
    silent = min((_age(beat.timestamp()) for beat in beats), default=None)
    return level(False, silent is None or silent > silence), silent


def _age(timestamp: float) -> timedelta:
    # Redis and RQ use the real time, which differs from ours only in tests.
    return timedelta(seconds=max(0, time.time() - timestamp))


def jobs() -> tuple[Level, Any]:
    """Return the jobs whose newest run failed, except those with their own lamp."""
    failures = [
        run
        for run in job_runs.last().values()
        if run.has_failed and run.name not in WITH_A_LAMP
    ]
    return level(bool(failures)), failures


def parked() -> tuple[Level, Any]:
    """Return how many items jobs have given up."""
    given_up = ParkedItem.failures >= MAX_FAILURES
    count = db.session.scalar(sa.select(sa.func.count()).where(given_up))
    return level(bool(count)), count


def search_index() -> tuple[Level, Any]:
    """Compare two counts of documents; the nightly job compares every word."""
    indexed, expected_count = sources.counts()
    return level(expected_count != indexed), (indexed, expected_count)


def virus_scanner() -> tuple[Level, Any]:
    """Return how many files are in quarantine; red when the scanner does not answer."""
    if current_app.config["PST"].clamd is None:
        return Level.GOOD, None
    is_away = not scanning.is_answering()
    count = len(scanning.quarantined())
    return level(bool(count), is_away), None if is_away else count


def calendar() -> tuple[Level, Any]:
    """Return the years without days off: this one, and from autumn the next."""
    today = clock.today(settings.current().zone)
    last = today.year + (today.month >= NEXT_YEAR_FROM_MONTH)
    missing = [year for year in range(today.year, last + 1) if not _days_off(year)]
    return level(bool(missing), today.year in missing), missing


def _days_off(year: int) -> int:
    span = DayOff.on.between(date(year, 1, 1), date(year, 12, 31))
    return db.session.scalar(sa.select(sa.func.count()).where(span)) or 0


# No mail can report what keeps mails from leaving.
lamps.say_without_mail("owed_mails")
lamps.say_without_mail("mail")
WITH_A_LAMP = {"copy_backups", "verify_backups", "tidy_backups"}


def refused() -> tuple[Level, Any]:
    """Return the refusals of this hour; never red, or a stranger could turn it red."""
    counts = refusals.too_many()
    return level(bool(counts)), counts or None


LOOKS: dict[str, Callable[[], tuple[Level, Any]]] = {
    look.__name__: look
    for look in (
        database,
        disk,
        file_store,
        redis,
        worker,
        scheduler,
        jobs,
        parked,
        mail,
        owed_mails,
        failed_mails,
        bounces,
        search_index,
        calendar,
        backup,
        backup_copied,
        backup_verified,
        backup_tidied,
        backup_dates,
        backup_in_clear,
        continuous_copy,
        virus_scanner,
        refused,
    )
}
