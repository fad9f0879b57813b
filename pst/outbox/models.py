"""A mail we owe: written in the transaction of its cause, delivered by the worker."""

import hmac
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app, render_template
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.background import later
from pst.database import db
from pst.errors import WrongState

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
GIVE_UP_AFTER = timedelta(days=3)
# Longer than a job may last: nobody takes a mail that another may still be sending.
LEASE = timedelta(minutes=15)
# So often a worker may die with the same mail before that is parked.
MOST_DEATHS = 5
# What one address gets in an hour; the rest waits its turn.
CAP, CAP_PERIOD = 20, timedelta(hours=1)
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
    # Where the addressee switches such mails off; also a header of the mail.
    unsubscribe_url: Mapped[str | None] = mapped_column(sa.String(300))
    # The same each time it is tried, so that a double shows as one.
    message_id: Mapped[str] = mapped_column(sa.String(120), index=True)
    state: Mapped[Delivery]
    attempts: Mapped[int]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    give_up_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
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
        name, address = one_line(to[0]), to[1]
        text = render_template(f"mails/{kind}.txt", name=name, **context)
        subject, _, body = text.partition("\n")
        letter = cls(
            kind=kind,
            cause=full_cause,
            to_name=name,
            to_address=address,
            subject=one_line(subject)[:300],
            body=body.strip() + "\n",
            unsubscribe_url=context.get("unsubscribe_url"),
            message_id=new_message_id(full_cause),
            state=Delivery.OWED,
            attempts=0,
            created_at=clock.now(),
            due_at=clock.now(),
            attachment_name=attached.name if attached else None,
            attachment_type=attached.type if attached else None,
            attachment=attached.content if attached else None,
            give_up_at=clock.now() + GIVE_UP_AFTER,
        )
        db.session.add(letter)
        later(DELIVER)
        return letter

    @classmethod
    def take_due(cls) -> Self | None:
        """Lease the mail that is due longest; nobody else takes it meanwhile."""
        now = clock.now()
        letter = db.session.scalar(
            sa.select(cls)
            .where(
                cls.state == Delivery.OWED,
                cls.due_at <= now,
                sa.or_(cls.leased_until.is_(None), cls.leased_until <= now),
                cls.to_address.not_in(cls._had_enough(now)),
            )
            .order_by(cls.due_at, cls.id)
            .limit(1)
        )
        if letter is not None:
            letter.attempts += 1
            letter.leased_until = now + LEASE
        return letter

    @classmethod
    def park_deadly(cls) -> None:
        """Give up the mails with which a worker died, again and again.

        A lease that ran out tells that the worker came back with no word about it.
        """
        deadly = sa.select(cls).where(
            cls.state == Delivery.OWED,
            cls.leased_until <= clock.now(),
            cls.attempts >= MOST_DEATHS,
        )
        for letter in db.session.scalars(deadly):
            letter.mark_refused("Pengiriman terputus berkali-kali.", for_good=True)

    @classmethod
    def _had_enough(cls, now: datetime) -> sa.Select[Any]:
        """Select the addresses that got as much as an hour may bring."""
        return (
            sa.select(cls.to_address)
            .where(cls.sent_at > now - CAP_PERIOD)
            .group_by(cls.to_address)
            .having(sa.func.count() >= CAP)
        )

    def mark_sent(self) -> None:
        self.state, self.sent_at, self.error = Delivery.SENT, clock.now(), None
        self.leased_until = None

    def mark_refused(self, error: str, for_good: bool) -> None:
        """Note why it did not go; try later, or give up: when told to, or at its time.

        The pause grows with every attempt.
        """
        self.error = one_line(error)[:500]
        self.leased_until = None
        self.due_at = clock.now() + pause(self.attempts)
        if for_good or clock.now() >= self.give_up_at:
            self.state = Delivery.FAILED

    def mark_bounced(self, words: str) -> None:
        """Note that the server took it, and gave it up later."""
        self.state, self.error = Delivery.FAILED, one_line(words)[:500]
        self.leased_until = None

    def can_be_sent_again(self) -> bool:
        """Say whether it has not gone yet: what was sent is never sent twice."""
        return self.state is not Delivery.SENT

    def send_again(self) -> None:
        """Owe a mail that did not go anew, from now (*Kirim ulang*)."""
        if not self.can_be_sent_again():
            raise WrongState("Email ini sudah terkirim.")
        self.state, self.due_at, self.attempts = Delivery.OWED, clock.now(), 0
        self.give_up_at = clock.now() + GIVE_UP_AFTER
        later(DELIVER)


def new_message_id(cause: str) -> str:
    """Make the Message-ID of the mail for `cause`; only its readers can know it."""
    config = current_app.config["PST"]
    host = urlsplit(config.base_url).hostname
    key = f"message id:{config.secret_key}".encode()
    digest = hmac.new(key, cause.encode(), "sha256").hexdigest()[:32]
    return f"<{digest}@{host}>"


def one_line(text: str) -> str:
    """Fold white space and drop control characters: nothing to forge a header with."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def pause(attempts: int) -> timedelta:
    """Tell how long to wait after so many attempts: doubling, with some chance."""
    grown = min(FIRST_PAUSE * 2 ** min(attempts - 1, 12), LONGEST_PAUSE)
    return grown * random.uniform(0.8, 1.2)
