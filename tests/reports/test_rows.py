"""The rows of a report, as a file: no identity, no formula, readable anywhere."""

import csv
from io import StringIO

import pytest

from pst.database import db
from pst.reports.files.export import HOURS, Export, as_indonesian, csv_rows
from pst.reports.queries import Contents
from pst.web.formats.csv_files import harmless
from tests.reports.conftest import FORMULA, MARCH


def test_the_rows_have_no_identity_and_no_formula(rated):
    text = Export(MARCH).csv()
    heads, row = csv.reader(StringIO(text.removeprefix("\ufeff")))
    by_head = dict(zip(heads, row, strict=True))

    assert by_head["Umpan balik"] == f"'{FORMULA} dari [nama], [email]"
    assert by_head["Tanggal pengajuan"] == "2026-03-02"
    assert by_head["Jam kerja sampai jawaban pertama"] == "2.0"
    assert by_head["Jawaban pertama"] == "dalam batas waktu"
    assert by_head["Jam kerja di antrian"] == "0.5"
    assert by_head["Kategori instansi"] == "Disamarkan (kurang dari 5)"
    assert (
        by_head["Pekerjaan"]
        == by_head["Tujuan penggunaan"]
        == by_head["Kategori instansi"]
    )
    for secret in ("Siti", "contoh.test", "KS-2026", "Jumlah penduduk"):
        assert secret not in text


def test_what_enough_share_is_told_in_the_rows(asked, dewi):
    for _ in range(5):
        asked("2026-03-02 09:00+07:00", details={"purpose": "skripsi"})
        asked("2026-03-02 10:00+07:00", user=dewi)

    rows = list(csv.DictReader(StringIO(Export(MARCH).csv().removeprefix("\ufeff"))))

    assert {row["Kategori instansi"][:7] for row in rows} == {"Lembaga", "Pemerin"}
    assert {row["Tujuan penggunaan"][:5] for row in rows} == {"Tugas", "Tidak"}


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "＝1"])
def test_a_dangerous_cell_is_made_harmless(text):
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("cell", ["a=1", "", 5, -5, "1.5"])
def test_any_other_cell_stays(cell):
    assert harmless(cell) == cell


def test_the_rows_of_a_report_sent_before_they_were_kept_are_made(report, budi):
    contents = Contents(report, is_final=True)
    report.send(budi, contents.frozen, b"%PDF", csv_rows(contents), report.edited_at)
    rows, report.rows = report.rows, None
    db.session.commit()

    assert csv_rows(Contents(report)) == rows


def test_the_rows_open_in_an_indonesian_spreadsheet(rated):
    text = as_indonesian(Export(MARCH).csv().encode()).decode()
    heads, row = csv.reader(StringIO(text.removeprefix("\ufeff")), delimiter=";")
    decimal = {name for name, cell in zip(heads, row, strict=True) if "," in cell}

    assert text.startswith("\ufeffNo.;Tanggal pengajuan;")
    assert [heads[at] for at in HOURS] == [
        h for h in heads if h.startswith("Jam kerja")
    ]
    assert dict(zip(heads, row, strict=True))["Jam kerja di antrian"] == "0,5"
    assert decimal >= {"Jam kerja di antrian", "Jam kerja sampai jawaban pertama"}
