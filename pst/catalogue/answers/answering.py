"""The figure that answers a question, from one item and no other.

The search says which items are about what is asked. Of those that lack none of its
words, the one comes first that has the area and the year, then what the office keeps
by hand, then its own area before larger ones. When year or area is missing the nearest
is taken, and the figure says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pst.catalogue.answers import breakdowns, comparing, nearest, places, relevance
from pst.catalogue.answers.questions import Question
from pst.catalogue.documents import ITEM, core_title
from pst.catalogue.figures import Figure, Series
from pst.catalogue.models import CatalogueItem
from pst.catalogue.states import Origin
from pst.regions import area_codes
from pst.search import engine
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
    """Return the best series of one item, unless it is about something else."""
    if relevance.is_of_something_else(question, item, series, shared):
        return None
    trust, missing, of_area = _in_area(question, item, series, own)
    if not of_area:
        return None
    words = relevance.lacking(question, item, series, shared)
    words = [word for word in words if not (trust and _is_of_area(word, of_area[0]))]
    unknown = [word for word in words if word in question.places()]
    missing = missing or places.names_with(question.words, question.regions, unknown)
    if any(not _is_of_area(w, of_area[0]) for w in words if w not in unknown):
        return None
    best, extra = breakdowns.best(question, of_area), relevance.unasked(shared)
    year = nearest.year(best.years, question)
    is_other = relevance.is_other_kind(item, extra)
    facts = (item, best, trust, year, len(extra), is_other, missing)
    return Choice(*facts, *(comparing.others(question, best, series) if trust else ()))


def _in_area(
    question: Question, item: CatalogueItem, series: list[Series], own: str
) -> tuple[int, str, list[Series]]:
    """Return how surely the area is named, what is missing, and its series, or none."""
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
    area_code = nearest_first[0][1]
    if own != area_codes.COUNTRY and area_code != own and area_code.startswith(own):
        return 0, "", []  # one of many parts of the office's area, which none asked for
    missing = next(filter(None, (question.level_missing(a) for a, _ in by_area)), "")
    missing = missing or question.level_alone(len(area_code))
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
