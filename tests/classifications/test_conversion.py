"""What a code became in the next edition."""

from io import BytesIO

import pytest
import sqlalchemy as sa

from pst.classifications.conversions import ConversionKind, backward, onward
from pst.classifications.importing import conversion_import
from pst.classifications.models import Classification, Code, Conversion
from pst.database import db
from pst.list_files.problems import BadList
from pst.list_files.runs import ListSource
from tests.classifications.conftest import csv_file, workbook

SLUGS = ("kbli-2020", "kbli-2025")


def bring_in(file: BytesIO) -> dict[str, int]:
    return conversion_import.bring_in(SLUGS, file, ListSource("Tabel uji"))


def became(code: str) -> tuple[ConversionKind, list[str]]:
    (step,) = onward(db.session.scalars(Code.at("kbli-2020", code)).one())
    return step.change, [each.code for each in step.codes]


def was(code: str) -> tuple[ConversionKind, list[str]]:
    (step,) = backward(db.session.scalars(Code.at("kbli-2025", code)).one())
    return step.change, [each.code for each in step.codes]


@pytest.fixture(autouse=True)
def _with_codes(edition: Classification) -> None:
    """Every test here has the two invented editions."""


def test_a_code_says_what_it_became():
    assert became("47711") == (ConversionKind.SAME, ["47711"])
    assert became("45407") == (ConversionKind.MOVED, ["95320"])
    assert became("14111") == (ConversionKind.SPLIT, ["14111", "14120"])
    assert became("47911") == (ConversionKind.MERGED, ["47911"])
    assert became("47799") == (ConversionKind.ENDED, [])


def test_a_code_says_what_it_was():
    assert was("95320") == (ConversionKind.MOVED, ["45407"])
    assert was("14120") == (ConversionKind.SPLIT, ["14111"])
    assert was("47911") == (ConversionKind.MERGED, ["47911", "47912"])


def test_a_code_may_be_split_and_merged_at_once():
    bring_in(csv_file("KBLI 2020,KBLI 2025\n14111,14111\n14111,14120\n47711,14120"))

    assert became("14111") == (ConversionKind.SPLIT_AND_MERGED, ["14111", "14120"])


def test_an_official_table_is_read_with_its_merged_cells():
    rows = [
        ("Tabel Kesesuaian KBLI 2020 - KBLI 2025",),
        ("KBLI 2020", None, "KBLI 2025", None, "Keterangan"),
        ("Kode", "Judul", "Kode", "Judul", None),
        (14111, "Industri", 14111, "Konveksi", "dipecah"),
        (None, None, 14120, "Penjahitan", "dipecah"),
        ("47911", "Media", 47911, "Internet", None),
        ("47912", "Media lain", None, None, None),
    ]
    spans = ["A1:E1", "A2:B2", "C2:D2", "A4:A5", "B4:B5", "C6:C7", "D6:D7"]

    counts = bring_in(workbook(rows, merged=spans))

    assert counts["made"] + counts["same"] + counts["changed"] == 4
    assert became("14111") == (ConversionKind.SPLIT, ["14111", "14120"])
    assert was("47911") == (ConversionKind.MERGED, ["47911", "47912"])


def test_a_wrong_table_is_refused_whole():
    before = db.session.scalar(sa.select(sa.func.count(Conversion.id)))
    text = "KBLI 2020;KBLI 2025\n47711;47711\n99999;47711\n47711;\n"

    with pytest.raises(BadList) as refused:
        bring_in(csv_file(text))

    assert list(map(str, refused.value.problems)) == [
        "Baris 3: kode 99999 tidak ada dalam KBLI 2020",
        "Baris 4: kolom kode kosong",
    ]
    assert db.session.scalar(sa.select(sa.func.count(Conversion.id))) == before


def test_run_again_it_changes_nothing():
    text = "KBLI 2020;KBLI 2025\n47711;47711\n"

    assert bring_in(csv_file(text))["withdrawn"] == 10
    assert bring_in(csv_file(text)) == {
        "made": 0,
        "changed": 0,
        "withdrawn": 0,
        "same": 1,
    }


def test_an_edition_that_is_not_there_is_named():
    with pytest.raises(BadList, match="Impor KBLI 2017 dahulu"):
        conversion_import.bring_in(
            ("kbli-2017", "kbli-2025"), csv_file("Dari;Menjadi\n1;2"), ListSource("uji")
        )
