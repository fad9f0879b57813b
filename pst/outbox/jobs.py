"""Deliver what is owed."""

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from flask import current_app

from pst.database import db, transaction
from pst.extensions import mail
from pst.outbox.models import OutboxMail

log = logging.getLogger(__name__)
SMTP_TIMEOUT_S = 30


def deliver_due() -> None:
    """Send every mail that is due; hold no lock while the mail server thinks.

    Without a mail server the mails stay owed, to be read on the outbox screen.
    """
    if current_app.config["PST"].mail is None:
        return
    while True:
        with transaction():
            letter = OutboxMail.take_due()
            if letter is None:
                return
            id, message = letter.id, letter.as_message()
        refusal: Exception | None = None
        try:
            with _patience():
                mail.send(message)
        except (OSError, SMTPException) as error:
            refusal = error
            log.warning("mail %s not taken: %s", id, type(error).__name__)
        with transaction():
            letter = db.session.get_one(OutboxMail, id)
            if refusal is None:
                letter.mark_sent()
            else:
                letter.mark_refused(str(refusal), for_good=_is_permanent(refusal))


def _is_permanent(error: Exception) -> bool:
    """Tell a refusal for good (SMTP 5xx for this mail) from one that may pass."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return (
        isinstance(error, SMTPResponseException)
        and error.smtp_code >= 500
        # 530-538 speak of our own log-in, which an admin can mend.
        and not 530 <= error.smtp_code <= 538
    )


@contextmanager
def _patience() -> Iterator[None]:
    """Give up on a silent mail server; Flask-Mail has no timeout of its own."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(SMTP_TIMEOUT_S)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
