"""An index from fewer answers than are needed says so next to the figure."""

import pytest

from pst.reports.figures.disclosure.few_answers import has_few_answers, index_notes
from pst.reports.public import _of_answers


def survey(respondents: int, sample: int = 10, value: float | None = 80.0) -> dict:
    values = {"respondents": respondents, "sample": sample, "value": value}
    return {**values, "grade": "B"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [(9, True), (10, False), (11, False)],
)
def test_both_sides_of_enough(given, expected):
    assert has_few_answers(survey(given)) is expected


def test_without_an_index_nothing_is_said():
    assert index_notes({"survey": survey(0, value=None)}) == ""


def test_both_periods_are_told_of():
    assert index_notes({"survey": survey(3), "before": {"survey": survey(2)}}) == (
        " (belum mewakili: 3 dari 10 jawaban yang diperlukan;"
        " periode sebelumnya belum mewakili: 2 dari 10)"
    )


def test_the_public_page_says_it_next_to_the_figure():
    assert _of_answers(survey(9)) == "mutu B, 9 kuesioner; belum mewakili, perlu 10"
    assert _of_answers(survey(10)) == "mutu B, 10 kuesioner"
