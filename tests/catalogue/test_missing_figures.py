"""What is asked for and is not there is said to be missing, for each period and area.

Abbreviations lead to what they stand for; judged before they were run, when 21 of
these 31 were right.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pst.catalogue import documents, importing, storing
from pst.catalogue.answers import nearest
from pst.catalogue.answers.questions import Question
from pst.catalogue.figures import Figure
from pst.catalogue.models import CatalogueValue
from pst.catalogue.queries import CatalogueResults
from pst.catalogue.states import Origin
from pst.demo import catalogue

ABBREVIATIONS: list[tuple[str, tuple[str, str, str, int, int] | None]] = json.loads(
    (Path(__file__).parent / "abbreviations.json").read_text()
)
CLINICS = Path(__file__).parent / "clinics.jsonl"


@pytest.fixture
def demo(context: None, at: object) -> None:
    catalogue.load()


@pytest.fixture
def clinics(context: None, at: object) -> None:
    """A table with an area that lacks the newest period, and one that lacks totals."""
    storing.take_over("uji", Origin.FILE, importing.read(CLINICS))
    documents.write_pending()


def answer(question: str) -> Figure:
    figure = CatalogueResults(question).figure
    assert figure is not None, question
    return figure


def key(figure: Figure | None) -> list[Any] | None:
    if figure is None:
        return None
    value = figure.value
    period = (value.year, value.part)
    return [figure.item.source_id, value.area_code, value.breakdown, *period]


@pytest.mark.usefixtures("demo")
def test_abbreviations_lead_to_what_they_stand_for():
    wrong = [
        f"{question}: {figure}"
        for question, right in ABBREVIATIONS
        if (figure := key(CatalogueResults(question).figure)) != right
    ]

    assert len(ABBREVIATIONS) == 31
    assert not wrong


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("question", "missing", "period"),
    [
        ("tpt contoh februari 2025", "Februari 2025", (2025, 8)),
        ("inflasi bulanan november 2025", "November 2025", (2025, 10)),
        ("ntp desember 2024", "Desember 2024", (2025, 1)),
        ("inflasi bulanan desember", "Desember", (2025, 10)),
        ("ntp triwulan iii 2025", "Triwulan III 2025", (2025, 9)),
        ("ipm maret 2024", "Maret 2024", (2024, 0)),
        ("ipm 2031", "2031", (2025, 0)),
        ("inflasi bulanan juli 2025", "", (2025, 7)),
        ("inflasi bulanan 2025", "", (2025, 10)),
        ("tpt agustus 2024", "", (2024, 8)),
        ("ipm 2024", "", (2024, 0)),
    ],
)
def test_a_part_of_a_year_is_never_replaced_in_silence(
    question: str, missing: str, period: tuple[int, int]
):
    figure = answer(question)

    assert (figure.value.year, figure.value.part) == period
    assert figure.missing_period == missing


@pytest.mark.usefixtures("clinics")
def test_an_area_without_the_period_has_its_nearest_one():
    figure = answer("jumlah klinik selasih dan kemangi 2025")

    values = [figure.value, *figure.others]
    [selasih, kemangi] = sorted(values, key=lambda value: value.area_code)
    assert (selasih.year, kemangi.year) == (2025, 2023)
    assert {figure.is_of_other_period(value) for value in figure.others} == {True}


def test_of_two_periods_equally_near_the_newer_is_taken():
    older, middle, newer = (CatalogueValue(year=y, part=0) for y in (2022, 2023, 2024))

    assert nearest.like(middle, [older, newer]) is newer
    assert nearest.like(middle, [newer, older]) is newer


@pytest.mark.usefixtures("clinics")
def test_an_english_title_names_a_figure():
    assert answer("clinics selasih 2025").value.area == "Selasih"


@pytest.mark.usefixtures("clinics")
def test_an_area_without_such_a_figure_is_named():
    figure = answer("jumlah klinik selasih dan melati 2025")

    assert (figure.value.area, figure.others) == ("Selasih", ())
    assert figure.without == ("Melati",)


@pytest.mark.usefixtures("demo")
def test_none_of_five_areas_is_left_out():
    names = ["Cendana", "Kemangi", "Kenanga", "Melati", "Selasih"]

    figure = answer(f"jumlah penduduk kecamatan {', '.join(names)} 2024")

    assert sorted(value.area for value in (figure.value, *figure.others)) == names


NAMES = ["Aceh", "Bali", "Banten", "Bengkulu", "Gorontalo", "Jambi", "Lampung"]
NAMES += ["Maluku", "Papua", "Riau"]


@pytest.mark.usefixtures("context", "at")
def test_how_many_areas_are_too_many_is_said():
    values = [
        {"period": "2025", "value": code, "area": name, "area_code": str(code)}
        for code, name in enumerate(NAMES, 11)
    ]
    row = {"id": "embung", "kind": "tabel", "title": "Jumlah Embung"}
    entry = importing.entry_of(row | {"values": values})
    storing.take_over("uji", Origin.FILE, [entry])
    documents.write_pending()

    def areas(count: int) -> tuple[int, int]:
        names = " dan ".join(NAMES[:count])
        figure = answer(f"jumlah embung {names} 2025")
        return 1 + len(figure.others), figure.left_out

    assert areas(8) == (8, 0)
    assert areas(9) == (8, 1)
    assert areas(10) == (8, 2)


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("jumlah penduduk Contoh Kota, Kemangi", ["Contoh Kota", "Kemangi"]),
        ("jumlah penduduk contoh kota,kemangi 2024", ["Contoh Kota", "Kemangi"]),
        (
            "penduduk Contoh Kota; Kemangi; Selasih",
            ["Contoh Kota", "Kemangi", "Selasih"],
        ),
        ("penduduk kemangi dan contoh kota 2024", ["Contoh Kota", "Kemangi"]),
        ("penduduk kemangi, kabupaten contoh", ["Kemangi"]),
        ("penduduk kecamatan, kemangi", ["Kemangi"]),
        ("penduduk contoh kota dan kab contoh", ["Contoh Kota", "Kabupaten Contoh"]),
    ],
)
def test_a_comma_ends_a_name(question: str, names: list[str]):
    figure = answer(question)

    assert sorted(value.area for value in (figure.value, *figure.others)) == names


@pytest.mark.parametrize(
    ("text", "area", "code", "is_named"),
    [
        ("penduduk contoh kota", "Contoh Kota", "9901060", True),
        ("penduduk contoh, kota", "Contoh Kota", "9901060", False),
        ("kemiskinan provinsi", "Provinsi Contoh", "99", True),
        ("kemiskinan provinsi minus", "Provinsi Contoh", "99", True),
        ("kemiskinan per provinsi", "Provinsi Contoh", "99", False),
        ("kemiskinan antar provinsi", "Provinsi Contoh", "99", False),
        ("kemiskinan provinsi lain", "Provinsi Contoh", "99", False),
    ],
)
def test_when_a_question_names_an_area(text: str, area: str, code: str, is_named: bool):
    question = Question.read(text, date(2026, 3, 2))

    assert bool(question.names(area, code)) == is_named


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("question", "item"),
    [
        ("penduduk 2024 brp rb org", "penduduk"),
        ("jumlah penduduk contoh brp rb", "penduduk"),
        ("pdrb per kapita brp jt", "pdrb-kapita"),
        ("luas wilayah contoh brp km persegi", "luas"),
        ("luas wilayah kemangi km2", "luas"),
        ("inflasi bulanan minus brp", "inflasi-mtm"),
        ("pertumbuhan ekonomi minus", "ekonomi"),
    ],
)
def test_a_scale_or_a_sign_asks_for_no_other_figure(question: str, item: str):
    figure = answer(question)

    assert figure.item.source_id == item
    assert (figure.missing_place, figure.missing_period) == ("", "")
