"""A mail we owe: written in the transaction of its cause, delivered by the worker."""

import hmac
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app, render_template
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock
from pst.background import allow_long, later
from pst.database import db
from pst.outbox.answers import STOPPING, Outcome, SmtpAnswer, Stage
from pst.outbox.mail_files import Enclosure, MailFile
from pst.outbox.pauses import growing
from pst.outbox.threads import takes_replies, thread_of
from pst.rules import WrongState

FIRST_PAUSE = timedelta(minutes=1)
MAX_PAUSE_LENGTH = timedelta(hours=6)
GIVE_UP_AFTER = timedelta(days=3)
# A mail that may have arrived is tried once more after so long; then a person decides.
UNSURE_PAUSE = timedelta(hours=4)
DELIVER = "pst.outbox.jobs.deliver_due"
# A server may take more than an hour over one mail (`delivery.MAX_S`).
DELIVER_TIMEOUT_S = 2 * 3600
allow_long(DELIVER, DELIVER_TIMEOUT_S)


class Delivery(StrEnum):
    """How far a mail has got."""

    OWED = "owed"
    SENT = "sent"
    FAILED = "failed"


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
    # Where the addressee switches such mails off; also a header of the mail.
    unsubscribe_url: Mapped[str | None] = mapped_column(sa.String(300))
    # The same each time it is tried, so that a double shows as one.
    message_id: Mapped[str] = mapped_column(sa.String(120), index=True)
    # Whether anyone could have had it mailed, and not only its addressee or the office.
    by_stranger: Mapped[bool] = mapped_column(server_default=sa.false())
    state: Mapped[Delivery]
    attempts: Mapped[int]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    give_up_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    # What the server answered last: what it means, when, where, the code, its words.
    outcome: Mapped[Outcome | None]
    answered_at: Mapped[datetime | None]
    stage: Mapped[Stage | None]
    status: Mapped[str | None] = mapped_column(sa.String(20))
    error: Mapped[str | None] = mapped_column(sa.Text)
    # A person has read that it did not arrive, and needs it no longer.
    dismissed_at: Mapped[datetime | None]
    # What stands together in a mailbox: the number of a consultation.
    thread: Mapped[str | None] = mapped_column(sa.String(40))
    attachment_name: Mapped[str | None] = mapped_column(sa.String(120))
    attachment_type: Mapped[str | None] = mapped_column(sa.String(80))
    attachment: Mapped[bytes | None] = mapped_column(deferred=True)

    files: Mapped[list[MailFile]] = relationship(
        order_by=MailFile.id, passive_deletes=True, cascade="all, delete-orphan"
    )

    __table_args__ = (sa.Index("ix_outbox_mail_state_due_at", "state", "due_at"),)

    @classmethod
    def put(
        cls,
        kind: str,
        *,
        to: tuple[str, str],
        cause: str,
        attached: "Enclosure | None" = None,
        by_stranger: bool = False,
        **context: Any,
    ) -> "OutboxMail":
        """Add the mail `mails/<kind>.txt` to `to` (name, address), once per `cause`."""
        full_cause = f"{kind}:{cause}"
        earlier = cls._with_cause(full_cause)
        if earlier is not None:
            return earlier
        context["takes_replies"] = takes_replies(context, to[1])
        text = render_template(f"mails/{kind}.txt", name=one_line(to[0]), **context)
        letter = cls._fresh(kind, full_cause, to, text)
        letter.by_stranger = by_stranger
        letter.unsubscribe_url = context.get("unsubscribe_url")
        letter.thread = thread_of(context)
        if attached is not None:
            letter.attachment_name = attached.name
            letter.attachment_type = attached.type
            letter.attachment = attached.content
        db.session.add(letter)
        later(DELIVER)
        return letter

    @classmethod
    def is_put(cls, kind: str, cause: str) -> bool:
        """Return whether the mail of this kind was written for this cause."""
        return cls._with_cause(f"{kind}:{cause}") is not None

    @classmethod
    def _with_cause(cls, full_cause: str) -> "OutboxMail | None":
        return db.session.scalar(sa.select(cls).filter_by(cause=full_cause))

    @classmethod
    def _fresh(
        cls, kind: str, cause: str, to: tuple[str, str], text: str
    ) -> "OutboxMail":
        """Return a mail that is due now; the first line of `text` is its subject."""
        subject, _, body = text.partition("\n")
        now = clock.now()
        return cls(
            kind=kind,
            cause=cause,
            to_name=one_line(to[0]),
            to_address=to[1],
            subject=one_line(subject)[:300],
            body=body.strip() + "\n",
            message_id=new_message_id(cause),
            state=Delivery.OWED,
            attempts=0,
            created_at=now,
            due_at=now,
            give_up_at=now + GIVE_UP_AFTER,
        )

    def take(self, until: datetime) -> None:
        """Lease it: no other run takes it until then."""
        self.attempts += 1
        self.leased_until = until

    def give_back(self) -> None:
        """End the lease of a mail that was not tried after all."""
        self.attempts -= 1
        self.leased_until = None

    def mark_sent(self) -> None:
        self.state, self.sent_at, self.error = Delivery.SENT, clock.now(), None
        self.outcome = self.stage = self.status = None
        self.leased_until = None

    def refuse(self, answer: SmtpAnswer, is_alone: bool = False) -> None:
        """Note what the server answered, and try later or give up.

        Only a dead address ends a mail at once; a refusal of us never does, unless
        the server takes the others (`is_alone`).
        """
        was_unsure = self.outcome is Outcome.UNSURE
        self._note(Outcome.LATER if is_alone else answer.outcome, answer)
        pause = UNSURE_PAUSE
        if self.outcome is not Outcome.UNSURE:
            pause = growing(self.attempts, FIRST_PAUSE, MAX_PAUSE_LENGTH)
        self.due_at = clock.now() + pause
        ends = self.outcome is Outcome.DEAD_ADDRESS
        ends |= was_unsure and self.outcome is Outcome.UNSURE
        is_late = self.outcome not in STOPPING and clock.now() >= self.give_up_at
        if ends or is_late:
            self.state = Delivery.FAILED

    def mark_bounced(self, answer: SmtpAnswer) -> None:
        """Note that the server took it, and gave it up later."""
        self._note(answer.outcome, answer)
        self.state = Delivery.FAILED

    def give_up(self, outcome: Outcome, words: str) -> None:
        """End a mail that was never handed over: unwritable, or deadly to workers."""
        self._note(outcome, SmtpAnswer(Stage.CONNECT, None, words))
        self.stage = None
        self.state = Delivery.FAILED

    def _note(self, outcome: Outcome, answer: SmtpAnswer) -> None:
        self.outcome, self.answered_at = outcome, clock.now()
        self.stage, self.status = answer.stage, answer.status or None
        self.error = one_line(answer.line)[:500]
        self.leased_until = None

    @property
    def can_be_sent_again(self) -> bool:
        """Return whether it has not gone yet: what was sent is never sent twice."""
        return self.state is not Delivery.SENT

    def send_again(self) -> None:
        """Put a mail that did not go back into the queue (*Kirim ulang*)."""
        if not self.can_be_sent_again:
            raise WrongState("Email ini sudah terkirim.")
        self.state, self.due_at, self.attempts = Delivery.OWED, clock.now(), 0
        self.give_up_at = clock.now() + GIVE_UP_AFTER
        self.dismissed_at = self.outcome = None
        later(DELIVER)

    def dismiss(self) -> None:
        """Take it off the list of mails that did not arrive (*Abaikan*)."""
        if self.state is not Delivery.FAILED:
            raise WrongState("Hanya email yang gagal dapat diabaikan.")
        self.dismissed_at = self.dismissed_at or clock.now()


def new_message_id(cause: str) -> str:
    """Return the Message-ID of the mail for `cause`; only its readers can know it."""
    config = current_app.config["PST"]
    host = urlsplit(config.base_url).hostname
    key = f"message id:{config.secret_key}".encode()
    digest = hmac.new(key, cause.encode(), "sha256").hexdigest()[:32]
    return f"<{digest}@{host}>"


def one_line(text: str) -> str:
    """Fold white space and drop control characters: nothing to forge a header with."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
