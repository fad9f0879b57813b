"""Forty figure questions as people type them, judged before they were run."""

import json
from pathlib import Path
from typing import Any

import pytest

from pst.catalogue import answering, documents
from pst.catalogue.figures import Figure
from pst.database import db
from pst.demo import catalogue
from pst.search import engine

HERE = Path(__file__).parent
QUESTIONS: list[dict[str, Any]] = json.loads((HERE / "questions.json").read_text())
LEAST = 0.9


@pytest.fixture
def demo(context: None, at: object) -> None:
    """The demo's catalogue of an invented district."""
    assert catalogue.load() == 47
    assert catalogue.load() == 0


def answer(question: str) -> Figure | None:
    hits = engine.search(db.session.connection(), question, documents.ITEM).hits
    return answering.find(question, hits) if hits else None


def is_right(question: dict[str, Any], figure: Figure | None) -> bool:
    if figure is None:
        return False
    value = figure.value
    return (
        figure.item.source_id in question["items"]
        and value.area_code == question["area_code"]
        and (value.year, value.part) == (question["year"], question["part"])
        and value.breakdown == question["breakdown"]
        and (figure.missing_year is not None) == question["is_other_year"]
        and bool(figure.missing_place) == question["is_other_area"]
    )


def shown(figure: Figure | None) -> str:
    if figure is None:
        return "nothing"
    value = figure.value
    missing = f"{figure.missing_year or ''} {figure.missing_place}"
    return (
        f"{figure.item.source_id} {value.area} {value.year}/{value.part}"
        f" {value.breakdown!r} missing={missing!r}"
    )


@pytest.mark.usefixtures("demo")
def test_most_questions_get_the_right_figure_at_place_one():
    wrong = [
        f"{question['question']}: {shown(figure)}"
        for question in QUESTIONS
        if not is_right(question, figure := answer(question["question"]))
    ]

    assert len(QUESTIONS) == 40
    print("\n".join(wrong))
    assert len(wrong) <= (1 - LEAST) * len(QUESTIONS), wrong


@pytest.mark.usefixtures("demo")
def test_a_year_that_is_missing_is_never_replaced_in_silence():
    for question in QUESTIONS:
        figure = answer(question["question"])
        asked = [int(w) for w in question["question"].split() if w.isdigit()]
        if figure is not None and asked:
            assert figure.value.year in asked or figure.missing_year, question
