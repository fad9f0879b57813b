"""What the catalogue has for a search, and the figures of an item as a table."""

import re
from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa

from pst import clock
from pst.catalogue.answers import answering, finding
from pst.catalogue.answers.charts import period_text
from pst.catalogue.answers.finding import items_of
from pst.catalogue.answers.questions import Question, searched
from pst.catalogue.answers.spoken import Said
from pst.catalogue.documents import ITEM
from pst.catalogue.figures import Figure, Series, in_order
from pst.catalogue.models import CatalogueItem, CatalogueValue
from pst.database import db
from pst.office import settings
from pst.regions import area_codes
from pst.search import engine
from pst.search.storage import store
from pst.text import web_addresses
from pst.web.responses import link

# How many hits are read to order them by place and year, and how many are shown.
READ, SHOWN, SUGGESTED = 16, 4, 3
MIN_TYPED = 3
# An item of the region asked for comes first with this share of the best score.
ALSO_ABOUT = 0.5
MAX_ROWS, MAX_COLUMNS = 60, 6
ID = re.compile(r"[0-9]{1,9}")


@dataclass
class CatalogueResults:
    """The catalogue's share of a page of results: one figure, and some items."""

    words: str
    limit: int = SHOWN

    @cached_property
    def answer(self) -> engine.SearchResults:
        if not self.words.strip():
            return engine.SearchResults()
        return finding.search(searched(self._sentence.text), self._read)

    @property
    def figure(self) -> Figure | None:
        """The figure that was asked for, if one was and it is there."""
        return self.figures[0] if self.figures else None

    @cached_property
    def figures(self) -> list[Figure]:
        """The figure that was asked for, and those that it is compared with."""
        words, hits = searched(self._sentence.text), self.answer.hits
        return finding.figures(self._question, words, hits, self._stored, self._read)

    @property
    def items(self) -> list[CatalogueItem]:
        """The items that may answer, best first, without the figure's."""
        return self._ordered[: self.limit]

    @property
    def nearest(self) -> list[CatalogueItem]:
        """The items that are nearest to what is asked, though none may answer."""
        items = [self.figure.item] if self.figure else []
        unsure = [hit.source_id for hit in self.answer.unsure]
        by_id = items_of(unsure)
        items += self._ordered or [by_id[id] for id in unsure if id in by_id]
        return [item for item in items if not item.is_gone][: self.limit]

    @property
    def unsure(self) -> list[CatalogueItem]:
        """A few items that may be related, when there is no answer."""
        return [] if self.count else self.nearest[:SUGGESTED]

    @property
    def is_cut(self) -> bool:
        """Return whether there are more than are shown."""
        return len(self._ordered) > self.limit

    @property
    def count(self) -> int:
        return len(self.items) + len(self.figures)

    def address_of(self, item: CatalogueItem) -> str:
        """Return where a reader finds an item: at its source, or on our own page."""
        return item.address or link("catalogue.show", id=item.id)

    def table_of(self, item: CatalogueItem) -> "FigureTable":
        """Return the newest figures of an item."""
        return FigureTable(item)

    @property
    def _read(self) -> int:
        return max(READ, self.limit)

    @cached_property
    def _sentence(self) -> Said:
        return Said.read(self.words)

    @cached_property
    def _question(self) -> Question:
        office = settings.current()
        regions = (*self._sentence.names, office.city)
        return Question.read(self._sentence.text, clock.today(office.zone), regions)

    @cached_property
    def _stored(self) -> dict[int, CatalogueItem]:
        ids = [hit.source_id for hit in self.answer.hits]
        return items_of(ids) if ids else {}

    @cached_property
    def _ordered(self) -> list[CatalogueItem]:
        """The items by how well they fit, in steps; then by place, and the newest."""
        hits = self.answer.hits
        if not hits:
            return []
        by_id = self._stored
        own, best = answering.own_code(), hits[0].score
        region = self._sentence.region

        def rank(hit: engine.Hit) -> tuple[object, ...]:
            item = by_id[hit.source_id]
            is_of_region = region and item.area_code.startswith(region)
            has_year = self._question.year in (None, *item.year_list)
            return (
                item.is_gone,
                not (is_of_region and hit.score >= ALSO_ABOUT * best),
                -round(hit.score / best, 1),
                -self._question.names(item.area, item.area_code),
                not has_year,
                area_codes.distance(item.area_code, region or own) if own else (0, 0),
                -(item.last_year or 0),
                -hit.score,
            )

        sorted_hits = sorted((hit for hit in hits if hit.source_id in by_id), key=rank)
        item_ids = {figure.item.id for figure in self.figures}
        return [
            by_id[hit.source_id] for hit in sorted_hits if hit.source_id not in item_ids
        ]


def cited_in(text: str) -> int | None:
    """Return an item that a text links to, at its source or on our own page."""
    addresses = [address for _, address in web_addresses.split(text) if address]
    pages = link("catalogue.show", id=0).removesuffix("0")
    ids = [
        int(id)
        for address in addresses
        if (id := address.removeprefix(pages)) != address and ID.fullmatch(id)
    ]
    is_named = CatalogueItem.address.in_(addresses) | CatalogueItem.id.in_(ids)
    query = sa.select(CatalogueItem.id).where(is_named).order_by(CatalogueItem.id)
    return db.session.scalar(query.limit(1)) if addresses else None


def suggestions(words: str, limit: int = SUGGESTED) -> list[CatalogueItem]:
    """Return items about what is being typed."""
    if len(words.strip()) < MIN_TYPED:
        return []
    hits = engine.suggest(store.reading(), words, ITEM, limit)
    by_id = items_of([hit.source_id for hit in hits])
    items = [by_id[hit.source_id] for hit in hits if hit.source_id in by_id]
    return [item for item in items if not item.is_gone]


@dataclass
class FigureTable:
    """The newest figures of an item: a row for each area and breakdown."""

    item: CatalogueItem

    @cached_property
    def periods(self) -> list[str]:
        """The headings of the columns, the newest period last."""
        return [period_text(value) for value in self._newest]

    @cached_property
    def rows(self) -> list[tuple[str, list[CatalogueValue | None]]]:
        """What each row is for, and its figures, None where there is none."""
        places = [(value.year, value.part) for value in self._newest]
        by_series: dict[
            tuple[str, str, str], dict[tuple[int, int], CatalogueValue]
        ] = {}
        for value in self._values:
            key = (value.area, value.area_code, value.breakdown)
            by_series.setdefault(key, {})[value.year, value.part] = value
        names = dict.fromkeys((s.area, s.area_code, s.breakdown) for s in self._series)
        return [
            (self._name(*key), [by_series.get(key, {}).get(at) for at in places])
            for key in list(names)[:MAX_ROWS]
        ]

    @property
    def is_cut(self) -> bool:
        return len(self._series) > MAX_ROWS

    def _name(self, area: str, code: str, breakdown: str) -> str:
        parts = [area] if self._has_areas else []
        return " · ".join([*parts, *filter(None, [breakdown])]) or self.item.area

    @cached_property
    def _has_areas(self) -> bool:
        return len({each.area for each in self._series}) > 1

    @cached_property
    def _series(self) -> list[Series]:
        return in_order(self.item, Series.of([self.item.id]))

    @cached_property
    def _newest(self) -> list[CatalogueValue]:
        """One figure of each of the newest periods."""
        by_period = {(value.year, value.part): value for value in self._values}
        newest = sorted(by_period, reverse=True)[:MAX_COLUMNS]
        return [by_period[key] for key in reversed(newest)]

    @cached_property
    def _values(self) -> list[CatalogueValue]:
        years = sorted({year for each in self._series for year in each.years})
        query = (
            sa.select(CatalogueValue)
            .filter_by(item_id=self.item.id)
            .where(CatalogueValue.year.in_(years[-MAX_COLUMNS:]))
        )
        return list(db.session.scalars(query))
