"""Which of several areas a question asks about: all that it compares, or the smallest.

"Kecamatan Selasih Kabupaten Contoh" is one area and where it lies; "Selasih dibanding
Kabupaten Contoh" are two.
"""

from collections.abc import Collection, Sequence

from pst.catalogue.answers import questions
from pst.catalogue.answers.questions import Question
from pst.catalogue.figures import Series
from pst.search.language import indonesian

# How many areas a question may name, whose figures are then shown together.
MAX_AREAS = 8


def meant(
    question: Question, named: Collection[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Return the areas meant: one around another mostly says where that lies.

    A kecamatan with the name of its district is not named apart from it.
    """

    def says_where(area: str, code: str) -> bool:
        return not question.sets_apart(area, code) and any(
            other != code
            and other.startswith(code)
            and questions.name_of(name) != questions.name_of(area)
            for name, other in named
        )

    return [key for key in named if not says_where(*key)]


def others(
    question: Question, chosen: Series, series: Sequence[Series]
) -> tuple[tuple[Series, ...], tuple[str, ...]]:
    """Return the series for the other areas that a question names.

    The second are the names of those areas that have none for what is chosen.
    """
    by_area = {
        (each.area, each.area_code): each
        for each in series
        if (each.breakdown, each.is_of_parts) == (chosen.breakdown, chosen.is_of_parts)
    }
    other_areas = _named(question, chosen, series)[: MAX_AREAS - 1]
    alike = tuple(by_area[key] for key in other_areas if key in by_area)
    return alike, tuple(
        area for area, code in other_areas if (area, code) not in by_area
    )


def _named(
    question: Question, chosen: Series, series: Sequence[Series]
) -> list[tuple[str, str]]:
    """Return the other areas that a question names.

    They are of the same level, unless the question compares levels. A name within
    another ("Kemangi" in "Kemangi Timur") is no other area.
    """
    areas = dict.fromkeys((each.area, each.area_code) for each in series)
    own = (chosen.area, chosen.area_code)
    is_apart = question.sets_apart(*own)
    alike = [
        (area, code)
        for area, code in meant(question, [a for a in areas if question.names(*a)])
        if len(code) == len(chosen.area_code)
        or is_apart
        or question.sets_apart(area, code)
    ]
    names = [set(indonesian.words(area)) for area, _ in alike]
    return [
        area
        for area, name in zip(alike, names, strict=True)
        if area != own and not any(name < other for other in names)
    ]
