"""Lists of codes as offices have them: read whole, or refused with every reason."""

import json
import tracemalloc
import zipfile
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask

from pst.classifications.importing import editions as importing
from pst.classifications.importing import planning
from pst.classifications.models import Classification, Code
from pst.database import db, transaction
from pst.list_files.problems import BadList
from pst.list_files.runs import ListImport, Source
from tests.classifications.conftest import HEADING, csv_file, workbook
from tests.list_locks import watch

SOURCE = Source("Daftar uji")
TREE = [
    ("A", "Pertanian", "Uraian kategori."),
    ("01", "Tanaman", ""),
    ("011", "Tanaman Semusim", ""),
    ("0111", "Jagung dan Palawija", ""),
    ("01111", "Pertanian Jagung", "Kelompok ini mencakup jagung."),
    ("01112", "Pertanian Kacang", "Kelompok ini mencakup kacang."),
    ("02", "Kehutanan", ""),
]


def bring_in(file: BytesIO, slug: str = "kbli-2025", **options) -> importing.Outcome:
    return importing.bring_in(slug, file, SOURCE, **options)


def codes() -> list[str]:
    query = sa.select(Code.code).where(Code.withdrawn_at.is_(None)).order_by(Code.id)
    return list(db.session.scalars(query))


def reasons(file: BytesIO, slug: str = "kbli-2025") -> list[str]:
    with pytest.raises(BadList) as refused:
        bring_in(file, slug)
    assert codes() == []
    return list(map(str, refused.value.problems))


@pytest.fixture(autouse=True)
def _in_context(context: None) -> None:
    """Every test here reads and writes the database."""


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

    found = reasons(workbook([HEADING, *TREE], second))

    assert found == ["Baris Lembar2!3: induk 05 dari kode 055 tidak ada dalam daftar"]


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


def test_what_is_wrong_is_listed_line_by_line_and_nothing_is_taken():
    rows = [
        HEADING,
        ("01", "Tanaman", ""),
        ("011", "", "Tanpa judul"),
        ("01", "Tanaman lagi", ""),
        ("0X1", "Bukan kode", ""),
        ("09999", "Yatim", ""),
        (None, "Tanpa kode", ""),
    ]

    assert reasons(workbook(rows)) == [
        "Baris 7: tidak ada kode: “Tanpa kode”",
        "Baris 3: kode 011 tidak mempunyai judul",
        "Baris 4: kode 01 sudah ada di baris 2",
        "Baris 5: “0X1” bukan kode KBLI (panjangnya 1, 2, 3, 4, 5)",
        "Baris 6: induk 0999 dari kode 09999 tidak ada dalam daftar",
    ]
    run = ListImport.last()["kbli-2025"]
    assert not run.is_done and len(run.remarks) == 5


def test_thousands_of_faults_are_counted_and_the_first_shown():
    rows = [f"9{n:04};Yatim" for n in range(5_000)]
    file = csv_file("Kode;Judul\n" + "\n".join(rows))

    with pytest.raises(BadList) as refused:
        bring_in(file)

    assert len(refused.value.problems) == 200
    assert refused.value.more == 4_800


def test_wrong_columns_are_refused_with_what_is_needed():
    (reason,) = reasons(workbook([("Nama", "Alamat"), ("Budi", "Wanadadi")]))

    assert reason.startswith("Judul kolom tidak dikenali.")


def test_another_edition_is_refused_by_the_title_of_the_list():
    (reason,) = reasons(workbook([("Daftar KBLI 2020",), HEADING, *TREE]))

    assert "menyebut KBLI 2020, sedangkan yang diimpor KBLI 2025" in reason


def test_rows_of_another_edition_are_refused():
    rows = [
        ("Tahun", "Kode", "Judul"),
        (2025, "01", "Tanaman"),
        (2020, "02", "Kehutanan"),
    ]

    assert reasons(workbook(rows)) == [
        "Baris 3: kode ini dari KBLI 2020, bukan KBLI 2025"
    ]


def test_tags_in_texts_are_taken_out_and_said():
    rows = [
        HEADING,
        ("01", "Tanaman <b>Pangan</b>", "&lt;p&gt;Padi &amp;amp; jagung&lt;/p&gt;"),
        ("02", "Hutan<script>alert(1)</script>", "Luas < 5 ha"),
    ]

    outcome = bring_in(workbook(rows))

    plants, forest = db.session.scalars(sa.select(Code).order_by(Code.id))
    assert (plants.title, plants.covers) == ("Tanaman Pangan", "Padi & jagung")
    assert (forest.title, forest.covers) == ("Hutan", "Luas < 5 ha")
    assert len(outcome.findings.notes) == 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "Berkas ini kosong."),
        (b"<!doctype html><table><tr><td>Kode", "halaman web"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "Simpan sebagai .xlsx"),
        (b"PK\x03\x04rusak", "rusak"),
        (b'{"status":"OK","data":[', "JSON ini rusak"),
        (b'{"status":"Error","message":"kunci salah"}', "kunci salah"),
        (b"\0\1\2" * 50, "bukan XLSX atau CSV"),
    ],
)
def test_a_file_that_is_no_list_is_refused_plainly(content: bytes, reason: str):
    assert reason in reasons(BytesIO(content))[0]


def test_a_file_of_forty_megabytes_is_refused_unread():
    file = BytesIO(b"Kode;Judul\n" + b"01;Tanaman\n" * 3_700_000)
    tracemalloc.start()
    try:
        assert "lebih dari 16 MB" in reasons(file)[0]
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_a_small_file_that_unpacks_to_a_large_one_is_refused():
    file = workbook([HEADING, *TREE])
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/besar.xml", b" " * 200_000_000)
    file.seek(0)

    assert "terlalu besar" in reasons(file)[0]


def test_run_again_it_changes_only_what_differs():
    bring_in(workbook([HEADING, *TREE]))
    first = Classification.with_slug("kbli-2025")
    ids = dict(db.session.execute(sa.select(Code.code, Code.id)).all())

    assert bring_in(workbook([HEADING, *TREE])).counts["same"] == 7

    again = [*TREE[:-1], ("02", "Kehutanan dan Hasil Hutan", "")]
    outcome = bring_in(workbook([HEADING, *again]))
    assert (outcome.changed, outcome.same) == (["02"], 6)
    assert dict(db.session.execute(sa.select(Code.code, Code.id)).all()) == ids
    assert Classification.with_slug("kbli-2025") is first


def test_a_part_of_the_list_withdraws_the_rest_only_when_that_is_said():
    bring_in(workbook([HEADING, *TREE]))
    part = [HEADING, *TREE[:4]]

    with pytest.raises(BadList, match="3 dari 7 kode"):
        bring_in(workbook(part))
    assert len(codes()) == 7

    outcome = bring_in(workbook(part), may_withdraw=True)
    assert outcome.withdrawn == ["01111", "01112", "02"]
    # Its address stays, for answers that named it.
    assert db.session.scalars(Code.at("kbli-2025", "01111")).one().withdrawn_at


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


def test_rows_of_the_api_from_another_edition_are_refused():
    row = {"_source": {"id": "kbli_2020_01", "judul": "[01] Tanaman"}}

    (reason,) = reasons(BytesIO(json.dumps([row]).encode()))

    assert "dari KBLI 2020, bukan KBLI 2025" in reason


def test_occupations_and_products_have_levels_of_their_own():
    bring_in(csv_file("Kode;Judul\n1;Manajer\n11;Pimpinan\n111;Pejabat"), "kbji-2014")
    bring_in(csv_file("Kode;Judul\n0;Hasil tani\n01;Tanaman\n011;Padi"), "kbki-2015")

    assert codes() == ["1", "11", "111", "0", "01", "011"]


def test_the_command_reports_what_changed_and_what_was_refused(app: Flask, tmp_path):
    file = tmp_path / "daftar.csv"
    file.write_text("Kode;Judul\nA;Pertanian\n01;Tanaman")
    run = app.test_cli_runner().invoke

    made = run(args=["classifications", "import", "kbli-2025", str(file)])
    assert "2 made, 0 changed" in made.output and "A 01" in made.output

    file.write_text("Kode;Judul\nA;Pertanian\n01;Tanaman\n01;Lagi")
    refused = run(args=["classifications", "import", "kbli-2025", str(file)])
    assert refused.exit_code == 1
    assert "Baris 4: kode 01 sudah ada di baris 3" in refused.output

    status = run(args=["classifications", "status"]).output
    assert "KBLI 2025: 2 codes, from daftar.csv" in status
    assert "kbli-2025: REFUSED" in status


def test_an_import_that_fails_while_writing_leaves_nothing(monkeypatch):
    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(planning.activity_index, "replace", fail)
    with pytest.raises(OSError):
        bring_in(workbook([HEADING, *TREE]))

    assert codes() == []
    with transaction():
        assert Classification.with_slug("kbli-2025") is None


def test_others_write_while_the_rows_of_a_list_are_made(monkeypatch):
    bring_in(workbook([HEADING, *TREE[:-1]]))
    calls = watch(monkeypatch, planning.activity_index, "row_of")

    changed = [TREE[0], ("01", "Tanaman Pangan", ""), *TREE[2:]]
    bring_in(workbook([HEADING, *changed]))

    # The division that changed, the four below it, and the one that is new.
    assert len(calls) == 6


def test_a_list_is_compared_again_when_another_came_in_between(monkeypatch):
    bring_in(workbook([HEADING, *TREE]))
    real, between = importing.plan, [TREE[:-2]]

    def planned(*args):
        made = real(*args)
        while between:
            bring_in(workbook([HEADING, *between.pop()]), may_withdraw=True)
        return made

    monkeypatch.setattr(importing, "plan", planned)
    outcome = bring_in(workbook([HEADING, *TREE]))

    assert (outcome.made, outcome.changed) == ([], ["01112", "02"])
    assert codes() == [code for code, *_ in TREE]
