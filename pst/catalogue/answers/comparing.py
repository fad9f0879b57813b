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
MAX_AREAS = 3


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


def also_named(
    question: Question, chosen: Series, series: Sequence[Series]
) -> tuple[Series, ...]:
    """Return the series for the other areas that a question names.

    They are of the same level, unless the question compares levels. A name within
    another ("Kemangi" in "Kemangi Timur") is no other area.
    """
    areas = {(each.area, each.area_code) for each in series}
    wanted_areas = meant(question, [key for key in areas if question.names(*key)])
    is_apart = question.sets_apart(chosen.area, chosen.area_code)
    alike = [
        each
        for each in series
        if (each.area, each.area_code) in wanted_areas
        and (each.breakdown, each.is_of_parts) == (chosen.breakdown, chosen.is_of_parts)
        and (
            len(each.area_code) == len(chosen.area_code)
            or is_apart
            or question.sets_apart(each.area, each.area_code)
        )
    ]
    names = [set(indonesian.words(each.area)) for each in alike]
    others = [
        each
        for each, name in zip(alike, names, strict=True)
        if each != chosen and not any(name < other for other in names)
    ]
    return tuple(others[: MAX_AREAS - 1])
