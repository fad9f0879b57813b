"""A reply to a mail becomes a message, once, from a real mailbox."""

from email.message import EmailMessage

from flask import Flask

from pst.accounts.users import User
from pst.consultations.messages import Kind, Message
from pst.consultations.models import Consultation
from pst.consultations.states import Reason, State
from pst.database import db, transaction
from pst.outbox.bad_addresses import BadAddress
from pst.outbox.incoming import replies
from pst.outbox.incoming.mailbox import read_bounces
from tests.outbox.imap import ImapServer
from tests.outbox.mail_replies.steps import QUOTE, come_back, notices, reply, texts_of


def test_a_reply_becomes_a_message_without_what_it_quotes(
    mail: EmailMessage, consultation: Consultation, imap: ImapServer
):
    assert "pantulan+b" in mail["Reply-To"]
    assert "Anda dapat membalas email ini" in mail.as_string()
    come_back(imap, reply(mail, "Tahun 2023 sampai 2025.\nTerima kasih." + QUOTE))

    assert texts_of(consultation)[-1] == "Tahun 2023 sampai 2025.\nTerima kasih."
    last = db.session.scalars(
        db.select(Message).filter_by(kind=Kind.MESSAGE).order_by(Message.id.desc())
    ).first()
    assert last.author.name.startswith("Siti") and last.data["by_mail"]
    assert consultation.state is State.ACTIVE
    assert not notices()


def test_a_reply_from_an_address_that_was_just_left_is_no_message(
    mail: EmailMessage, consultation: Consultation, siti: User
):
    raw = reply(mail, "Tahun 2025.").as_bytes()
    take_up = replies.prepare(raw, lambda: raw)
    assert take_up is not None
    before = texts_of(consultation)
    with transaction():
        siti.email = "siti.baru@contoh.test"

    with transaction():
        take_up()

    assert texts_of(consultation) == before
    assert replies.prepare(raw, lambda: raw) is None


def test_a_reply_that_is_read_twice_is_one_message(
    mail: EmailMessage, consultation: Consultation, imap: ImapServer
):
    one = reply(mail, "Tahun 2025.")
    come_back(imap, one, one)
    imap.validity += 1  # the mailbox was made again: all is read from the start
    read_bounces()

    assert texts_of(consultation).count("Tahun 2025.") == 1
    come_back(imap, reply(mail, "Tahun 2025.", **{"Message-ID": "<2@kotak.test>"}))
    assert texts_of(consultation).count("Tahun 2025.") == 2


def test_who_replies_has_an_address_that_works(
    mail: EmailMessage, consultation: Consultation, imap: ImapServer, siti: User
):
    with transaction():
        BadAddress.mark(siti.email, "5.1.1")
    come_back(imap, reply(mail, "Tahun 2025."))

    assert texts_of(consultation)[-1] == "Tahun 2025."
    assert BadAddress.of(siti.email) is None


def test_a_reply_reopens_what_was_closed_lately(
    mail: EmailMessage, consultation: Consultation, budi: User, imap: ImapServer
):
    with transaction():
        consultation.close(Reason.RESOLVED, by=budi)
    come_back(imap, reply(mail, "Satu pertanyaan lagi: untuk laki-laki berapa?"))

    assert consultation.is_open


def test_one_person_cannot_fill_a_conversation(
    mail: EmailMessage, consultation: Consultation, imap: ImapServer, app: Flask
):
    app.extensions["guesses"].enabled = True
    replies = [
        reply(mail, f"Pesan {n}", **{"Message-ID": f"<{n}@kotak.test>"})
        for n in range(22)
    ]
    come_back(imap, *replies)

    assert (
        len([body for body in texts_of(consultation) if body.startswith("Pesan")]) == 20
    )
    assert any("terlalu banyak" in letter.body for letter in notices())


def test_a_reply_that_breaks_stops_none_of_the_others(
    mail: EmailMessage, consultation: Consultation, imap: ImapServer
):
    odd = reply(mail, "aneh").as_bytes().replace(b"utf-8", b"tidak-ada")
    imap.deliver(odd.replace(b"balasan-1", b"balasan-0"))
    come_back(imap, reply(mail, "Sesudahnya."))

    assert "Sesudahnya." in texts_of(consultation)


def test_a_servers_own_pipe_brings_replies_too(
    mail: EmailMessage, consultation: Consultation, app: Flask
):
    made = reply(mail, "Lewat pipa.").as_bytes()
    runner = app.test_cli_runner()

    assert runner.invoke(args=["outbox", "bounce"], input=made).output == "written\n"
    db.session.expire_all()
    assert texts_of(consultation)[-1] == "Lewat pipa."
