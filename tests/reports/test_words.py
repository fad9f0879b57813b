"""What officers write: lists are lists, days are days, fields hold the figures."""

import pytest

from pst.database import db
from pst.reports.forms import WordsForm
from pst.reports.letter.letter_words import paragraphs
from pst.reports.letter.pdf import letter_text, pdf
from pst.reports.letter.words import Listing, filled, parts, target, unknown_fields
from pst.reports.models import Report
from pst.reports.queries import Contents
from pst.web.formats import written_text
from tests.reports.conftest import MARCH


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("- satu\n- dua", [Listing(["satu", "dua"])]),
        ("Temuan:\n• satu\n• dua", ["Temuan:", Listing(["satu", "dua"])]),
        ("1. satu\n2) dua", [Listing(["satu", "dua"], 1)]),
        ("3. tiga\n4. empat", [Listing(["tiga", "empat"], 3)]),
        ("a. satu\nb. dua", [Listing(["satu", "dua"], 1, is_lettered=True)]),
        ("1. satu\n3. tiga", [Listing(["satu"], 1), Listing(["tiga"], 3)]),
        ("1. satu\n\n2. dua", [Listing(["satu"], 1), Listing(["dua"], 2)]),
        ("1.\tsatu\n2.\tdua", [Listing(["satu", "dua"], 1)]),
        ("- panjang\n  sekali", [Listing(["panjang\nsekali"])]),
        ("- satu\nSelesai.", [Listing(["satu"]), "Selesai."]),
        ("Turun -5 persen.\nNaik.", ["Turun -5 persen.\nNaik."]),
        ("-5 persen", ["-5 persen"]),
        ("2026. Tahun baik.", ["2026. Tahun baik."]),
        ("A. Rahman hadir.", ["A. Rahman hadir."]),
        ("3.500 orang", ["3.500 orang"]),
        ("Satu.\n\n\n\nDua.", ["Satu.", "Dua."]),
        ("", []),
    ],
)
def test_lines_with_signs_or_counts_are_a_list(text, made):
    assert list(parts(text)) == made


def test_a_pasted_table_between_lists_stays_a_table():
    pieces = list(parts("- satu\nA\tB\n1\t2\n- dua"))

    assert [type(part) for part in pieces] == [Listing, written_text.TextTable, Listing]


def test_a_list_is_one_in_the_letter():
    assert paragraphs("Temuan:\n1. satu\n2. dua") == [
        "Temuan:",
        {
            "listing": {
                "entries": ["satu", "dua"],
                "start": 1,
                "is_lettered": False,
                "numbering": "1",
            }
        },
    ]


@pytest.fixture
def draft(at, budi) -> Report:
    at("2026-03-03 09:00+07:00")
    report = Report.draft(MARCH, budi)
    words = {
        "summary": "{konsultasi} konsultasi pada {periode}:\n- {jawaban_pertama} tepat",
        "conclusion": "Sebelumnya {konsultasi_sebelumnya}.\n\na. satu\nb. dua",
    }
    report.write(budi, "", words)
    db.session.commit()
    return report


def test_fields_follow_the_figures_until_it_is_sent(draft, budi, asked):
    assert Contents(draft).words["summary"].startswith("0 konsultasi pada Maret 2026")
    asked(
        "2026-03-02 09:00+07:00",
        due_at="2026-03-05 15:30+07:00",
        answered_at="2026-03-02 11:00+07:00",
    )
    preview_hash = Contents(draft).preview_hash
    assert Contents(draft).words["summary"] == (
        "1 konsultasi pada Maret 2026:\n- 100,0% tepat"
    )

    contents = Contents(draft, is_final=True)
    draft.send(budi, contents.frozen, b"%PDF", b"No.", draft.edited_at)
    db.session.commit()
    asked("2026-03-02 10:00+07:00")
    db.session.expire_all()

    assert Contents(draft).words["summary"].startswith("1 konsultasi")
    assert contents.preview_hash == preview_hash
    assert draft.words["summary"].startswith("{konsultasi}")


def test_a_changed_figure_does_not_make_a_preview_stale(draft, asked):
    preview_hash = Contents(draft).preview_hash

    asked("2026-03-02 09:00+07:00")

    assert Contents(draft).preview_hash == preview_hash


def test_lists_and_fields_stand_in_the_letter(draft):
    letter = letter_text(Contents(draft))

    assert letter["sections"][0]["words"][0] == "0 konsultasi pada Maret 2026:"
    assert letter["sections"][-1]["words"][1]["listing"]["numbering"] == "a"
    assert pdf(Contents(draft)).startswith(b"%PDF")


def test_a_field_that_is_not_known_stays_and_is_named(draft, budi):
    draft.write(budi, "", {"summary": "{salah} {konsultasi} {salah} {Besar} {}"})

    assert Contents(draft).unknown_fields == ["salah"]
    assert Contents(draft).words["summary"] == "{salah} 0 {salah} {Besar} {}"


def test_fields_in_recommendations_are_filled_too():
    words = {"recommendations": [{"text": "Naikkan {ikm}", "person": "{x}", "by": ""}]}

    assert filled(words, {"ikm": "88,10"})["recommendations"][0]["text"] == (
        "Naikkan 88,10"
    )
    assert unknown_fields(words, {"ikm": "88,10"}) == ["x"]


def test_a_day_is_written_as_one_and_older_words_stay():
    assert target("2027-04-30") == "30 April 2027"
    assert target("Triwulan II") == "Triwulan II"
    assert target("") == ""


def test_older_words_for_a_day_are_not_lost(app):
    row = {"text": "Tambah petugas", "person": "", "by": "April"}

    with app.test_request_context():
        form = WordsForm.of("", {"recommendations": [row]})

    entry = form.recommendations.entries[0]
    assert entry.text.data == "Tambah petugas (target selesai: April)"
    assert entry.by.data is None
