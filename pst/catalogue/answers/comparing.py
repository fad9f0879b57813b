"""Which of several areas a question asks about: all that it compares, or the smallest.

"Kecamatan Selasih Kabupaten Contoh" is one area and where it lies; "Selasih dibanding
Kabupaten Contoh" are two.
"""

from collections.abc import Collection, Sequence
from itertools import chain

from pst.catalogue.answers import places
from pst.catalogue.answers.questions import Question
from pst.catalogue.figures import Figure, Series


def meant_areas(
    question: Question, areas: Collection[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Return the areas meant: one around another mostly says where that lies.

    A kecamatan with the name of its district is not named apart from it.
    """

    def says_where(area: str, code: str) -> bool:
        return not question.sets_apart(area, code) and any(
            other != code
            and other.startswith(code)
            and places.name_of(name) != places.name_of(area)
            for name, other in areas
        )

    return [key for key in areas if not says_where(*key)]


def others(
    question: Question, main: Series, series: Sequence[Series]
) -> tuple[tuple[Series, ...], tuple[str, ...], int]:
    """Return the series for the other areas that a question names.

    Then come the names of those areas that have none for what is chosen, and how many
    areas are left out because there are too many.
    """
    by_area = {
        (each.area, each.area_code): each
        for each in series
        if (each.breakdown, each.is_of_parts) == (main.breakdown, main.is_of_parts)
    }
    keys, room = _other_areas(question, main, series), Figure.MAX_AREAS - 1
    alike = tuple(by_area[key] for key in keys[:room] if key in by_area)
    without = tuple(area for area, code in keys[:room] if (area, code) not in by_area)
    return alike, without, len(keys[room:])


def _other_areas(
    question: Question, main: Series, series: Sequence[Series]
) -> list[tuple[str, str]]:
    """Return the other areas that a question names.

    They are of the same level, unless the question compares levels. A name within
    another ("Kemangi" in "Kemangi Timur") is no other area.
    """
    areas = dict.fromkeys((each.area, each.area_code) for each in series)
    own = (main.area, main.area_code)
    is_apart = question.sets_apart(*own)
    alike = [
        (area, code)
        for area, code in meant_areas(
            question, [a for a in areas if question.names(*a)]
        )
        if len(code) == len(main.area_code)
        or is_apart
        or question.sets_apart(area, code)
    ]
    spans = {key: question.mentions(*key) for key in alike}
    every = set(chain.from_iterable(spans.values()))
    return [
        key
        for key in alike
        if key != own and not all(_is_within(span, every) for span in spans[key])
    ]


def _is_within(span: tuple[int, int], spans: Collection[tuple[int, int]]) -> bool:
    """Return whether words are a part of a longer name."""
    return any(
        start <= span[0] and span[1] <= end and (start, end) != span
        for start, end in spans
    )
