"""The index of PermenPANRB 14/2017, by worked examples."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from pst.feedback import survey
from pst.feedback.survey import CODES


def answers_with(respondents: int, total: int) -> list[dict[str, int]]:
    """Spread `total` points over nine elements of so many questionnaires."""
    places = respondents * len(CODES)
    low, more = divmod(total, places)
    scores = [low + (n < more) for n in range(places)]
    return [
        dict(zip(CODES, scores[n::respondents], strict=True))
        for n in range(respondents)
    ]


def index_of(rows):
    """Return the index of questionnaires: from each code to its score, or None."""
    scores = {code: [row[code] for row in rows if row.get(code)] for code in CODES}
    totals = {code: (sum(each), len(each)) for code, each in scores.items()}
    return survey.index_of_totals(totals, len(rows))


@pytest.mark.parametrize(
    ("respondents", "total", "value", "grade"),
    [
        (29, 955, "91.48", "A"),
        (5, 117, "65.00", "C"),
        (5, 138, "76.67", "B"),
        (5, 159, "88.33", "A"),
        (1, 36, "100.00", "A"),
        (1, 9, "25.00", "D"),
        (7, 27 * 7, "75.00", "C"),  # every answer 3
    ],
)
def test_the_index_of_the_worked_examples(respondents, total, value, grade):
    rows = answers_with(respondents, total)
    assert sum(sum(row.values()) for row in rows) == total

    index = index_of(rows)

    assert (str(index.value), index.grade) == (value, grade)


@pytest.mark.parametrize(
    ("value", "grade"),
    [
        ("25.00", "D"),
        ("64.99", "D"),
        ("65.00", "C"),
        ("76.60", "C"),
        ("76.61", "B"),
        ("88.30", "B"),
        ("88.31", "A"),
        ("100.00", "A"),
    ],
)
def test_both_sides_of_every_grade(value, grade):
    assert survey.grade_of(Decimal(value)) == grade


def test_rounding_is_half_up_and_once():
    assert survey.rounded(Fraction(883050, 10000)) == Decimal("88.31")
    assert survey.rounded(Fraction(8830499, 100000)) == Decimal("88.30")
    assert survey.rounded(Fraction(65005, 1000)) == Decimal("65.01")


def test_an_element_switched_off_does_not_weigh():
    rows = [{code: 3 for code in CODES if code != "u4"} | {"u4": None}]

    index = index_of(rows)

    assert len(index.elements) == 8
    assert index.value == Decimal("75.00")


def test_elements_with_fewer_answers_count_by_their_own_number():
    rows = [{"u1": 4, "u2": 4}, {"u1": 2, "u2": None}]

    index = index_of(rows)

    assert [(e.element.code, e.answers, e.mean) for e in index.elements] == [
        ("u1", 2, 3),
        ("u2", 1, 4),
    ]
    assert index.exact == Fraction(175, 2)
    assert (index.respondents, index.value, index.grade) == (2, Decimal("87.50"), "B")


def test_without_answers_there_is_no_index():
    assert index_of([]) is None
    assert index_of([{"u1": None}]) is None


@pytest.mark.parametrize(
    ("population", "sample"),
    [
        *((0, 0), (1, 1), (10, 10), (15, 14), (20, 19), (50, 44), (100, 80)),
        *((200, 132), (500, 217), (1000, 278), (10_000, 370), (1_000_000, 384)),
    ],
)
def test_the_sample_size_of_krejcie_and_morgan(population, sample):
    assert survey.sample_size(population) == sample


def test_nine_elements_each_with_four_answers():
    elements = survey.questionnaire()

    assert tuple(element.code for element in elements) == CODES
    assert all(len(element.answers) == 4 for element in elements)


def test_elements_can_be_switched_off():
    codes = [element.code for element in survey.elements("u4, u8")]

    assert codes == ["u1", "u2", "u3", "u5", "u6", "u7", "u9"]
    assert len(survey.elements("")) == 9


@pytest.mark.parametrize(
    ("length", "first", "last"),
    [
        ("month", "2026-06", "2026-07"),
        ("quarter", "2026-T2", "2026-T3"),
        ("semester", "2026-S1", "2026-S2"),
        ("year", "2026", "2026"),
    ],
)
def test_the_period_of_a_day(length, first, last):
    assert survey.period_of(date(2026, 6, 30), length) == first
    assert survey.period_of(date(2026, 7, 1), length) == last
