"""A reply to a mail becomes a message, from a real mailbox, and nothing else does."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from io import BufferedReader
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from pst import clock
from pst.accounts.users import User
from pst.consultations.attached_files.attachments import Attachment
from pst.consultations.jobs import tell_users
from pst.consultations.messages import Kind, Message
from pst.consultations.models import Consultation
from pst.consultations.replies import mail_replies
from pst.consultations.states import Reason, State
from pst.database import db, transaction
from pst.office import settings
from pst.outbox.bad_addresses import BadAddress
from pst.outbox.incoming import replies
from pst.outbox.incoming.commands import TRY_AGAIN
from pst.outbox.incoming.mailbox import read_bounces, trouble
from pst.outbox.jobs import deliver_due
from pst.outbox.models import OutboxMail
from pst.uploads import scanning
from tests.consultations.clamd import Clamd
from tests.outbox.imap import ImapServer, with_mailbox
from tests.processes import PostOffice

QUOTE = """

Pada tanggal Sen, 2 Mar 2026 pukul 09.30 Konsultasi Statistik Online
<pst@contoh.test> menulis:

> Yth. Siti,
> Petugas telah menulis pada konsultasi Anda.
> Balas tanpa masuk: https://contoh.test/balas/rahasia
"""


@pytest.fixture
def app(app: Flask, imap: ImapServer) -> Flask:
    return with_mailbox(app, imap)


@pytest.fixture
def switched_on(context: None) -> None:
    with transaction():
        settings.change({"reply_by_mail": True})


@pytest.fixture
def mail(
    consultation: Consultation,
    budi: User,
    at: Callable,
    post_office: PostOffice,
    switched_on: None,
) -> EmailMessage:
    """The mail that says that Budi answered, as Siti's mailbox has it."""
    return answered(consultation, budi, at, post_office)


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


def with_table(made: EmailMessage) -> EmailMessage:
    made.add_attachment(
        b"wilayah,jumlah\nWanadadi,1\n",
        maintype="text",
        subtype="csv",
        filename="data.csv",
    )
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


def test_files_come_along_by_the_same_checks(
    mail: EmailMessage, consultation: Consultation, imap: ImapServer
):
    made = with_table(reply(mail, "Terlampir."))
    made.add_attachment(
        b"MZ" + b"\0" * 300_000, maintype="application", subtype="pdf", filename="x.pdf"
    )
    come_back(imap, made)

    rows = db.session.execute(
        db.text("SELECT name, message_id FROM attachment ORDER BY id")
    ).all()
    assert [row.name for row in rows] == ["data.csv"]
    assert texts_of(consultation)[-1] == "Terlampir."
    letter = notices()[0]
    assert "x.pdf" in letter.body and "sudah masuk" in letter.body
    assert rows[0].message_id is not None


def test_a_file_waits_with_its_words_while_it_cannot_be_looked_at(
    mail: EmailMessage,
    consultation: Consultation,
    imap: ImapServer,
    app: Flask,
    tmp_path: Path,
):
    usual = app.config["PST"]
    app.config["PST"] = replace(usual, clamd=str(tmp_path / "nothing.ctl"))
    made = reply(mail, "Terlampir.")
    made.add_attachment(
        b"wilayah,jumlah\n", maintype="text", subtype="csv", filename="a"
    )
    come_back(imap, made)
    for _ in range(25):  # more often than someone may write in an hour
        read_bounces()

    assert "Terlampir." not in texts_of(consultation)
    box = usual.bounce_mailbox
    assert "tidak menjawab" in trouble(box)[1]
    pipe = app.test_cli_runner()
    raw = made.as_bytes()
    assert pipe.invoke(args=["outbox", "bounce"], input=raw).exit_code == TRY_AGAIN

    clamd = Clamd(tmp_path / "clamd.ctl")
    app.config["PST"] = replace(usual, clamd=clamd.address)
    read_bounces()
    clamd.close()

    db.session.expire_all()
    assert texts_of(consultation)[-1] == "Terlampir."
    assert db.session.scalar(db.select(sa.func.count(Attachment.id))) == 1
    assert trouble(box)[1] is None
    assert not notices()


def test_a_file_that_stops_its_scanner_holds_up_no_mailbox(
    mail: EmailMessage,
    consultation: Consultation,
    imap: ImapServer,
    app: Flask,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(scanning, "SCAN_S", 0.2)
    ended = threading.Event()

    class Stuck(Clamd):
        """Answers whether it is there, and says nothing of any file."""

        def _scan(self, texts_of: BufferedReader) -> bytes:
            ended.wait()
            return b"stream: OK"

    clamd = Stuck(tmp_path / "clamd.ctl")
    app.config["PST"] = replace(app.config["PST"], clamd=clamd.address)
    made = reply(mail, "Terlampir.")
    made.add_attachment(
        b"wilayah,jumlah\n", maintype="text", subtype="csv", filename="a"
    )
    come_back(imap, made)
    ended.set()
    clamd.close()

    assert texts_of(consultation)[-1] == "Terlampir."
    assert "tidak menjawab" in notices()[0].body


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
