"""A list that is wrong is refused, with every reason."""

import json
import tracemalloc
import zipfile
from io import BytesIO

import pytest
import sqlalchemy as sa

from pst.classifications.models import Code
from pst.database import db
from pst.list_files.problems import BadList
from pst.list_files.runs import ListImport
from tests.classifications.conftest import HEADING, csv_file, workbook
from tests.classifications.importing.steps import TREE, bring_in, reasons


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


def test_rows_of_the_api_from_another_edition_are_refused():
    row = {"_source": {"id": "kbli_2020_01", "judul": "[01] Tanaman"}}

    (reason,) = reasons(BytesIO(json.dumps([row]).encode()))

    assert "dari KBLI 2020, bukan KBLI 2025" in reason
