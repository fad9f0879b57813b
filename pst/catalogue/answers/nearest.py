"""Which figure of a series is for the period asked for, or the nearest to it."""

from collections.abc import Sequence

from pst.catalogue.answers import periods
from pst.catalogue.answers.questions import Question
from pst.catalogue.models import CatalogueValue


def year(years: Sequence[int], question: Question) -> int:
    """Return the year nearest to the one asked for; the newest where none was named."""
    return min(years, key=lambda year: (abs(year - (question.year or 9999)), -year))


def place(values: Sequence[CatalogueValue], question: Question, year: int) -> int:
    """Return where the figure asked for is; the newest where no time was named.

    `year` is that of the series which is nearest to the year asked for.
    """
    if question.year is None and not question.part:
        return len(values) - 1

    def away(at: int) -> tuple[int, int]:
        years = abs(values[at].year - year)
        if not question.part:
            return years, -values[at].part
        months = (values[at].part or question.part) - question.part
        if question.year is None:  # "inflasi desember": the newest is meant
            return abs(months), years
        return abs(12 * (values[at].year - question.year) + months), years

    return min(range(len(values)), key=away)


def like(model: CatalogueValue, values: Sequence[CatalogueValue]) -> CatalogueValue:
    """Return the figure of another series for the same period, or the nearest."""
    return min(
        values,
        key=lambda v: (abs(v.year - model.year), abs(v.part - model.part), -v.year),
    )


def missing(value: CatalogueValue, question: Question) -> str:
    """Return the period asked for when a figure is for another one, or else ""."""
    has_year = question.year in (None, value.year)
    has_part = not question.part or (
        question.part == value.part
        and periods.are_alike(question.part_label, value.part_name)
    )
    if has_year and has_part:
        return ""
    return " ".join(filter(None, (question.part_label, str(question.year or ""))))
