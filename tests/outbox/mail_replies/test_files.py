"""Files of a reply come along by the same checks, and hold up no mailbox."""

import threading
from dataclasses import replace
from email.message import EmailMessage
from io import BufferedReader
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from pst.consultations.attached_files.attachments import Attachment
from pst.consultations.models import Consultation
from pst.database import db
from pst.outbox.incoming.commands import TRY_AGAIN
from pst.outbox.incoming.mailbox import read_bounces, trouble
from pst.uploads import scanning
from tests.consultations.clamd import Clamd
from tests.outbox.imap import ImapServer
from tests.outbox.mail_replies.steps import come_back, notices, reply, texts_of


def with_table(made: EmailMessage) -> EmailMessage:
    made.add_attachment(
        b"wilayah,jumlah\nWanadadi,1\n",
        maintype="text",
        subtype="csv",
        filename="data.csv",
    )
    return made


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
