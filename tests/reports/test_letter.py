"""The letter of a report: whole with any words, and in the form of the office."""

import json
from io import BytesIO

import pytest
import typst
from PIL import Image

from pst.database import db
from pst.office.letter_logo import LetterLogo
from pst.outbox.message.mail_parts import as_message
from pst.outbox.models import OutboxMail
from pst.reports.files.export import csv_rows
from pst.reports.letter.letter_words import breakable
from pst.reports.letter.pdf import TEMPLATE, NotSet, letter_text, pdf, typeset
from pst.reports.letter.typesetter import missing_characters, pattern_of, replaced
from pst.reports.models import Report
from pst.reports.queries import Contents
from pst.reports.report_row import fingerprint
from tests.reports.conftest import NASTY, STRANGE


def test_the_letter_is_set_with_any_words(report):
    content = pdf(Contents(report))

    assert content.startswith(b"%PDF-1.7")
    assert len(content) > 20_000


def test_the_same_report_gives_the_same_letter(report):
    contents = Contents(report)

    assert pdf(contents) == pdf(contents)


def test_a_draft_is_marked_and_what_is_sent_is_not(report):
    assert letter_text(Contents(report))["mark"] == "DRAF"
    assert letter_text(Contents(report, is_final=True))["mark"] == ""


def test_the_letter_has_the_form_of_the_office(report):
    letter = letter_text(Contents(report))

    assert letter["number"] == "B-1/33040/2026"
    assert letter["letter"]["letter_nature"] == "Biasa"
    assert letter["addressee"][0] == "Yth. Ketua Tim Diseminasi"
    assert letter["place_and_date"] == "Banjarnegara, 3 Maret 2026"
    assert letter["sections"][-1]["recommendations"] == [
        ["1", NASTY, "Budi", "30 April 2026"]
    ]


def test_the_letter_has_a_place_for_both_signatures(report, budi, hasan):
    budi.nip, hasan.nip = "340012345", "198501012010011001"

    assert letter_text(Contents(report))["signers"] == [
        {
            "lines": ["Menyetujui,", "Ketua Tim Diseminasi"],
            "name": "Hasan Basri",
            "nip": "NIP 19850101 201001 1 001",
            "qr": "",
            "approved": "",
        },
        {
            "lines": [
                "Petugas Pelayanan Statistik Terpadu",
                "BPS Kabupaten Banjarnegara",
            ],
            "name": "Budi Santoso",
            "nip": "NIP 340012345",
            "qr": "",
            "approved": "",
        },
    ]


def test_a_letter_keeps_the_logo_it_was_sent_with(report, budi, andi):
    LetterLogo.keep(logo("red"), andi.id)
    contents = Contents(report, is_final=True)
    red = letter_text(contents)["logo"]
    assert pdf(contents).startswith(b"%PDF")
    report.send(budi, contents.frozen, b"%PDF", b"No.", report.edited_at)
    LetterLogo.keep(logo("blue"), andi.id)
    db.session.commit()

    assert letter_text(Contents(report))["logo"] == red
    assert "data:image/png;base64," in red


def logo(colour: str) -> bytes:
    file = BytesIO()
    Image.new("RGBA", (60, 40), colour).save(file, "PNG")
    return file.getvalue()


def test_the_head_of_the_letter_names_the_agency_then_the_district(report):
    assert letter_text(Contents(report))["letterhead"] == [
        "BADAN PUSAT STATISTIK",
        "KABUPATEN BANJARNEGARA",
    ]


def test_a_chart_in_the_letter_tells_its_numbers_in_words_too(report):
    by_title = {
        each["title"]: each["alt"]
        for part in letter_text(Contents(report))["sections"]
        for each in part["tables"]
        if each["chart"]
    }

    weekdays = by_title["Konsultasi menurut hari pengajuan"]
    assert "Senin 1; Selasa 0; Rabu 0" in weekdays
    assert "2 Mar 1; 3 Mar 0" in by_title["Konsultasi menurut waktu pengajuan"]


def test_the_letter_says_when_the_period_was_not_over(report, at):
    assert letter_text(Contents(report))["early"] == (
        "Periode belum berakhir: angka sampai 3 Maret 2026 pukul 09.00 WIB,"
        " sedangkan periode berakhir 31 Maret 2026."
    )
    assert pdf(Contents(report)).startswith(b"%PDF")

    at("2026-04-01 00:00+07:00")
    assert letter_text(Contents(report))["early"] == ""


def test_a_hash_of_what_was_sent_stands_in_the_letter(report):
    contents = Contents(report, is_final=True)

    assert fingerprint(contents.frozen) in letter_text(contents)["fingerprint"]


def test_what_cannot_be_set_is_told(report):
    contents = Contents(report)

    with pytest.raises(NotSet):
        typeset({"title": "ada", "author": "tidak"}, contents.as_of)


def test_the_head_gets_the_letter_with_the_mail(report, budi):
    contents = Contents(report, is_final=True)
    report.send(
        budi, contents.frozen, pdf(contents), csv_rows(contents), report.edited_at
    )
    db.session.commit()

    mail = db.session.query(OutboxMail).filter_by(kind="report_sent").one()
    [attachment] = as_message(mail).mail.iter_attachments()

    assert attachment.get_filename() == "laporan-2026-03-v1.pdf"
    assert attachment.get_content_type() == "application/pdf"
    assert attachment.get_content() == report.pdf
    assert "nomor B-1/33040/2026" in mail.body


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_no_character_keeps_the_letter_from_being_set(report, text):
    texts = letter_text(Contents(report))
    texts["title"] = texts["author"] = texts["number"] = text
    texts["short"] = [[text, text]]
    texts["sections"][0]["words"] = [text, f"sebelum{text}sesudah"]
    missing = texts["sections"][7]["tables"][2]
    missing["rows"], missing["alt"] = [[text, "1"]], text

    assert typeset(texts, Contents(report).as_of).startswith(b"%PDF-1.7")


def test_what_cannot_be_printed_is_marked_and_the_rest_stays():
    lacking = pattern_of({"👍", "👨", "👩", "漢", "\0"})

    assert replaced(["Bagus 👍🏽!", {"q": "👨\u200d👩 漢漢 a\0b"}], lacking) == [
        "Bagus □!",
        {"q": "□ □□ a□b"},
    ]


def test_typst_names_every_character_that_it_lacks():
    errors = r"""
error: PDF/A-2a error: the text `"1"` could not be displayed with font `"Serif"`
error: PDF/A-2a error: the text `"\u{20e3}"` could not be displayed with font `"Serif"`
error: PDF/A-2a error: the PDF contains the codepoint `"\u{e000}"`
"""

    assert missing_characters(errors) == {"\u20e3", "\ue000"}


def pages(report: Report, **words: str) -> list[Image.Image]:
    """Draw the letter as it is seen, with any words in it."""
    report.words = {**report.words, **words}
    texts = breakable({**letter_text(Contents(report)), "at": 0, "is_replaced": False})
    texts["mark"] = ""
    word = breakable(words["summary"])
    texts["sections"][5]["quotes"] = [{"quote": word, "about": word}]
    texts["sections"][7]["tables"][2]["rows"] = [[word, "1"]]
    images = typst.compile(
        TEMPLATE.read_bytes(),
        sys_inputs={"report": json.dumps(texts)},
        format="png",
        ppi=72,
    )
    return [Image.open(BytesIO(each)).convert("L") for each in images]


@pytest.mark.parametrize(
    "word", ["k" * 340, "e\u0301" * 340, "k" * 39 + " " + "a" * 40]
)
def test_no_word_leaves_the_page(report, word):
    report.number = word[:100]
    row = {"text": word, "person": word[:100], "by": word[:40]}

    for page in pages(report, summary=word, conclusion=word, recommendations=[row]):
        width, height = page.size
        margin = page.crop((width - 60, 0, width, height))
        assert min(margin.get_flattened_data()) > 250, "something stands in the margin"


def test_a_pasted_table_is_one_in_the_letter(report):
    report.words = {**report.words, "summary": "Lihat:\n\tA\tB\nx\t1\t\n\nSelesai."}

    texts = letter_text(Contents(report))
    assert next(part for part in texts["sections"] if part["words"])["words"]
    assert [
        "Lihat:",
        {
            "rows": [["", "A", "B"], ["x", "1", ""]],
            "numeric": [False, True, False],
        },
        "Selesai.",
    ] in [part["words"] for part in texts["sections"]]
    assert pdf(Contents(report)).startswith(b"%PDF")


@pytest.mark.parametrize("text", ["k" * 39, "https://bps.go.id/a", "kata " * 100])
def test_an_ordinary_word_stays_as_it_is(text):
    assert breakable([text]) == [text]


def test_a_long_word_may_be_broken_between_its_signs():
    assert breakable("a" * 38 + "e\u0301👍🏽") == "\u200b".join(
        ["a"] * 38 + ["e\u0301", "👍🏽"]
    )
