"""The figure that answers a question, from one item and no other.

The search says which items are about what is asked. Of those that lack none of its
words, the one comes first that has the area and the year, then what the office keeps
by hand, then its own area before larger ones. When year or area is missing the nearest
is taken, and the figure says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pst.catalogue.answers import breakdowns, comparing, nearest, periods, places
from pst.catalogue.answers.asking_words import ANY_FIGURE, KINDS_OF_FIGURE
from pst.catalogue.answers.questions import Question
from pst.catalogue.documents import ITEM, core_title
from pst.catalogue.figures import Figure, Series
from pst.catalogue.models import CatalogueItem
from pst.catalogue.states import Origin
from pst.regions import area_codes
from pst.search import engine
from pst.search.language import indonesian
from pst.search.storage import store
from pst.webapi.source import CatalogueSource

# How many of the best hits may hold the figure, and how near to the best they score.
READ, NEAR = 6, 0.7
DISTRICT = 4


@dataclass(frozen=True)
class Choice:
    """A series that may answer, and how well it fits the question."""

    item: CatalogueItem
    series: Series
    named: int
    year: int
    # Words of its title not asked for, and whether one makes it a share or a rate.
    unasked: int
    is_other_kind: bool
    missing_place: str = ""
    # Other areas that are named: with such a figure, without one, and not shown.
    also: tuple[Series, ...] = ()
    without: tuple[str, ...] = ()
    left_out: int = 0

    def figure(self, question: Question) -> Figure:
        """Return the figure of the period asked for, or the nearest; or the newest."""
        values = self.series.values()
        place = nearest.place(values, question, self.year)
        others = (nearest.like(values[place], each.values()) for each in self.also)
        return Figure(
            self.item,
            self.series,
            tuple(values),
            place,
            nearest.missing(values[place], question),
            self.missing_place,
            tuple(others),
            self.without,
            self.left_out,
        )


def find(
    question: Question,
    searched: str,
    hits: Sequence[engine.Hit],
    items: Mapping[int, CatalogueItem],
) -> list[Figure]:
    """Return the figure that answers a question, from the items of `hits`, best first.

    Those of areas compared with it that another item has follow. `hits` answer the
    words `searched`, and have the `items`.
    """
    scores = {hit.source_id: hit.score / hits[0].score for hit in _near(hits)}
    series = _series([id for id in scores if id in items and not items[id].is_gone])
    if not series:
        return []
    own = own_code()
    overlaps = engine.unmatched(store.reading(), searched, ITEM, list(series))
    every = (
        _choose(question, items[id], s, overlaps[id], own) for id, s in series.items()
    )
    choices = [choice for choice in every if choice]
    if not choices:
        return []
    best = max(choices, key=lambda c: _rank(c, question, own, scores[c.item.id]))
    others = _compared(question, best, choices)
    return [choice.figure(question) for choice in (best, *others)]


def _near(hits: Sequence[engine.Hit]) -> list[engine.Hit]:
    """Return the hits that may hold the figure, best first.

    Those of the same title may have it for another area that is compared.
    """
    near = [hit for hit in hits if hit.score >= NEAR * hits[0].score][:READ]
    titles = {hit.title for hit in near}
    return (
        near + [hit for hit in hits if hit not in near and hit.title in titles][:READ]
    )


def _compared(
    question: Question, best: Choice, choices: Sequence[Choice]
) -> list[Choice]:
    """Return what other items have of the same for areas that are compared with it."""
    area_codes = {each.area_code for each in (best.series, *best.also)}
    is_apart = question.sets_apart(best.series.area, best.series.area_code)
    others = []
    for choice in choices:
        area, code = choice.series.area, choice.series.area_code
        is_same = (core_title(choice.item.title), choice.item.unit) == (
            core_title(best.item.title),
            best.item.unit,
        )
        is_asked = choice.named and (is_apart or question.sets_apart(area, code))
        if is_asked and is_same and code not in area_codes:
            area_codes.add(code)
            others.append(choice)
    return others[: Figure.MAX_AREAS - 1]


def own_code() -> str:
    """Return the code of the office's own area, "" when no admin has set it."""
    source = CatalogueSource.current()
    code = area_codes.code_of(source.domains[0]) if source and source.domains else None
    return code or area_codes.COUNTRY


def _series(ids: list[int]) -> dict[int, list[Series]]:
    """Return the series of those items that have any, in the order of `ids`."""
    by_item: dict[int, list[Series]] = {id: [] for id in ids}
    for each in Series.of(ids) if ids else ():
        by_item[each.item_id].append(each)
    return {id: series for id, series in by_item.items() if series}


def _choose(
    question: Question,
    item: CatalogueItem,
    series: list[Series],
    shared: engine.Unmatched,
    own: str,
) -> Choice | None:
    """Return the best series of one item, unless it is about something else.

    Its title or a breakdown has a word of the question, not its abstract alone.
    """
    is_named = breakdowns.are_named(question, series, item.title_en)
    is_unnamed = shared.is_title_unasked and not is_named
    extra = set(shared.in_title) - ANY_FIGURE
    # As "jumlah petani" and the "Nilai Tukar Petani".
    is_index = question.asks_number and not item.unit and extra - KINDS_OF_FIGURE
    may_be_goods = question.may_ask_for_goods({each.area for each in series})
    if is_unnamed or is_index or may_be_goods:
        return None
    asked_places, words = question.places(), _telling(question, shared, item)
    trust, missing, of_area = _in_area(question, item, series, own)
    words = [word for word in words if not (trust and _is_of_area(word, of_area[0]))]
    unknown = [word for word in words if word in asked_places]
    missing = missing or places.names_with(question.words, question.regions, unknown)
    if any(not _is_of_area(w, of_area[0]) for w in words if w not in unknown):
        return None
    best = breakdowns.best(question, of_area)
    year = nearest.year(best.years, question)
    facts = (item, best, trust, year, len(extra), _is_other_kind(item, extra), missing)
    return Choice(*facts, *(comparing.others(question, best, series) if trust else ()))


def _telling(
    question: Question, shared: engine.Unmatched, item: CatalogueItem
) -> list[str]:
    """Return the words asked for that an item lacks, and that ask for something."""
    of_unit = indonesian.words(item.unit.replace("²", " "))
    return [
        word
        for word in shared.lacking
        if word not in ANY_FIGURE
        and not places.is_about_a_place(word)
        and word not in of_unit
        and not (question.part and periods.is_part_word(word))
    ]


def _is_other_kind(item: CatalogueItem, unasked: set[str]) -> bool:
    """Return whether an item is about a share or a rate that was not asked for."""
    stems = indonesian.stems(core_title(item.title))
    kinds = KINDS_OF_FIGURE.intersection(stems)
    return bool(kinds) and kinds <= unasked


def _in_area(
    question: Question, item: CatalogueItem, series: list[Series], own: str
) -> tuple[int, str, list[Series]]:
    """Return how surely the area is named, what is missing, and its series."""
    by_area: dict[tuple[str, str], list[Series]] = {}
    for each in series:
        by_area.setdefault((each.area, each.area_code), []).append(each)
    home = own if own.startswith(item.area_code) and own else item.area_code
    nearest_first = sorted(by_area, key=lambda key: area_codes.distance(key[1], home))
    trusts = {key: how for key in nearest_first if (how := question.names(*key))}
    if trusts:
        best = max(
            comparing.meant_areas(question, trusts),
            key=lambda key: (trusts[key], _has_all(question, by_area[key])),
        )
        return trusts[best], "", by_area[best]
    missing = next(filter(None, (question.level_missing(a) for a, _ in by_area)), "")
    return 0, missing, by_area[nearest_first[0]]


def _has_all(question: Question, series: list[Series]) -> bool:
    """Return whether an area has a total, for the year that is asked for."""
    return any(
        each.is_total and (question.year is None or question.year in each.years)
        for each in series
    )


def _is_of_area(word: str, series: Series) -> bool:
    return places.is_of(word, series.area, series.area_code)


def _rank(
    choice: Choice, question: Question, own: str, score: float
) -> tuple[object, ...]:
    is_own = area_codes.is_about(choice.series.area_code, own) if own else True
    return (
        not choice.missing_place,
        choice.named,
        not choice.is_other_kind,
        -choice.unasked,
        is_own or not choice.missing_place,
        round(score, 1),
        question.year in (None, choice.year),
        choice.item.origin is Origin.OFFICER,
        is_own,
        -abs(len(choice.item.area_code) - DISTRICT),
        choice.year if question.year is None else 0,
        score,
    )
