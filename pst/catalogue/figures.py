"""A figure from one item: its value, the one before, and its series."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import ClassVar, Self

import sqlalchemy as sa

from pst.catalogue.models import CatalogueItem, CatalogueValue
from pst.database import db
from pst.regions import area_codes

# The last periods of a series that a card shows.
SHOWN = 12
TOTALS = ("", "jumlah", "total")


@dataclass(frozen=True)
class Series:
    """The figures of one item for one area and breakdown, without their values.

    Those of whole years and those of parts of years are two series.
    """

    item_id: int
    area: str
    area_code: str
    breakdown: str
    is_of_parts: bool
    years: tuple[int, ...]

    @classmethod
    def of(cls, item_ids: Sequence[int]) -> list[Self]:
        """Return all series of some items.

        They are grouped in the order of the index, so that nothing is sorted: a table
        by villages has thousands of figures.
        """
        row = CatalogueValue
        key = (row.item_id, row.area_code, row.area, row.breakdown)
        rows = db.session.execute(
            sa.select(*key, _years_of(row.part == 0), _years_of(row.part > 0))
            .where(row.item_id.in_(item_ids))
            .group_by(*key)
            .order_by(*key)
        )
        series = [
            cls(id, area, code, breakdown, is_of_parts, _years(years))
            for id, code, area, breakdown, *both in rows
            for is_of_parts, years in zip((False, True), both, strict=True)
            if years
        ]
        return sorted(series, key=_place)

    @property
    def is_total(self) -> bool:
        return self.breakdown.casefold() in TOTALS

    def values(self) -> list[CatalogueValue]:
        """Return the figures in the order of time."""
        row = CatalogueValue
        query = (
            sa.select(row)
            .filter_by(
                item_id=self.item_id,
                area=self.area,
                area_code=self.area_code,
                breakdown=self.breakdown,
            )
            .where(row.part > 0 if self.is_of_parts else row.part == 0)
        )
        return list(db.session.scalars(query.order_by(row.year, row.part)))


@dataclass(frozen=True)
class Figure:
    """One figure with everything that a card says about it."""

    # How many areas a question may name, whose figures are then shown together.
    MAX_AREAS: ClassVar = 8

    item: CatalogueItem
    series: Series
    values: tuple[CatalogueValue, ...]
    place: int
    # What was asked for and is not there, in the words of the question.
    missing_period: str = ""
    missing_place: str = ""
    # The figures of other areas that were asked for, for the same period or the
    # nearest, the names of those that have none, and how many are not shown.
    others: tuple[CatalogueValue, ...] = ()
    without: tuple[str, ...] = ()
    left_out: int = 0

    @property
    def value(self) -> CatalogueValue:
        return self.values[self.place]

    def is_of_other_period(self, other: CatalogueValue) -> bool:
        """Return whether the figure of another area is for another period."""
        return (other.year, other.part) != (self.value.year, self.value.part)

    @property
    def breakdown(self) -> str:
        """What it is for besides area and period; nothing for a total."""
        return "" if self.series.is_total else self.series.breakdown

    @property
    def previous(self) -> CatalogueValue | None:
        """The figure of the period before."""
        return self.values[self.place - 1] if self.place else None

    @property
    def decimals(self) -> int:
        """With how many decimals it and its difference are shown."""
        before = self.previous.decimals if self.previous else 0
        return max(self.value.decimals, before)

    @property
    def difference(self) -> float | None:
        """How far it is from the one of the period before."""
        if self.previous is None:
            return None
        return round(self.value.value - self.previous.value, self.decimals)

    @property
    def growth(self) -> float | None:
        """The share by which it grew; None where a difference in points says more."""
        unit = self.item.unit.casefold()
        if not unit or unit.startswith(("persen", "%", "indeks", "poin")):
            return None
        if self.previous is None or self.previous.value <= 0:
            return None
        return (self.value.value - self.previous.value) / self.previous.value

    @cached_property
    def recent(self) -> tuple[CatalogueValue, ...]:
        """The last periods, the figure's among them."""
        end = len(self.values)
        if self.place < end - SHOWN:
            end = self.place + 1
        return self.values[max(0, end - SHOWN) : end]


def _years_of(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[str]:
    """Return the years of the figures of a group for which a condition holds."""
    year = sa.cast(sa.case((condition, CatalogueValue.year)), sa.String)
    return sa.func.aggregate_strings(year, ",")


@lru_cache(maxsize=1_000)
def _years(text: str) -> tuple[int, ...]:
    """Return years in order; most series of a table have the same."""
    return tuple(sorted(set(map(int, text.split(",")))))


def _place(series: Series) -> tuple[object, ...]:
    return (
        series.item_id,
        series.area,
        series.area_code,
        series.breakdown,
        series.is_of_parts,
    )


def latest(item: CatalogueItem) -> Figure | None:
    """Return the newest figure of an item, for its area as a whole."""
    series = in_order(item, Series.of([item.id]))
    return newest(item, series[0]) if series else None


def newest(item: CatalogueItem, series: Series) -> Figure:
    """Return the newest figure of a series."""
    values = series.values()
    return Figure(item, series, tuple(values), len(values) - 1)


def in_order(item: CatalogueItem, series: list[Series]) -> list[Series]:
    """Return series: an item's own area first, totals before parts, newest first."""
    return sorted(
        series,
        key=lambda each: (
            area_codes.distance(each.area_code, item.area_code),
            each.area_code,
            each.area,
            not each.is_total,
            -each.years[-1],
            each.breakdown,
        ),
    )
