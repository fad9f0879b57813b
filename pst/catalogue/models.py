"""Catalogue items, their figures, and how often they are opened."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock
from pst.accounts.users import User
from pst.catalogue.entries import (
    ADDRESS_LENGTH,
    ID_LENGTH,
    LIST_LENGTH,
    NAME_LENGTH,
    TITLE_LENGTH,
    ItemEntry,
    Value,
)
from pst.catalogue.states import ItemKind, Origin
from pst.database import db, only_where

COPIED = (
    *("kind", "title", "title_en", "abstract", "subject", "unit", "area"),
    *("area_code", "released_on", "next_on", "updated_on", "address"),
    *("file_address", "note"),
)


class CatalogueItem(db.Model):
    """Something that is published: a table, a publication, a release, an indicator."""

    id: Mapped[int] = mapped_column(primary_key=True)
    # The list that has it, as "3304/publication", and its id there.
    list_name: Mapped[str] = mapped_column(sa.String(LIST_LENGTH))
    source_id: Mapped[str] = mapped_column(sa.String(ID_LENGTH))
    origin: Mapped[Origin]
    kind: Mapped[ItemKind]
    title: Mapped[str] = mapped_column(sa.String(TITLE_LENGTH))
    title_en: Mapped[str] = mapped_column(sa.String(TITLE_LENGTH))
    abstract: Mapped[str] = mapped_column(sa.Text)
    subject: Mapped[str] = mapped_column(sa.String(NAME_LENGTH))
    unit: Mapped[str] = mapped_column(sa.String(NAME_LENGTH))
    area: Mapped[str] = mapped_column(sa.String(NAME_LENGTH))
    area_code: Mapped[str] = mapped_column(sa.String(10))
    years: Mapped[list[str]]
    last_year: Mapped[int | None]
    released_on: Mapped[date | None]
    next_on: Mapped[date | None] = mapped_column(index=True)
    updated_on: Mapped[date | None]
    address: Mapped[str] = mapped_column(sa.String(ADDRESS_LENGTH))
    file_address: Mapped[str] = mapped_column(sa.String(ADDRESS_LENGTH))
    note: Mapped[str] = mapped_column(sa.Text)
    fingerprint: Mapped[str] = mapped_column(sa.String(24))
    added_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    # When the source last said that it has it, and since when it does not.
    seen_at: Mapped[datetime]
    gone_at: Mapped[datetime | None]
    # When its figures were last read; they are tried again, the longest ago first.
    values_at: Mapped[datetime | None]
    # Whether the search index has it as it is now.
    is_indexed: Mapped[bool]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))

    # Who of the office typed its figures.
    by: Mapped[User | None] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("list_name", "source_id"),
        sa.Index("ix_catalogue_item_unindexed", "id", **only_where("NOT is_indexed")),
    )

    @classmethod
    def add(cls, list_name: str, origin: Origin, entry: ItemEntry) -> "CatalogueItem":
        """Add the item that `entry` describes."""
        now = clock.now()
        item = cls(
            list_name=list_name,
            source_id=entry.source_id,
            origin=origin,
            added_at=now,
            changed_at=now,
            seen_at=now,
            gone_at=None,
            values_at=None,
            by_id=None,
        )
        item._copy(entry)
        db.session.add(item)
        return item

    def update(self, entry: ItemEntry) -> bool:
        """Take over what `entry` says; return whether anything changed."""
        self.seen_at = clock.now()
        if self.gone_at is None and self.fingerprint == entry.fingerprint():
            return False
        self._copy(entry)
        self.gone_at, self.changed_at = None, clock.now()
        return True

    def vanish(self) -> None:
        """Keep the item as one that is no longer published."""
        self.gone_at, self.is_indexed = clock.now(), False

    def set_values(self, values: tuple[Value, ...]) -> bool:
        """Replace all figures; return whether any changed."""
        new = {value.key: value for value in values}
        rows = {row.key: row for row in self.values()}
        for key in rows.keys() - new.keys():
            db.session.delete(rows[key])
        changed_keys = rows.keys() - new.keys()
        for key, value in new.items():
            if key not in rows:
                db.session.add(CatalogueValue.of(self.id, value))
            elif not rows[key].take(value):
                continue
            changed_keys |= {key}
        self.values_at = clock.now()
        names = {(area, breakdown) for _, area, breakdown, _, _ in rows}
        if names != {(value.area, value.breakdown) for value in values}:
            self.is_indexed = False
        return self._note_years({value.year for value in values}) or bool(changed_keys)

    def values(self) -> list["CatalogueValue"]:
        """Return its figures in the order of time."""
        query = sa.select(CatalogueValue).filter_by(item_id=self.id)
        order = (CatalogueValue.year, CatalogueValue.part, CatalogueValue.id)
        return list(db.session.scalars(query.order_by(*order)))

    @property
    def is_gone(self) -> bool:
        return self.gone_at is not None

    @property
    def is_demo(self) -> bool:
        return self.origin is Origin.DEMO

    @property
    def year_list(self) -> list[int]:
        """Its years as numbers, in order."""
        return sorted(int(year) for year in self.years)

    def _copy(self, entry: ItemEntry) -> None:
        for name in COPIED:
            setattr(self, name, getattr(entry, name))
        self.years = [str(year) for year in entry.years]
        self.last_year = max(entry.years, default=None)
        self.fingerprint = entry.fingerprint()
        self.is_indexed = False

    def _note_years(self, years: set[int]) -> bool:
        before = list(self.years)
        self.years = [str(year) for year in sorted(years | set(map(int, before)))]
        self.last_year = max(map(int, self.years), default=None)
        if self.years != before:
            self.is_indexed = False
        return self.years != before


class CatalogueValue(db.Model):
    """One figure of an item: for an area, a breakdown and a period."""

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(
        sa.ForeignKey("catalogue_item.id", ondelete="CASCADE")
    )
    area_code: Mapped[str] = mapped_column(sa.String(10))
    area: Mapped[str] = mapped_column(sa.String(NAME_LENGTH))
    breakdown: Mapped[str] = mapped_column(sa.String(NAME_LENGTH * 2))
    year: Mapped[int]
    # 0: the whole year; else the last month of the part.
    part: Mapped[int]
    part_name: Mapped[str] = mapped_column(sa.String(60))
    value: Mapped[float] = mapped_column(sa.Float)
    decimals: Mapped[int]

    __table_args__ = (
        sa.UniqueConstraint(
            "item_id", "area_code", "area", "breakdown", "year", "part"
        ),
    )

    @classmethod
    def of(cls, item_id: int, value: Value) -> "CatalogueValue":
        """Return a row for `value`."""
        names = Value.__dataclass_fields__
        facts: dict[str, Any] = {name: getattr(value, name) for name in names}
        return cls(item_id=item_id, **facts)

    def take(self, value: Value) -> bool:
        """Take over a figure for the same period; return whether it is another."""
        names = ("value", "decimals", "part_name")
        changes = [n for n in names if getattr(self, n) != getattr(value, n)]
        for name in changes:
            setattr(self, name, getattr(value, name))
        return bool(changes)

    @property
    def key(self) -> tuple[str, str, str, int, int]:
        return (self.area_code, self.area, self.breakdown, self.year, self.part)


class CatalogueOpening(db.Model):
    """How often an item was opened on a day, without a trace of who did."""

    item_id: Mapped[int] = mapped_column(
        sa.ForeignKey("catalogue_item.id", ondelete="CASCADE"), primary_key=True
    )
    on: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int]

    @classmethod
    def count_one(cls, item_id: int, on: date) -> None:
        """Count one opening of an item."""
        row = db.session.get(cls, (item_id, on))
        if row is None:
            row = cls(item_id=item_id, on=on, count=0)
            db.session.add(row)
        row.count += 1
