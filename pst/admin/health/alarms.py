"""Mail the admins what is red: once, and again daily while it lasts."""

import logging
from datetime import timedelta

from pst import clock, lamps
from pst.accounts.log_in import refusals
from pst.accounts.users import User
from pst.admin.health.looks import LOOKS, Check, checks
from pst.admin.health.watching import look_at_certificate, look_at_clock
from pst.database import db, reading, transaction
from pst.lamps import Lamp, Level
from pst.outbox.jobs import deliver_due
from pst.outbox.models import OutboxMail
from pst.web.access import Role
from pst.web.responses import link

log = logging.getLogger(__name__)
# Who carries the mails out; when one of these is silent, the watch does it.
CARRIERS = {"redis", "worker", "scheduler"}
RESTART = timedelta(minutes=4)


def watch_lamps() -> None:
    """Look at everything, note how it is, and tell the admins of what is red.

    It may run in the worker and outside it at once: the rows say what was mailed.
    """
    look_at_clock()
    look_at_certificate()
    with reading():
        states = checks()
    red = {check.name: check for check in states if check.level is Level.BAD}
    with transaction():
        for check in states:
            if check.name in LOOKS:
                lamps.turn(check.name, check.level)
        db.session.flush()
        rows = [lamp for name, lamp in lamps.by_name().items() if name in red]
        if any(_is_news(lamp) for lamp in rows):
            _tell(red, rows)
    tell_of_refusals()
    if CARRIERS & set(red):
        deliver_due()


def tell_of_refusals() -> None:
    """Write to each admin, once a day at most, that someone tries doors."""
    refusals_by_kind = refusals.too_many()
    if not refusals_by_kind:
        return
    with transaction():
        for admin in User.serving(Role.ADMIN):
            OutboxMail.put(
                "refusals",
                to=admin.mailbox,
                cause=f"{clock.now():%Y-%m-%d}:{admin.id}",
                counts=refusals_by_kind,
                url=link("admin.system"),
            )


def _is_news(lamp: Lamp) -> bool:
    """Return whether to report it now; a restart of a process is no alarm."""
    lasts = abs(clock.now() - lamp.since)
    return lamp.is_to_be_told and (lamp.name not in CARRIERS or lasts >= RESTART)


def _tell(red: dict[str, Check], rows: list[Lamp]) -> None:
    """Write one mail to each admin about all that is red, and a line in the log."""
    log.error("red: %s", ", ".join(sorted(red)))
    by_mail = [lamp for lamp in rows if lamps.goes_by_mail(lamp.name)]
    is_news = any(_is_news(lamp) for lamp in by_mail)
    now = clock.now()
    for lamp in rows:
        lamp.told_at = now
    if not is_news:
        return
    for admin in User.serving(Role.ADMIN):
        OutboxMail.put(
            "lamps",
            to=admin.mailbox,
            cause=f"{now.isoformat()}:{admin.id}",
            checks=[red[lamp.name] for lamp in by_mail],
            since={lamp.name: lamp.since for lamp in by_mail},
            link=link,
            url=link("admin.system"),
        )
