"""Replies as people write them, and what became of them."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

from pst import clock
from pst.accounts.users import User
from pst.consultations.jobs import tell_users
from pst.consultations.messages import Kind, Message
from pst.consultations.models import Consultation
from pst.database import db, transaction
from pst.outbox.incoming.mailbox import read_bounces
from pst.outbox.jobs import deliver_due
from pst.outbox.models import OutboxMail
from tests.outbox.imap import ImapServer
from tests.post_office import PostOffice

QUOTE = """

Pada tanggal Sen, 2 Mar 2026 pukul 09.30 Konsultasi Statistik Online
<pst@contoh.test> menulis:

> Yth. Siti,
> Petugas telah menulis pada konsultasi Anda.
> Balas tanpa masuk: https://contoh.test/balas/rahasia
"""


def answered(
    consultation: Consultation, budi: User, at: Callable, post_office: PostOffice
) -> EmailMessage:
    with transaction():
        consultation.claim(budi)
        consultation.say(budi, "Tahun berapa yang Anda perlukan?")
    at(clock.now() + timedelta(minutes=20))
    tell_users()
    deliver_due()
    return post_office.mails[-1]


def reply(mail: EmailMessage, body: str, **changed: str) -> EmailMessage:
    made = EmailMessage()
    headers = {
        "From": "Siti <siti@contoh.test>",
        "To": mail["Reply-To"] or "pst@contoh.test",
        "Subject": f"Re: {mail['Subject']}",
        "In-Reply-To": mail["Message-ID"],
        "Message-ID": "<balasan-1@kotak.test>",
        **changed,
    }
    for name, value in headers.items():
        made[name] = value
    made.set_content(body)
    return made


def come_back(imap: ImapServer, *mails: EmailMessage) -> None:
    for each in mails:
        imap.deliver(each.as_bytes())
    read_bounces()
    db.session.expire_all()


def texts_of(consultation: Consultation) -> list[str]:
    query = db.select(Message.body).filter_by(
        consultation_id=consultation.id, kind=Kind.MESSAGE
    )
    return list(db.session.scalars(query.order_by(Message.id)))


def notices() -> list[OutboxMail]:
    query = db.select(OutboxMail).where(
        OutboxMail.kind.in_(["reply_not_taken", "not_read"])
    )
    return list(db.session.scalars(query))
