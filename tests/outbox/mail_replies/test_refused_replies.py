"""What is no reply, or comes too late, is no message, and its writer is told."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest

from pst import clock
from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.consultations.replies import mail_replies
from pst.database import db, transaction
from pst.outbox.jobs import deliver_due
from pst.outbox.models import OutboxMail
from tests.outbox.imap import ImapServer
from tests.outbox.mail_replies.steps import (
    QUOTE,
    answered,
    come_back,
    notices,
    reply,
    texts_of,
)
from tests.post_office import PostOffice


@pytest.mark.parametrize(
    "changed",
    [
        {"From": "penipu@lain.test"},
        {"From": "siti@contoh.test.lain.test"},
        {"Auto-Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"Subject": "Balasan otomatis: sedang cuti"},
    ],
)
def test_what_its_reader_did_not_write_is_no_message(
    mail: EmailMessage, consultation: Consultation, imap: ImapServer, changed: dict
):
    before = texts_of(consultation)
    come_back(imap, reply(mail, "Saya bukan Siti.", **changed))

    assert texts_of(consultation) == before
    assert not notices()


def test_a_made_up_return_path_opens_nothing(
    mail: EmailMessage, consultation: Consultation, imap: ImapServer
):
    before = texts_of(consultation)
    forged = reply(
        mail,
        "x",
        To="pantulan+b1-00000000000000000000@contoh.test",
        **{"In-Reply-To": "<1@contoh.test>"},
    )
    come_back(imap, forged)

    assert texts_of(consultation) == before


def test_switched_off_a_reply_is_told_where_to_write(
    consultation: Consultation,
    budi: User,
    at: Callable,
    post_office: PostOffice,
    imap: ImapServer,
):
    mail = answered(consultation, budi, at, post_office)
    assert "pantulan" not in (mail["Reply-To"] or "")
    before = texts_of(consultation)
    come_back(imap, reply(mail, "Tahun 2025."))

    assert texts_of(consultation) == before
    assert [letter.kind for letter in notices()] == ["not_read"]


def test_a_mail_that_is_about_no_conversation_takes_no_reply(
    siti: User, owe: Callable, post_office: PostOffice, imap: ImapServer, switched_on
):
    owe(siti)
    deliver_due()
    come_back(imap, reply(post_office.mails[-1], "Halo?"))

    assert [letter.kind for letter in notices()] == ["not_read"]


@pytest.mark.parametrize(
    ("body", "words"),
    [("x" * 10_001, "terlalu panjang"), ("", "tidak berisi"), (QUOTE, "tidak berisi")],
)
def test_what_cannot_be_taken_is_told_each_time(
    mail: EmailMessage,
    consultation: Consultation,
    imap: ImapServer,
    body: str,
    words: str,
):
    before = texts_of(consultation)
    come_back(imap, reply(mail, body))

    assert texts_of(consultation) == before
    assert words in notices()[0].body


@pytest.mark.parametrize(("seconds", "is_taken"), [(0, True), (1, False)])
def test_after_its_time_a_mail_takes_no_reply(
    mail: EmailMessage,
    consultation: Consultation,
    imap: ImapServer,
    at: Callable,
    seconds: int,
    is_taken: bool,
):
    at(clock.now() + timedelta(days=7, seconds=seconds))
    come_back(imap, reply(mail, "Maaf terlambat."))

    assert (texts_of(consultation)[-1] == "Maaf terlambat.") is is_taken
    over = [each for each in notices() if "tidak dapat dibalas lagi" in each.body]
    assert len(over) == (not is_taken)


def test_who_was_shut_out_is_told_that_nothing_was_taken(
    mail: EmailMessage,
    consultation: Consultation,
    imap: ImapServer,
    siti: User,
    andi: User,
):
    before = texts_of(consultation)
    with transaction():
        siti.deactivate(andi)
    come_back(imap, reply(mail, "Tahun 2025."))

    assert texts_of(consultation) == before


def test_what_ended_while_a_reply_was_looked_at_is_told(
    mail: EmailMessage, consultation: Consultation
):
    row = db.session.scalars(db.select(OutboxMail).filter_by(kind="officer_answered"))
    take_up = mail_replies.takes(row.one().id, reply(mail, "Tahun 2025."))
    assert take_up is not None
    with transaction():
        consultation.erase(None)

    with transaction():
        take_up()

    assert "Tahun 2025." not in texts_of(consultation)
    assert "tidak dapat dibalas lagi" in notices()[0].body
