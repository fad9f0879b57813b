"""Deliver what is owed."""

import logging
from time import monotonic

from flask import current_app

from pst.background import later
from pst.database import db, transaction
from pst.outbox import due
from pst.outbox.answers import BEFORE_MAIL, STOPPING, Outcome, SmtpAnswer, Stage
from pst.outbox.delivery import MailConnection
from pst.outbox.message.mail_parts import Envelope, UnwritableLetter, as_message
from pst.outbox.models import DELIVER, OutboxMail
from pst.outbox.servers import MailServer
from pst.outbox.smtp_answers import DeliveryRefusal

log = logging.getLogger(__name__)
# One run ends soon, so that the worker can be stopped gently; the next takes over.
RUN_S = 45
# So many refusals in a row that give no reason are about us.
MAX_UNCLEAR = 3


def deliver_due() -> None:
    """Send every mail that is due; hold no lock while the mail server thinks.

    Without a mail server the mails stay owed, to be read on the outbox screen.
    """
    if current_app.config["PST"].mail is None:
        return
    with transaction():
        due.park_deadly()
        if MailServer.current().is_paused or not due.has_any():
            return
    run = Run()
    try:
        run.go()
    finally:
        run.line.close()


class Run:
    """Mails handed over one after the other on one connection."""

    def __init__(self) -> None:
        self.line = MailConnection(current_app.config["PST"].mail)
        self.unclear = 0  # refusals in a row without a reason
        self.alone = 0  # refusals in a row that only one mail gets

    def go(self) -> None:
        """Deliver until nothing is due, the server takes nothing, or time is up."""
        until = monotonic() + RUN_S
        try:
            self.line.open()
        except DeliveryRefusal as refused:
            with transaction():
                MailServer.current().pause(refused.answer)
            return
        while self.deliver_one():
            if monotonic() > until:
                with transaction():
                    later(DELIVER, behind=True)
                return

    def deliver_one(self) -> bool:
        """Try the mail that is due longest; return whether to go on to the next."""
        with transaction():
            letter = due.take()
            if letter is None:
                return False
            id, message = letter.id, written(letter)
        if message is None:
            return True
        try:
            self.line.send(message)
        except DeliveryRefusal as refused:
            log.warning("mail %s: %s", id, refused)
            with transaction():
                return self._refused(id, refused.answer)
        with transaction():
            self._note_sent(id)
        return True

    def _note_sent(self, id: int) -> None:
        self.unclear = self.alone = 0
        server = MailServer.current()
        outcome = server.outcome
        if server.take():
            due.release(outcome)
        db.session.get_one(OutboxMail, id).mark_sent()

    def _refused(self, id: int, answer: SmtpAnswer) -> bool:
        """Note a refusal; return whether the server may take the next mail."""
        server = MailServer.current()
        letter = db.session.get_one(OutboxMail, id)
        if answer.outcome is Outcome.UNSURE:
            letter.refuse(answer)
            server.pause(answer)
            return False
        if answer.outcome in STOPPING:
            return self._note_stop(letter, server, answer)
        letter.refuse(answer)
        self.unclear = self.unclear + 1 if answer.outcome is Outcome.UNCLEAR else 0
        if self.unclear < MAX_UNCLEAR:
            return True
        server.pause(answer)
        return False

    def _note_stop(
        self, letter: OutboxMail, server: MailServer, answer: SmtpAnswer
    ) -> bool:
        if answer.stage in (*BEFORE_MAIL, Stage.MAIL):
            letter.give_back()
        elif not self.alone and is_singled_out(letter, server):
            # It was refused, the others went, and it is refused again: no fault of
            # ours, and no other mail waits for this one.
            letter.refuse(answer, is_alone=True)
            self.alone += 1
            return True
        else:
            letter.refuse(answer)
        server.pause(answer)
        return False


def is_singled_out(letter: OutboxMail, server: MailServer) -> bool:
    """Return whether the server has taken others since it stopped at this mail."""
    return (
        letter.stage not in (None, Stage.MAIL)
        and letter.answered_at is not None
        and server.took_at is not None
        and server.took_at > letter.answered_at
    )


def written(letter: OutboxMail) -> Envelope | None:
    """Return what goes to the server; None when no mail can be made of it."""
    try:
        message = as_message(letter)
        message.as_bytes()
    except UnwritableLetter as error:
        letter.give_up(error.outcome, str(error))
    except Exception as error:  # one bad mail must not hold up the others
        log.exception("mail %s cannot be written", letter.id)
        letter.give_up(Outcome.CONTENT, f"{type(error).__name__}: {error}")
    else:
        return message
    return None
