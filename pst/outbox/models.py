"""A mail we owe: written in the transaction of its cause, delivered by the worker."""

import hashlib
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import formataddr
from enum import StrEnum
from typing import Any, Self

import sqlalchemy as sa
from flask import current_app, render_template
from flask_mail import Message
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.background import later
from pst.database import db
from pst.errors import WrongState
from pst.office import settings

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
GIVE_UP_AFTER = timedelta(days=3)
DELIVER = "pst.outbox.jobs.deliver_due"


class Delivery(StrEnum):
    """How far a mail has got."""

    OWED = "owed"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True)
class Attached:
    """A file that goes with a mail."""

    name: str
    type: str
    content: bytes


class OutboxMail(db.Model):
    """A mail, whole, with the reason for it; never deleted while it is owed."""

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    # What the mail is for, as `rating:41`; nothing is ever mailed twice for one cause.
    cause: Mapped[str] = mapped_column(sa.String(120), unique=True)
    to_name: Mapped[str] = mapped_column(sa.String(200))
    to_address: Mapped[str] = mapped_column(sa.String(254), index=True)
    subject: Mapped[str] = mapped_column(sa.String(300))
    body: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[Delivery]
    attempts: Mapped[int]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(sa.Text)
    attachment_name: Mapped[str | None] = mapped_column(sa.String(120))
    attachment_type: Mapped[str | None] = mapped_column(sa.String(80))
    attachment: Mapped[bytes | None] = mapped_column(deferred=True)

    __table_args__ = (sa.Index("ix_outbox_mail_state_due_at", "state", "due_at"),)

    @classmethod
    def put(
        cls,
        kind: str,
        *,
        to: tuple[str, str],
        cause: str,
        attached: "Attached | None" = None,
        **context: Any,
    ) -> "OutboxMail":
        """Owe the mail `mails/<kind>.txt` to `to` (name, address), once per `cause`."""
        full_cause = f"{kind}:{cause}"
        written = db.session.scalar(sa.select(cls).filter_by(cause=full_cause))
        if written is not None:
            return written
        name, address = to
        text = render_template(f"mails/{kind}.txt", name=name, **context)
        subject, _, body = text.partition("\n")
        letter = cls(
            kind=kind,
            cause=full_cause,
            to_name=one_line(name),
            to_address=address,
            subject=one_line(subject)[:300],
            body=body.strip() + "\n",
            state=Delivery.OWED,
            attempts=0,
            created_at=clock.now(),
            due_at=clock.now(),
            attachment_name=attached.name if attached else None,
            attachment_type=attached.type if attached else None,
            attachment=attached.content if attached else None,
        )
        db.session.add(letter)
        later(DELIVER)
        return letter

    @classmethod
    def take_due(cls) -> Self | None:
        """Take the mail that is due longest; count the attempt, put off the next."""
        letter = db.session.scalar(
            sa.select(cls)
            .where(cls.state == Delivery.OWED, cls.due_at <= clock.now())
            .order_by(cls.due_at, cls.id)
            .limit(1)
        )
        if letter is not None:
            letter.attempts += 1
            letter.due_at = clock.now() + pause(letter.attempts)
        return letter

    def mark_sent(self) -> None:
        self.state, self.sent_at, self.error = Delivery.SENT, clock.now(), None

    def mark_refused(self, error: str, for_good: bool) -> None:
        """Note why it did not go; give up when told to, or after three days."""
        self.error = error[:500]
        if for_good or clock.now() - self.created_at > GIVE_UP_AFTER:
            self.state = Delivery.FAILED

    def can_be_sent_again(self) -> bool:
        """Say whether it has not gone yet: what was sent is never sent twice."""
        return self.state is not Delivery.SENT

    def send_again(self) -> None:
        """Owe a mail that did not go anew, from now (*Kirim ulang*)."""
        if not self.can_be_sent_again():
            raise WrongState("Surel ini sudah terkirim.")
        self.state, self.due_at, self.attempts = Delivery.OWED, clock.now(), 0
        later(DELIVER)

    def as_message(self) -> Message:
        """Build what goes to the mail server; the same id each time it is tried."""
        office = settings.current()
        config = current_app.config["PST"]
        sender = config.mail_from or (config.mail and config.mail.user) or office.email
        message = Message(
            subject=self.subject,
            recipients=[formataddr((self.to_name, self.to_address))],
            body=self.body,
            sender=(office.service_name, sender or "pst@localhost"),
            extra_headers={"Auto-Submitted": "auto-generated"},
        )
        if self.attachment_name is not None:
            message.attach(self.attachment_name, self.attachment_type, self.attachment)
        digest = hashlib.sha256(self.cause.encode()).hexdigest()[:24]
        message.msgId = f"<{self.id}.{digest}@pst>"
        return message


def one_line(text: str) -> str:
    """Fold white space and drop control characters: nothing to forge a header with."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def pause(attempts: int) -> timedelta:
    """Tell how long to wait after so many attempts: doubling, with some chance."""
    grown = min(FIRST_PAUSE * 2 ** min(attempts - 1, 12), LONGEST_PAUSE)
    return grown * random.uniform(0.8, 1.2)
