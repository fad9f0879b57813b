"""Deliver what is owed."""

import logging
import ssl
from smtplib import (
    SMTP,
    SMTP_SSL,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
)
from time import monotonic

from flask import current_app
from flask_mail import Connection

from pst.background import later
from pst.database import db, transaction
from pst.outbox.letters import Letter, as_message
from pst.outbox.models import DELIVER, OutboxMail

log = logging.getLogger(__name__)
SMTP_TIMEOUT_S = 30
# One run ends soon, so that the worker can be stopped gently; the next takes over.
RUN_S = 45


class ServerAway(Exception):
    """The mail server takes nothing now: no use trying the other mails."""


def deliver_due() -> None:
    """Send every mail that is due; hold no lock while the mail server thinks.

    Without a mail server the mails stay owed, to be read on the outbox screen.
    """
    if current_app.config["PST"].mail is None:
        return
    with transaction():
        OutboxMail.park_deadly()
    until = monotonic() + RUN_S
    while deliver_one():
        if monotonic() > until:
            with transaction():
                later(DELIVER)
            return


def deliver_one() -> bool:
    """Try the mail that is due longest; say whether to go on to the next."""
    with transaction():
        letter = OutboxMail.take_due()
        if letter is None:
            return False
        id = letter.id
        try:
            message = as_message(letter)
        except Exception as error:  # one bad mail must not hold up the others
            log.exception("mail %s cannot be written", id)
            letter.mark_refused(f"{type(error).__name__}: {error}", for_good=True)
            return True
    try:
        hand_over(message)
    except ServerAway as error:
        log.warning("mail %s: the mail server is away: %s", id, error)
        _note_refusal(id, str(error), for_good=False)
        return False
    except SMTPException as error:
        log.warning("mail %s refused: %s", id, type(error).__name__)
        _note_refusal(id, str(error), for_good=is_permanent(error))
    except OSError as error:
        log.warning("mail %s: the connection broke: %s", id, error)
        _note_refusal(id, str(error), for_good=False)
        return False
    except Exception as error:  # an address no mail can be written to
        log.exception("mail %s cannot be sent", id)
        _note_refusal(id, f"{type(error).__name__}: {error}", for_good=True)
    else:
        with transaction():
            db.session.get_one(OutboxMail, id).mark_sent()
    return True


def _note_refusal(id: int, error: str, for_good: bool) -> None:
    with transaction():
        db.session.get_one(OutboxMail, id).mark_refused(error, for_good)


def hand_over(message: Letter) -> None:
    """Give `message` to the mail server; raise `ServerAway` when it has no ear."""
    connection = PatientConnection(current_app.extensions["mail"])
    try:
        connection.__enter__()
    except (OSError, SMTPException) as error:
        raise ServerAway(str(error)) from error
    try:
        connection.send(message, envelope_from=message.envelope_from)
    finally:
        connection.__exit__(None, None, None)


def is_permanent(error: SMTPException) -> bool:
    """Tell a refusal of this mail for good (SMTP 5xx) from one that may pass."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    # Any other answer speaks of us: our log-in, our sender, our manners. An admin can
    # mend that, so the mail waits.
    return isinstance(error, SMTPDataError) and error.smtp_code >= 500


class PatientConnection(Connection):
    """A connection that gives up in time, and knows whom it talks to."""

    def configure_host(self) -> SMTP | SMTP_SSL:
        """Connect; over TLS only to who can prove its name."""
        settings = current_app.config["PST"].mail
        trust = ssl.create_default_context()
        host: SMTP | SMTP_SSL
        if settings.ssl:
            host = SMTP_SSL(
                settings.host, settings.port, timeout=SMTP_TIMEOUT_S, context=trust
            )
        else:
            host = SMTP(settings.host, settings.port, timeout=SMTP_TIMEOUT_S)
        try:
            if settings.tls:
                host.starttls(context=trust)
            if settings.user and settings.password:
                host.login(settings.user, settings.password)
        except BaseException:
            host.close()
            raise
        return host

    def __exit__(self, *exception: object) -> None:
        """Say goodbye; a server that is gone already need not answer."""
        if self.host is None:
            return
        try:
            self.host.quit()
        except (OSError, SMTPException, SMTPResponseException):
            self.host.close()
