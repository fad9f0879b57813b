"""Lists of codes as offices have them, in a workbook or a CSV file, are read whole."""

import json
from io import BytesIO

import pytest

from pst.classifications.models import Code
from pst.database import db
from tests.classifications.conftest import HEADING, csv_file, workbook
from tests.classifications.importing.steps import TREE, bring_in, codes, reasons


def test_a_published_list_is_read_with_its_tree():
    outcome = bring_in(workbook([HEADING, *TREE]))

    assert outcome.counts == {"made": 7, "changed": 0, "withdrawn": 0, "same": 0}
    corn = db.session.scalars(Code.at("kbli-2025", "01111")).one()
    above = []
    while corn:
        above.append(corn.code)
        corn = corn.parent
    assert above == ["01111", "0111", "011", "01", "A"]


def test_codes_that_a_spreadsheet_took_for_numbers_get_their_zeros_back():
    numbers = [(int(c) if c.isdigit() else c, *rest) for c, *rest in TREE]
    later = [(10, "Makanan", ""), (11, "Minuman", ""), (110, "Minuman", "")]

    outcome = bring_in(workbook([HEADING, *numbers, *later]))

    assert codes() == [row[0] for row in TREE] + ["10", "11", "110"]
    assert "1111 dibaca sebagai 01111" in "\n".join(map(str, outcome.findings.notes))


def test_the_level_of_a_row_says_how_many_digits_its_code_has():
    rows = [
        ("Kode", "Tingkat", "Judul"),
        ("1", "golongan pokok", "Tanaman"),
        ("11", "golongan", "Tanaman Semusim"),
        ("111", "Subgolongan", "Jagung"),
        ("1111", "Kelompok", "Pertanian Jagung"),
    ]
    text = "\n".join(";".join(row) for row in rows)

    bring_in(csv_file(text))

    assert codes() == ["01", "011", "0111", "01111"]


def test_a_list_with_titles_merged_cells_and_footnotes_is_read():
    rows = [
        ("KLASIFIKASI BAKU LAPANGAN USAHA INDONESIA (KBLI 2025)",),
        (),
        HEADING,
        ("(1)", "(2)", "(3)"),
        ("KATEGORI A  PERTANIAN",),
        ("01", "Tanaman 1)", "Baris pertama"),
        (None, None, "baris kedua dari uraian."),
        ("Kode", "Judul", "Uraian"),
        ("011", "Tanaman Semusim", "Satu musim."),
        ("Catatan: 1) lihat peraturan.",),
        ("Sumber: daftar uji",),
    ]

    outcome = bring_in(workbook(rows, merged=["A1:C1", "A5:C5", "A6:A7", "A10:C10"]))

    assert codes() == ["A", "01", "011"]
    plants = db.session.scalars(Code.at("kbli-2025", "01")).one()
    assert (plants.title, plants.covers) == (
        "Tanaman",
        "Baris pertama\nbaris kedua dari uraian.",
    )
    assert plants.parent is not None and plants.parent.title == "PERTANIAN"
    assert len(outcome.findings.notes) == 2


def test_a_list_with_a_column_for_each_level_is_read():
    heading = ("Kategori", "Golongan Pokok", "Golongan", "Judul", "Deskripsi")
    rows = [
        heading,
        ("A", None, None, "Pertanian", ""),
        ("A", "01", None, "Tanaman", ""),
        ("A", "01", "011", "Tanaman Semusim", "Satu musim."),
        ("B", None, None, "Pertambangan", ""),
        ("B", "05", None, "Batu Bara", ""),
    ]

    bring_in(workbook(rows))

    assert codes() == ["A", "01", "011", "B", "05"]
    coal = db.session.scalars(Code.at("kbli-2025", "05")).one()
    assert coal.parent is not None and coal.parent.code == "B"


def test_every_sheet_of_a_workbook_counts_and_is_named_in_a_reason():
    second = [HEADING, ("B", "Pertambangan", ""), ("055", "Tanpa Induk", "")]

    lines = reasons(workbook([HEADING, *TREE], second))

    assert lines == ["Baris Lembar2!3: induk 05 dari kode 055 tidak ada dalam daftar"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_csv_file_is_read_however_it_was_saved(delimiter: str, encoding: str):
    rows = [HEADING, *TREE, ("03", "Perikanan – é", "")]
    text = "\r\n".join(delimiter.join(row) for row in rows)

    bring_in(csv_file(text, encoding))

    assert len(codes()) == 8
    assert db.session.scalars(Code.at("kbli-2025", "03")).one().title.endswith("– é")


def test_commas_in_descriptions_do_not_part_the_cells_of_a_csv_file():
    text = ", ".join(["satu", "dua"] * 30)
    rows = [(code, title, f"{title}: {text}") for code, title, _ in TREE]
    lines = [";".join(row) for row in (HEADING, *rows)]

    bring_in(csv_file("\n".join(lines)))

    assert codes() == [row[0] for row in TREE]


def test_the_answer_of_the_api_is_read_by_its_ids():
    rows = [
        {"_source": {"id": "kbli_2025_A", "judul": "[A] Pertanian", "deskripsi": ""}},
        {
            "_source": {
                "id": "kbli_2025_01",
                "judul": "[01] Tanaman",
                "deskripsi": "&lt;p&gt;Golongan pokok ini mencakup tanaman.&lt;/p&gt;",
                "level": "golongan pokok",
                "sebelumnya": [{"kode": "A", "judul": "Pertanian"}],
            }
        },
    ]
    pages = [{"page": 1, "pages": 1}, [*rows, rows[1]]]
    answer = {"status": "OK", "data-availability": "available", "data": pages}

    bring_in(BytesIO(json.dumps(answer).encode()))

    assert codes() == ["A", "01"]
    plants = db.session.scalars(Code.at("kbli-2025", "01")).one()
    assert plants.covers == "Golongan pokok ini mencakup tanaman."
    assert plants.parent is not None and plants.parent.code == "A"


def test_occupations_and_products_have_levels_of_their_own():
    bring_in(csv_file("Kode;Judul\n1;Manajer\n11;Pimpinan\n111;Pejabat"), "kbji-2014")
    bring_in(csv_file("Kode;Judul\n0;Hasil tani\n01;Tanaman\n011;Padi"), "kbki-2015")

    assert codes() == ["1", "11", "111", "0", "01", "011"]
