"""How the system is: one look at everything, for monitors and for the IT person."""

import logging
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
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
from pst.accounts import refusals
from pst.admin import runs
from pst.admin.backup_looks import (
    backup,
    backup_copied,
    backup_dates,
    backup_in_clear,
    backup_tidied,
    backup_verified,
)
from pst.consultations import scanning
from pst.database import db, file_of
from pst.knowledge.models import Article
from pst.lamps import Level, level
from pst.office import settings
from pst.office.days_off import DayOff
from pst.outbox import mailbox, return_paths
from pst.outbox.answers import STOPPING, Outcome
from pst.outbox.models import Delivery, OutboxMail
from pst.outbox.servers import MailServer
from pst.parking import MOST_FAILURES, ParkedItem

log = logging.getLogger(__name__)
LITTLE_DISK, NO_DISK = 500_000_000, 100_000_000
LOCK_PATIENCE_S = 2
# A worker says so at least this often, also in the middle of a long job.
WORKER_SILENT = timedelta(minutes=10)
SCHEDULER_SILENT = timedelta(minutes=3)
GIVEN_UP_LATELY = timedelta(days=1)
MAIL_LATE, MAIL_STUCK = timedelta(hours=1), timedelta(days=1)
BOUNCES_UNREAD = timedelta(days=1)
NEXT_YEAR_FROM_MONTH = 10


@dataclass(frozen=True)
class Check:
    """One thing that can be well or not; `name` chooses the words on screen."""

    name: str
    level: Level
    value: Any = None
    # Why it could not be looked at.
    error: str | None = None

    @property
    def is_well(self) -> bool:
        return self.level is Level.GOOD


def checks() -> list[Check]:
    """Look at everything once; what cannot be looked at is bad."""
    found = [_looked_at(name, look) for name, look in LOOKS.items()]
    return [*found, *_turned()]


def _turned() -> list[Check]:
    """Return how the lamps are that features turn themselves (see `pst/lamps.py`)."""
    try:
        rows = lamps.by_name()
    except sa.exc.SQLAlchemyError:  # what is wrong there says the look at the database
        db.session.rollback()
        return []
    return [
        Check(name, rows[name].level, rows[name].value)
        if name in rows
        else Check(name, Level.GOOD)
        for name in lamps.registered()
    ]


def worst(found: list[Check]) -> Level:
    """Tell the worst level among `found`."""
    return max((check.level for check in found), key=list(Level).index)


def _looked_at(name: str, look: Callable[[], tuple[Level, Any]]) -> Check:
    try:
        return Check(name, *look())
    except Exception as error:
        db.session.rollback()
        log.exception("health: %s", name)
        return Check(name, Level.BAD, error=type(error).__name__)


def database() -> tuple[Level, Any]:
    """Write and take it back: what cannot be written must not look well."""
    path = file_of(current_app.config["PST"].database_url)
    with closing(sqlite3.connect(path, LOCK_PATIENCE_S, isolation_level=None)) as file:
        try:
            # BEGIN IMMEDIATE alone succeeds on a database that is read-only.
            file.execute("BEGIN IMMEDIATE")
            file.execute("UPDATE alembic_version SET version_num = version_num")
            file.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            log.error("health: the database cannot be written: %s", error)
            return Level.BAD, str(error)
    return Level.GOOD, path.stat().st_size


def disk() -> tuple[Level, Any]:
    free = shutil.disk_usage(current_app.config["PST"].data_dir).free
    return level(free < LITTLE_DISK, free < NO_DISK), free


def redis() -> tuple[Level, Any]:
    return level(not has_redis()), None


def has_redis() -> bool:
    """Say whether jobs reach the worker at once."""
    queue = current_app.extensions["queue"]
    try:
        return bool(queue and queue.connection.ping())
    except RedisError:
        return False


def worker() -> tuple[Level, Any]:
    """Ask Redis for the newest sign of life; without Redis nobody works."""
    return _alive(WORKER_SILENT, lambda redis: Worker.all(connection=redis))


def scheduler() -> tuple[Level, Any]:
    return _alive(SCHEDULER_SILENT, CronScheduler.all)


def _alive(silence: timedelta, find: Callable[[Redis], list[Any]]) -> tuple[Level, Any]:
    if not has_redis():  # at once, when it did not answer the look before
        return Level.BAD, None
    found = find(current_app.extensions["queue"].connection)
    beats = [each.last_heartbeat for each in found if each.last_heartbeat]
    silent = min((_age(beat.timestamp()) for beat in beats), default=None)
    return level(False, silent is None or silent > silence), silent


def _age(timestamp: float) -> timedelta:
    # Redis and RQ know the real time only, which is ours except in tests.
    return timedelta(seconds=max(0, time.time() - timestamp))


def jobs() -> tuple[Level, Any]:
    """Name the jobs whose newest run failed, but those with a lamp of their own."""
    failed = [
        run
        for run in runs.last().values()
        if run.has_failed and run.name not in WITH_A_LAMP
    ]
    return level(bool(failed)), failed


def parked() -> tuple[Level, Any]:
    """Count the items that jobs have given up."""
    given_up = ParkedItem.failures >= MOST_FAILURES
    count = db.session.scalar(sa.select(sa.func.count()).where(given_up))
    return level(bool(count)), count


def mail() -> tuple[Level, Any]:
    """Return how the mail server is: red at once when it refuses us."""
    mail = current_app.config["PST"].mail
    server = MailServer.seen()
    if server is None or server.since is None:
        return level(mail is None), mail and mail.host
    is_long = clock.now() - server.since > MAIL_LATE
    return level(True, server.is_refusing or is_long), server


def has_server() -> bool:
    """Say whether mails go anywhere."""
    return current_app.config["PST"].mail is not None


def owed_mails() -> tuple[Level, Any]:
    """Tell how long the mail that should have gone first has been waiting."""
    oldest = db.session.scalar(
        sa.select(sa.func.min(OutboxMail.created_at)).where(
            OutboxMail.state == Delivery.OWED,
            # A full mailbox is no fault of the server.
            sa.or_(
                OutboxMail.outcome.is_(None), OutboxMail.outcome.in_(list(STOPPING))
            ),
        )
    )
    if oldest is None or not has_server():
        return Level.GOOD, None
    waited = clock.now() - oldest
    return level(waited > MAIL_LATE, waited > MAIL_STUCK), waited


def failed_mails() -> tuple[Level, Any]:
    """Count the mails that did not go: red for a day after one was given up.

    One to a dead address ended before its time: a wrong address, mostly.
    """
    failed = sa.select(sa.func.count(OutboxMail.id)).filter_by(
        state=Delivery.FAILED, dismissed_at=None
    )
    given_up = failed.where(
        OutboxMail.outcome.is_distinct_from(Outcome.DEAD_ADDRESS),
        OutboxMail.answered_at > clock.now() - GIVEN_UP_LATELY,
    )
    count = db.session.scalar(failed)
    return level(bool(count), bool(db.session.scalar(given_up))), count


def bounces() -> tuple[Level, Any]:
    """Tell whether mails that come back are seen; since when not, and why."""
    if not has_server():
        return Level.GOOD, None
    if not return_paths.is_seen():
        return Level.WARN, None
    box = current_app.config["PST"].bounce_mailbox
    if box is None:  # a pipe brings them
        return Level.GOOD, None
    read_at, error = mailbox.trouble(box)
    is_late = error is not None and (
        read_at is None or clock.now() - read_at > BOUNCES_UNREAD
    )
    return level(error is not None, is_late), error


def search_index() -> tuple[Level, Any]:
    """Compare the counts; the nightly job compares every word."""
    published = db.session.scalar(
        sa.select(sa.func.count(Article.id)).where(Article.published_number.isnot(None))
    )
    indexed = db.session.scalar(sa.text("SELECT documents FROM search_state"))
    return level(published != indexed), (indexed, published)


def virus_scanner() -> tuple[Level, Any]:
    """Ask the scanner, where there is one, and count what it holds back."""
    if current_app.config["PST"].clamd is None:
        return Level.GOOD, None
    is_away = not scanning.is_answering()
    count = len(scanning.quarantined())
    return level(bool(count), is_away), None if is_away else count


def calendar() -> tuple[Level, Any]:
    """Look at the days off of this year, and in autumn of the next."""
    today = clock.today(settings.current().zone)
    last = today.year + (today.month >= NEXT_YEAR_FROM_MONTH)
    missing = [year for year in range(today.year, last + 1) if not _days_off(year)]
    return level(bool(missing), today.year in missing), missing


def _days_off(year: int) -> int:
    span = DayOff.on.between(date(year, 1, 1), date(year, 12, 31))
    return db.session.scalar(sa.select(sa.func.count()).where(span)) or 0


# What keeps mails from going is no news that a mail can bring.
lamps.say_without_mail("owed_mails")
lamps.say_without_mail("mail")
WITH_A_LAMP = {"copy_backups", "verify_backups", "tidy_backups"}


def refused() -> tuple[Level, Any]:
    """Look whether someone tries doors; never red, or a stranger could turn it so."""
    found = refusals.too_many()
    return level(bool(found)), found or None


LOOKS: dict[str, Callable[[], tuple[Level, Any]]] = {
    look.__name__: look
    for look in (
        *(database, disk, redis, worker, scheduler, jobs, parked),
        *(mail, owed_mails, failed_mails, bounces, search_index, calendar),
        *(backup, backup_copied, backup_verified, backup_tidied),
        *(backup_dates, backup_in_clear, virus_scanner, refused),
    )
}
