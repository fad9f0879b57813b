"""Figure questions as people type them, judged before they were run.

On their first run 33 of the forty were right, 14 of the later twenty, and 7 of the
sloppiest: in Javanese, with abbreviations of chats, comparing, in other units.
"""

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from pst.catalogue.figures import Figure, Series
from pst.catalogue.models import CatalogueItem
from pst.catalogue.queries import CatalogueResults
from pst.database import db
from pst.search import engine
from pst.search.language import spelling
from tests.catalogue.steps import answer, is_exact
from tests.plans import plan
from tests.postgresql import of_sqlite

HERE = Path(__file__).parent
QUESTIONS: list[dict[str, Any]] = json.loads((HERE / "questions.json").read_text())
# Judged after the first forty were right, and before they were run.
LATER: list[dict[str, Any]] = json.loads((HERE / "held_out.json").read_text())
SLOPPY: list[dict[str, Any]] = json.loads((HERE / "sloppy.json").read_text())
# Jumlah, kepadatan, laju; persen or jumlah; laki-laki or perempuan; two kecamatan.
MEASURES: list[tuple[str, str, list[str], str, int]] = json.loads(
    (HERE / "measures.json").read_text()
)
# Goods, people and places of which the catalogue has no figure; of the first 60, judged
# before they were run, five got that of something else.
UNANSWERED: list[str] = json.loads((HERE / "unanswered.json").read_text())
LEAST = 0.9
TABLE = "penduduk"


def is_right(question: dict[str, Any], figure: Figure | None) -> bool:
    if figure is None:
        return False
    value = figure.value
    return (
        figure.item.source_id in question["items"]
        and _is_one_of(value.area_code, question["area_code"])
        and (value.year, value.part) == (question["year"], question["part"])
        and _is_one_of(value.breakdown, question["breakdown"])
        and bool(figure.missing_period) == question["is_other_year"]
        and bool(figure.missing_place) == question["is_other_area"]
    )


def _is_one_of(text: str, choices: str | list[str]) -> bool:
    return text in choices if isinstance(choices, list) else text == choices


def summary(figure: Figure | None) -> str:
    if figure is None:
        return "nothing"
    value = figure.value
    missing = f"{figure.missing_period} {figure.missing_place}"
    return (
        f"{figure.item.source_id} {value.area} {value.year}/{value.part}"
        f" {value.breakdown!r} missing={missing!r}"
    )


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("questions", "count"), [(QUESTIONS, 40), (LATER, 20), (SLOPPY, 20)]
)
def test_most_questions_get_the_right_figure_at_place_one(
    questions: list[dict[str, Any]], count: int
):
    wrong = [
        f"{question['question']}: {summary(figure)}"
        for question in questions
        if not is_right(question, figure := answer(question["question"]))
    ]

    assert len(questions) == count
    assert len(wrong) <= (1 - LEAST) * count, wrong


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    "question",
    [
        *("harga cabai 2025", "jumlah kapal nelayan", "produksi jagung 2024"),
        *("jumlah dokter kecamatan selasih", "jumlah penduduk lansia 2024"),
        *("apa arti inflasi", "cara menghitung ipm"),
    ],
)
def test_what_no_figure_answers_gets_none(question: str):
    assert answer(question) is None


@pytest.mark.usefixtures("demo")
def test_of_what_there_is_no_figure_none_of_something_else_is_shown():
    wrong = [
        f"{question}: {summary(figure)}"
        for question in UNANSWERED
        if (figure := answer(question))
    ]

    assert len(UNANSWERED) == 70
    assert not wrong


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("question", "item"),
    [
        ("jumlh pendudk kabupaten contoh 2024", "penduduk"),
        ("penduduk miskn 2023 berapa", "jumlah-miskin"),
        ("produksi padii 2023", "padi"),
        ("gni rasio 2025", "gini"),
        ("jumlah skolah smp", "sekolah"),
        ("prdb per kapita", "pdrb-kapita"),
        ("luas wilayh kecamatan kenanga", "luas"),
        ("ipm kabupaten paling baru", "ipm"),
    ],
)
def test_a_question_as_people_type_it_gets_its_figure(question: str, item: str):
    figure = answer(question)

    assert figure is not None
    assert figure.item.source_id == item


@pytest.mark.usefixtures("demo")
def test_a_year_that_is_missing_is_never_replaced_in_silence():
    for question in QUESTIONS + LATER:
        figure = answer(question["question"])
        years = [int(w) for w in question["question"].split() if w.isdigit()]
        if figure is not None and years:
            assert figure.value.year in years or figure.missing_period, question


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("question", "year"),
    [
        ("inflasi contoh okt 24", 2024),
        ("ipm contoh thn 10", 2010),
        ("penduduk selasih '09", 2009),
        ("penduduk miskin th 99", 1999),
    ],
)
def test_a_year_of_two_digits_is_a_year(question: str, year: int):
    figure = answer(question)

    assert figure is not None
    assert figure.missing_period.endswith(str(year))


@pytest.mark.usefixtures("demo")
def test_one_measure_of_a_thing_is_not_taken_for_another():
    """Judged before they were run; 51 of the 53 were right then."""
    wrong = []
    for question, item, areas, breakdown, year in MEASURES:
        figure = answer(question)
        shown_areas = (
            sorted(value.area for value in (figure.value, *figure.others))
            if figure
            else []
        )
        if (
            figure is None
            or not is_exact(figure)
            or (figure.item.source_id, figure.value.breakdown, figure.value.year)
            != (item, breakdown, year)
            or shown_areas != areas
        ):
            wrong.append(f"{question}: {summary(figure)}")

    assert len(MEASURES) == 53
    assert len(wrong) <= 1, wrong


@pytest.mark.usefixtures("demo")
def test_a_mistyped_word_is_corrected_once_for_items_and_figure(
    monkeypatch: pytest.MonkeyPatch,
):
    words = []
    nearest = spelling.nearest

    def noted(connection: Any, word: str, kind: Any) -> list[tuple[str, float, float]]:
        words.append(word)
        return nearest(connection, word, kind)

    monkeypatch.setattr(spelling, "nearest", noted)
    engine.forget()
    results = CatalogueResults("jumlah penudduk kabupaten contoh 2024")

    assert results.figure is not None
    assert results.items
    assert words == ["penudduk"]


@of_sqlite
@pytest.mark.usefixtures("demo")
def test_the_series_of_a_table_are_read_in_the_order_of_their_index():
    plans: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, values: Any, *_: Any):
        if "FROM catalogue_value" in statement and "EXPLAIN" not in statement:
            plans.extend(plan(connection, statement, values))

    [table] = db.session.scalars(sa.select(CatalogueItem.id).filter_by(source_id=TABLE))
    sa.event.listen(db.engine, "before_cursor_execute", note)
    series = Series.of([table])
    sa.event.remove(db.engine, "before_cursor_execute", note)

    assert len(series) == 21
    assert all(each.years[-1] == 2025 and not each.is_of_parts for each in series)
    [step] = plans
    assert "COVERING INDEX" in step
