"""What only the watch looks at: too slow, or too far off, for a health page."""

import logging
import subprocess
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app

from pst import clock, lamps
from pst.admin import job_runs
from pst.admin.health import certificate
from pst.admin.job_runs import JobRun
from pst.database import db, reading, transaction
from pst.lamps import Level, level
from pst.outbox.due import LEASE
from pst.outbox.models import MAX_PAUSE_LENGTH, Delivery, OutboxMail

log = logging.getLogger(__name__)
CERTIFICATE, CLOCK = "certificate", "clock"
lamps.register(CERTIFICATE)
lamps.register(CLOCK)
# An ACME certificate is renewed with 30 days left: with 20 that did not work.
CERTIFICATE_ENDS = timedelta(days=20)
# What a time server corrects is less; who must look has a day to see it.
STEP = timedelta(minutes=2)
STEP_SHOWN = timedelta(days=1)
WATCH = "watch_lamps"
IS_SYNCHRONISED = ("timedatectl", "show", "--property=NTPSynchronized", "--value")
PATIENCE_S = 5


def look_at_certificate() -> None:
    """Turn the lamp of the certificate."""
    try:
        time_left = certificate.time_left(current_app.config["PST"].base_url)
    except OSError as error:
        log.warning("the certificate cannot be seen: %s", error)
        shade, words = Level.WARN, str(error)
    else:
        shade = level(False, time_left is not None and time_left < CERTIFICATE_ENDS)
        words = "" if time_left is None else str(max(time_left.days, 0))
    with transaction():
        lamps.turn(CERTIFICATE, shade, words)


def look_at_clock() -> None:
    """Notice that the time went backwards since the last look, and mend what waits.

    What was put off under a clock that ran ahead would wait until that date.
    """
    with reading():
        run = db.session.get(JobRun, WATCH)
        before = run.finished_at if run else None
    is_synchronised = _is_synchronised()
    now = clock.now()
    with transaction():
        if before and before - now > STEP:
            log.error("the clock went back by %s", before - now)
            lamps.turn(CLOCK, Level.BAD, before.isoformat())
            _release_mails(now)
        elif not _is_fresh_step(now):
            lamps.turn(CLOCK, level(not is_synchronised))
    job_runs.note(WATCH, now, None)


def _is_fresh_step(now: datetime) -> bool:
    lamp = db.session.get(lamps.Lamp, CLOCK)
    return (
        lamp is not None
        and lamp.level is Level.BAD
        and abs(now - lamp.since) < STEP_SHOWN
    )


def _release_mails(now: datetime) -> None:
    """Let mails go that wait for a time the clock showed by mistake."""
    update = sa.update(OutboxMail).where(OutboxMail.state == Delivery.OWED)
    late = OutboxMail.due_at > now + 2 * MAX_PAUSE_LENGTH
    db.session.execute(update.where(late).values(due_at=now))
    is_held = OutboxMail.leased_until > now + LEASE
    db.session.execute(update.where(is_held).values(leased_until=None))


def _is_synchronised() -> bool:
    """Ask systemd whether a time server keeps the clock; yes where no one can say."""
    try:
        status = subprocess.run(
            IS_SYNCHRONISED, capture_output=True, text=True, timeout=PATIENCE_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return True
    return status.stdout.strip() != "no"
