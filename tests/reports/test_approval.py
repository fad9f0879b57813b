"""An approval leaves its mark in a letter of its own; what was sent stays."""

import re
import zlib

import pytest
import segno

from pst.database import db
from pst.outbox.message.mail_parts import as_message
from pst.outbox.models import OutboxMail
from pst.reports.files.export import csv_rows
from pst.reports.letter.approvals import qr_code
from pst.reports.letter.pdf import letter_text, pdf
from pst.reports.models import Report
from pst.reports.queries import Contents
from pst.web.responses import link
from tests.reports.conftest import MARCH, approve

WORDS = {"summary": "Layanan berjalan baik.", "conclusion": "Pertahankan."}


@pytest.fixture
def sent(at, budi) -> Report:
    """A report that was sent without a number, on 3 March at 9."""
    at("2026-03-03 09:00+07:00")
    return send(Report.draft(MARCH, budi), budi, number="")


def send(report: Report, budi, number: str) -> Report:
    report.write(budi, number, WORDS)
    db.session.commit()
    contents = Contents(report, is_final=True)
    rows = csv_rows(contents)
    report.send(budi, contents.frozen, pdf(contents), rows, report.edited_at)
    db.session.commit()
    return report


def test_what_was_sent_stays_next_to_the_approved_letter(sent, hasan, at):
    before = sent.pdf
    at("2026-03-04 10:15+07:00")
    approve(sent, hasan, "B-9/33040/2026")
    db.session.commit()

    assert sent.pdf == before
    assert sent.signed_pdf.startswith(b"%PDF-1.7") and sent.signed_pdf != before
    assert sent.is_intact and sent.is_genuine
    assert sent.frozen["number"] == "" and sent.number == "B-9/33040/2026"


def test_the_letter_says_who_approved_and_when_and_how_to_check(sent, hasan, at):
    hasan.nip = "198501012010011001"
    at("2026-03-04 10:15+07:00")
    approve(sent, hasan, "B-9/33040/2026")
    letter = letter_text(Contents(sent))
    head, author = letter["signers"]

    assert letter["number"] == "B-9/33040/2026"
    assert head["name"] == "Hasan Basri" and head["nip"].startswith("NIP 19850101")
    assert head["approved"].endswith("pada 4 Maret 2026 pukul 10.15 WIB")
    assert author["qr"] == author["approved"] == ""
    address = link("authenticity.show", code=sent.seal)
    assert letter["sealed"].endswith(address)
    assert head["qr"] == qr_code(address)
    path = re.search(r' d="([^"]+)"', head["qr"])[1]
    assert path in segno.make(address, error="m", micro=False).svg_inline(border=0)


def test_a_letter_that_is_not_approved_has_no_mark(sent):
    letter = letter_text(Contents(sent))

    assert letter["sealed"] == ""
    assert [each["qr"] for each in letter["signers"]] == ["", ""]


def test_a_number_that_was_sent_is_not_replaced(at, budi, hasan):
    report = send(Report.draft(MARCH, budi), budi, number="B-1/33040/2026")

    approve(report, hasan, "B-2/33040/2026")

    assert report.number == "B-1/33040/2026"
    assert letter_text(Contents(report))["number"] == "B-1/33040/2026"


@pytest.mark.parametrize("part", ["name", "at", "number", "nip", "title"])
def test_a_changed_approval_is_not_genuine(sent, hasan, part):
    approve(sent, hasan, "B-9/33040/2026")

    sent.approval_values = {**sent.approval_values, part: "2026-03-03T02:00:01+00:00"}

    assert not sent.is_genuine


def test_changed_words_or_another_file_are_not_genuine(sent, hasan):
    approve(sent, hasan)
    letter, words = sent.signed_pdf, sent.frozen

    sent.signed_pdf = letter + b" "
    assert not sent.is_genuine
    sent.signed_pdf = letter
    assert sent.is_genuine
    sent.frozen = {**words, "number": "lain"}
    assert not sent.is_genuine


def test_the_author_gets_the_approved_letter(sent, hasan):
    approve(sent, hasan)
    db.session.commit()

    mail = db.session.query(OutboxMail).filter_by(kind="report_approved").one()
    [attachment] = as_message(mail).mail.iter_attachments()
    assert attachment.get_filename() == "laporan-2026-03-v1-disetujui.pdf"
    assert attachment.get_content() == sent.signed_pdf


def test_the_address_stands_in_every_page_of_the_pdf(sent, hasan):
    approve(sent, hasan)
    content = sent.signed_pdf
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    assert len(streams) > 5 and zlib.decompress(streams[0])

    assert letter_text(Contents(sent))["sealed"].count(sent.seal) == 1
