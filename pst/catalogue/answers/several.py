"""Areas that are items of their own: each is asked for by itself."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from pst.catalogue.answers import places
from pst.catalogue.answers.asking_words import JOINING
from pst.catalogue.answers.questions import Question
from pst.catalogue.documents import core_title
from pst.catalogue.figures import Figure
from pst.search.language import indonesian


def find(question: Question, ask: Callable[[Question], list[Figure]]) -> list[Figure]:
    """Return one figure for each place named, of one measure; none for a single place.

    `ask` answers the question for one place. Places without such a figure are named,
    and those that are too many are counted.
    """
    by_place = for_each_place(question)
    if len(by_place) < 2:
        return []
    answers = {
        place: _exact(one, ask(one))
        for place, one in list(by_place.items())[: Figure.MAX_AREAS]
    }
    measures = Counter(_measure(figure) for figure in answers.values() if figure)
    measure = measures.most_common(1)[0][0] if measures else None
    figures, without = dict[str, Figure](), []
    for place, figure in answers.items():
        if measure and figure and _measure(figure) != measure:
            one = _about(by_place[place], measure[0], place)
            figure = _exact(one, ask(one))
        if figure and _measure(figure) == measure:
            figures.setdefault(figure.series.area_code, figure)
        else:
            without.append(place.title())
    if len(figures) < 2:
        return []
    first, *others = _without_surroundings(question, figures)
    left_out = len(by_place) - len(answers)
    return [replace(first, without=tuple(without), left_out=left_out), *others]


def without_places(question: Question) -> Question:
    """Return what is asked for, without where."""
    words, is_named = question.words, set[int]()
    for start, end in places.spans(words, question.regions):
        is_named.update(range(start, end))
    rest = tuple(word for at, word in enumerate(words) if at not in is_named)
    return replace(question, words=rest, bounds=frozenset([0]))


def for_each_place(question: Question) -> dict[str, Question]:
    """Return the question for each of its places alone, in their order."""
    words = tuple(w for w in without_places(question).words if w not in JOINING)
    spans = places.spans(question.words, question.regions)
    names = dict.fromkeys(question.words[start:end] for start, end in spans)
    bounds = frozenset([0, len(words)])
    return {
        " ".join(name): replace(question, words=words + name, bounds=bounds)
        for name in names
    }


def _about(question: Question, title: str, place: str) -> Question:
    """Return the question for a place about what is called like this."""
    words = tuple(indonesian.words(title))
    bounds = frozenset([0, len(words)])
    return replace(question, words=(*words, *place.split()), bounds=bounds)


def _exact(question: Question, figures: list[Figure]) -> Figure | None:
    """Return the figure if it is for the place that is asked for."""
    for figure in figures[:1]:
        if question.names(figure.series.area, figure.series.area_code):
            return figure
    return None


def _measure(figure: Figure) -> tuple[str, str, str]:
    return core_title(figure.item.title), figure.item.unit, figure.breakdown


def _without_surroundings(
    question: Question, figures: dict[str, Figure]
) -> list[Figure]:
    """Return the figures without that of an area which says where the other one lies.

    "Wonosobo Jawa Tengah" is one place; "Wonosobo, Kebumen, Jawa Tengah" are three.
    """

    def says_where(code: str) -> bool:
        within = [other for other in figures if other.startswith(code)]
        area = figures[code].series.area
        return len(within) == 2 and not question.sets_apart(area, code)

    return [figure for code, figure in figures.items() if not says_where(code)]
