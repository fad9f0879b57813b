"""The questionnaire of PermenPANRB 14/2017 and its index; pure functions.

Computed in exact fractions and rounded once, half up, so that a value at the edge of
a grade does not depend on how floating point falls.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent.parent / "data" / "survey.json"
VERSION = "14/2017-1"
CODES = ("u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8", "u9")
# PermenPANRB 14/2017: the index runs from 25 to 100; lowest value of each grade.
SCALE = 25
GRADES = (
    (Decimal("88.31"), "A"),
    (Decimal("76.61"), "B"),
    (Decimal("65.00"), "C"),
    (Decimal("25.00"), "D"),
)
# Krejcie and Morgan (1970): chi-square for one degree of freedom at 95 %, the share
# that needs the largest sample, and the error allowed.
CHI_SQUARE = Fraction(3841, 1000)
SHARE = Fraction(1, 2)
ERROR = Fraction(5, 100)


@dataclass(frozen=True)
class Element:
    """One of the nine things asked about, with its four answers, worst first."""

    code: str
    name: str
    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class ElementResult:
    """What all answers say about one element."""

    element: Element
    answers: int
    total: int

    @property
    def mean(self) -> Fraction:
        """The mean score (*nilai rata-rata*), 1 to 4."""
        return Fraction(self.total, self.answers)

    @property
    def value(self) -> Decimal:
        """The mean on the scale of the index, 25 to 100."""
        return rounded(self.mean * SCALE)

    @property
    def grade(self) -> str:
        return grade_of(self.value)


@dataclass(frozen=True)
class SatisfactionIndex:
    """The index (IKM) of many answers."""

    elements: tuple[ElementResult, ...]
    respondents: int

    @property
    def exact(self) -> Fraction:
        """The index unrounded: each element weighs 1/n."""
        weight = Fraction(1, len(self.elements))
        return sum((each.mean * weight for each in self.elements), Fraction()) * SCALE

    @property
    def value(self) -> Decimal:
        return rounded(self.exact)

    @property
    def grade(self) -> str:
        return grade_of(self.value)


@cache
def questionnaire(version: str = VERSION) -> tuple[Element, ...]:
    """List the elements of one version, in the order they are asked."""
    versions = json.loads(DATA.read_text())["versions"]
    return tuple(
        Element(each["code"], each["name"], each["question"], tuple(each["answers"]))
        for each in versions[version]
    )


def elements(off: str) -> tuple[Element, ...]:
    """List the elements asked about when those in `off` ("u4, u8") are left out."""
    left_out = {code.strip() for code in off.split(",")}
    return tuple(e for e in questionnaire() if e.code not in left_out)


def index_of_totals(
    totals: Mapping[str, tuple[int, int]], respondents: int
) -> SatisfactionIndex | None:
    """Return the index from each element's sum of scores and number of answers."""
    results = tuple(
        ElementResult(element, answers=totals[element.code][1], total=sums)
        for element in questionnaire()
        if element.code in totals and (sums := totals[element.code][0])
    )
    return SatisfactionIndex(results, respondents) if results else None


def rounded(value: Fraction, places: int = 2) -> Decimal:
    """Round half up to `places` decimals, exactly."""
    unit = 10**places
    whole = (value.numerator * unit * 2 + value.denominator) // (value.denominator * 2)
    return Decimal(whole).scaleb(-places)


def grade_of(value: Decimal) -> str:
    """Return the grade of a rounded index: A, B, C or D."""
    return next(grade for lowest, grade in GRADES if value >= lowest)


def sample_size(population: int) -> int:
    """Return how many answers represent `population` users (Krejcie and Morgan)."""
    if population < 1:
        return 0
    spread = CHI_SQUARE * SHARE * (1 - SHARE)
    size = spread * population / (ERROR**2 * (population - 1) + spread)
    return int(rounded(size, 0))


def period_of(day: date, length: str) -> str:
    """Return the period of `length` that `day` lies in, as `2026-S1`."""
    if length == "month":
        return f"{day.year}-{day.month:02d}"
    if length == "quarter":
        return f"{day.year}-T{(day.month + 2) // 3}"
    if length == "semester":
        return f"{day.year}-S{(day.month + 5) // 6}"
    return str(day.year)
