"""Mails that came back: what each means for the mail, its address and its reader.

One who knows a return path has had the mail itself, so what comes to it can only ever
change that one mail. Each report counts once.
"""

import hashlib
import logging
import re
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr
from enum import StrEnum

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock
from pst.database import db
from pst.outbox.answers import Outcome, SmtpAnswer, Stage
from pst.outbox.bad_addresses import BadAddress, normal
from pst.outbox.incoming import reports
from pst.outbox.incoming.return_paths import mail_named_in
from pst.outbox.models import Delivery, OutboxMail

log = logging.getLogger(__name__)
# What is read of one mail; reports that quote a whole mail name it in the beginning.
MAX_BYTES = 256 * 1024
# So many reports of one mail are kept; a server that repeats itself costs no more.
MAX_REPORTS = 20
# A server that could not deliver yet gives up, or succeeds, within this time.
DELAY_LASTS = timedelta(days=5)
REPLY_EVERY = timedelta(days=1)
NOT_READ = "not_read"
REPEATED = re.compile(r"[45]\d\d[ -]+([45]\.\d{1,3}\.\d{1,3} +)?")
# What a report says of the address; anything else is no fault of it.
AT_FAULT = {Outcome.DEAD_ADDRESS, Outcome.UNCLEAR}


class BounceHandling(StrEnum):
    """What became of a mail that came back."""

    FAILED = "failed"
    DELAYED = "delayed"
    ANSWERED = "answered"
    WRITTEN = "written"
    IGNORED = "ignored"


class Bounce(db.Model):
    """One report about one mail; kept so that a repeat is known as one."""

    id: Mapped[int] = mapped_column(primary_key=True)
    mail_id: Mapped[int] = mapped_column(
        sa.ForeignKey("outbox_mail.id", ondelete="CASCADE"), index=True
    )
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    kind: Mapped[reports.ReportKind]
    status: Mapped[str] = mapped_column(sa.String(12))
    words: Mapped[str] = mapped_column(sa.String(300))
    received_at: Mapped[datetime]
    # When its conversation was informed.
    noted_at: Mapped[datetime | None]

    mail: Mapped[OutboxMail] = relationship()

    @classmethod
    def unnoted_ids(cls) -> list[int]:
        """Return the failures that no conversation has been informed of."""
        query = sa.select(cls.id).filter_by(
            kind=reports.ReportKind.FAILED, noted_at=None
        )
        ids = list(db.session.scalars(query.order_by(cls.id)))
        db.session.rollback()
        return ids

    @classmethod
    def is_delayed(cls, mail_ids: sa.Select[int]) -> bool:
        """Return whether one of `mail_ids` is still on its way, by the last word."""
        query = sa.select(cls.id).where(
            cls.mail_id.in_(mail_ids),
            cls.kind == reports.ReportKind.DELAYED,
            cls.received_at > clock.now() - DELAY_LASTS,
        )
        return db.session.scalar(query.limit(1)) is not None


def take(raw: bytes, recipient: str = "") -> BounceHandling:
    """Note what came back; `recipient` is where it went, when the server tells."""
    raw = raw[:MAX_BYTES]
    mail = mail_named_in(recipient.encode()[:1_000] + b"\n" + raw)
    if mail is None:
        return BounceHandling.IGNORED
    message = message_from_bytes(raw)
    report = reports.read(message)
    if report.kind is reports.ReportKind.REPLY:
        return _answer(mail, message)
    if report.kind not in (reports.ReportKind.FAILED, reports.ReportKind.DELAYED):
        return BounceHandling.IGNORED
    if not _keep(mail, report, message, raw):
        return BounceHandling.IGNORED
    if report.kind is reports.ReportKind.DELAYED:
        return BounceHandling.DELAYED
    _fail(mail, report)
    return BounceHandling.FAILED


def _keep(
    mail: OutboxMail, report: reports.DeliveryReport, message: Message, raw: bytes
) -> bool:
    """Write `report` down; return False for one that was there before."""
    name = reports.header(message, "Message-ID").encode() or raw
    digest = hashlib.sha256(b"%d\n%s" % (mail.id, name)).hexdigest()
    of_mail = sa.select(sa.func.count(Bounce.id)).filter_by(mail_id=mail.id)
    is_repeat = db.session.scalar(sa.select(Bounce.id).filter_by(digest=digest))
    if is_repeat or (db.session.scalar(of_mail) or 0) >= MAX_REPORTS:
        return False
    row = Bounce(
        mail=mail,
        digest=digest,
        kind=report.kind,
        status=report.status[:12],
        words=report.words[:300],
        received_at=clock.now(),
        noted_at=None,
    )
    db.session.add(row)
    return True


def _fail(mail: OutboxMail, report: reports.DeliveryReport) -> None:
    """Note that `mail` did not arrive, and what that says of its address."""
    answer = answer_in(report)
    mail.mark_bounced(answer)
    if answer.outcome in AT_FAULT:
        BadAddress.mark(mail.to_address, report.status)
    log.info("mail %s came back: %s", mail.id, answer.outcome)


def answer_in(report: reports.DeliveryReport) -> SmtpAnswer:
    """Return a report as the last answer of a server that gave up."""
    status = f"5{report.status[1:]}" if report.status else ""
    # The words mostly repeat both codes.
    words = REPEATED.sub("", report.words, count=1)
    return SmtpAnswer(Stage.RCPT, 550, f"{status} {words}".strip())


def _answer(mail: OutboxMail, message: Message) -> BounceHandling:
    """Answer a writer, once a day at most, that this mailbox is not read.

    Only the reader of the mail gets an answer, at the address that it went to: no one
    has us write to another.
    """
    if mail.kind == NOT_READ or not is_by_its_reader(mail, message):
        return BounceHandling.IGNORED
    lately = sa.select(OutboxMail.id).where(
        OutboxMail.kind == NOT_READ,
        OutboxMail.to_address == mail.to_address,
        OutboxMail.created_at > clock.now() - REPLY_EVERY,
    )
    if db.session.scalar(lately.limit(1)):
        return BounceHandling.IGNORED
    OutboxMail.put(
        NOT_READ,
        to=(mail.to_name, mail.to_address),
        cause=f"{mail.id}:{clock.now().isoformat()}",
        about=mail.subject,
        url=_link_in(mail),
    )
    return BounceHandling.ANSWERED


def is_by_its_reader(mail: OutboxMail, message: Message) -> bool:
    """Return whether `message` comes from the address that `mail` went to."""
    sender = parseaddr(reports.header(message, "From"))[1]
    is_open = mail.state is not Delivery.FAILED
    return is_open and normal(sender) == normal(mail.to_address)


def _link_in(mail: OutboxMail) -> str:
    """Return where its reader can write: the link of the mail, or our first page."""
    base = current_app.config["PST"].base_url
    match = re.search(rf"{re.escape(base)}/\S+", mail.body)
    return match[0] if match else base
