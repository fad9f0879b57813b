"""The state of the mails: one look for each thing that can go wrong with them."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from pst import clock
from pst.database import db
from pst.lamps import Level, level
from pst.outbox.answers import STOPPING, Outcome
from pst.outbox.incoming import mailbox, return_paths
from pst.outbox.models import Delivery, OutboxMail
from pst.outbox.servers import MailServer

GIVEN_UP_LATELY = timedelta(days=1)
MAIL_LATE, MAIL_STUCK = timedelta(hours=1), timedelta(days=1)
BOUNCES_UNREAD = timedelta(days=1)


def mail() -> tuple[Level, Any]:
    """Return the state of the mail server: red at once when it refuses us."""
    mail = current_app.config["PST"].mail
    server = MailServer.find()
    if server is None or server.since is None:
        return level(mail is None), mail and mail.host
    is_long = clock.now() - server.since > MAIL_LATE
    return level(True, server.is_refusing or is_long), server


def has_server() -> bool:
    """Return whether there is a server to send mails to."""
    return current_app.config["PST"].mail is not None


def owed_mails() -> tuple[Level, Any]:
    """Return how long the oldest mail that is still owed has been waiting."""
    oldest = db.session.scalar(
        sa.select(sa.func.min(OutboxMail.created_at)).where(
            OutboxMail.state == Delivery.OWED,
            # A full mailbox is not the fault of the server.
            sa.or_(
                OutboxMail.outcome.is_(None), OutboxMail.outcome.in_(list(STOPPING))
            ),
        )
    )
    if oldest is None or not has_server():
        return Level.GOOD, None
    waiting_time = clock.now() - oldest
    return level(waiting_time > MAIL_LATE, waiting_time > MAIL_STUCK), waiting_time


def failed_mails() -> tuple[Level, Any]:
    """Return how many mails failed: red for a day after one was given up.

    A dead address, mostly a mistyped one, is never red.
    """
    failures = sa.select(sa.func.count(OutboxMail.id)).filter_by(
        state=Delivery.FAILED, dismissed_at=None
    )
    given_up = failures.where(
        OutboxMail.outcome.is_distinct_from(Outcome.DEAD_ADDRESS),
        OutboxMail.answered_at > clock.now() - GIVEN_UP_LATELY,
    )
    count = db.session.scalar(failures)
    return level(bool(count), bool(db.session.scalar(given_up))), count


def bounces() -> tuple[Level, Any]:
    """Return whether returned mails are read, and the error if they are not."""
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
