"""What a list will change, worked out before anyone waits to write.

An import may have 20,000 items, and SQLite one writer at a time. So the rows are made
outside the transaction that writes them, a statement for each kind of change.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from pst import clock, database
from pst.catalogue.entries import ItemEntry, Value
from pst.catalogue.models import COPIED, CatalogueItem, CatalogueValue
from pst.catalogue.states import Origin
from pst.database import db
from pst.search.storage.batches import batches

ITEM, VALUE = CatalogueItem.__table__, CatalogueValue.__table__
VALUE_NAMES = tuple(each.name for each in fields(Value))
Key = tuple[str, str, str, int, int]


class StoredItem(NamedTuple):
    """What is compared of an item that is there."""

    id: int
    source_id: str
    fingerprint: str
    gone_at: datetime | None
    years: list[str]


@dataclass
class Takeover:
    """The rows to write for one list; made again when the catalogue moved since."""

    list_name: str
    origin: Origin
    state: tuple[int, ...]
    made: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)
    read: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    values_made: list[dict[str, Any]] = field(default_factory=list)
    values_changed: list[dict[str, Any]] = field(default_factory=list)
    changes: int = 0

    def make(self, entry: ItemEntry) -> None:
        """Add a new item with its figures."""
        id = self.state[0] + len(self.made) + 1
        now = clock.now()
        facts = {
            "id": id,
            "list_name": self.list_name,
            "source_id": entry.source_id,
            "origin": self.origin,
            "added_at": now,
            "changed_at": now,
            "seen_at": now,
            "values_at": now if entry.values else None,
        }
        self.made.append(facts | _facts(entry, _years(entry.years, entry.values)))
        self.values_made += [_value_row(id, value) for value in entry.values]

    def compare(
        self, row: StoredItem, entry: ItemEntry, by_key: dict[Key, Any]
    ) -> None:
        """Take over what `entry` says of an item; figures are added to those it has."""
        self.seen.append(row.id)
        is_same = row.gone_at is None and row.fingerprint == entry.fingerprint()
        has_new_values = self._compare_values(row.id, entry.values, by_key)
        years = row.years if is_same else _years(entry.years, ())
        if entry.values:
            self.read.append(row.id)
            years = _years((*map(int, years), *_years_of(by_key)), entry.values)
        is_found_by_more = {key[1:3] for key in by_key} != {
            (v.area, v.breakdown) for v in entry.values
        } | {key[1:3] for key in by_key}
        if not is_same:
            facts = _facts(entry, years) | {"gone_at": None, "changed_at": clock.now()}
            self.changed.append({"at": row.id, **facts})
        elif years != row.years or is_found_by_more:
            last = max(map(int, years), default=None)
            facts = {"years": years, "last_year": last, "is_indexed": False}
            self.changed.append({"at": row.id, **facts})
        self.changes += not is_same or has_new_values

    def _compare_values(
        self, id: int, values: Sequence[Value], by_key: dict[Key, Any]
    ) -> bool:
        before = len(self.values_made) + len(self.values_changed)
        for value in values:
            row = by_key.get(value.key)
            if row is None:
                self.values_made.append(_value_row(id, value))
                continue
            new = {n: getattr(value, n) for n in ("value", "decimals", "part_name")}
            if any(getattr(row, name) != each for name, each in new.items()):
                self.values_changed.append({"at": row.id, **new})
        return len(self.values_made) + len(self.values_changed) > before

    def carry_out(self) -> None:
        """Write the rows, a statement for each kind of change."""
        connection = db.session.connection()
        now = clock.now()
        for table, rows in ((ITEM, self.made), (VALUE, self.values_made)):
            if rows:
                connection.execute(sa.insert(table), rows)
                database.engine().number_after(table)
        for keys in {tuple(row) for row in self.changed}:
            rows = [row for row in self.changed if tuple(row) == keys]
            _update(ITEM, rows)
        _update(ITEM, [{"at": id, "seen_at": now} for id in self.seen])
        _update(ITEM, [{"at": id, "values_at": now} for id in self.read])
        values = {"gone_at": now, "is_indexed": False}
        _update(ITEM, [{"at": id, **values} for id in self.gone])
        _update(VALUE, self.values_changed)
        db.session.expire_all()


def state() -> tuple[int, ...]:
    """Return what a takeover depends on, besides the list."""
    tables = (CatalogueItem, CatalogueValue)
    return tuple(
        db.session.scalar(sa.select(sa.func.max(table.id))) or 0 for table in tables
    )


def stored(list_name: str) -> dict[str, StoredItem]:
    """Return all items of a list, also those that vanished."""
    columns = [ITEM.c[name] for name in StoredItem._fields]
    query = sa.select(*columns).where(ITEM.c.list_name == list_name)
    return {
        row.source_id: row for row in map(StoredItem._make, db.session.execute(query))
    }


def values_of(ids: list[int]) -> dict[int, dict[Key, Any]]:
    """Return the figures of items by what no two of an item have alike."""
    columns = [VALUE.c[name] for name in ("id", "item_id", *VALUE_NAMES)]
    values_by_item: dict[int, dict[Key, Any]] = {}
    for batch in batches(ids):
        query = sa.select(*columns).where(VALUE.c.item_id.in_(batch))
        for row in db.session.execute(query):
            key = (row.area_code, row.area, row.breakdown, row.year, row.part)
            values_by_item.setdefault(row.item_id, {})[key] = row
    return values_by_item


def _update(table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        change = sa.update(table).where(table.c.id == sa.bindparam("at"))
        db.session.connection().execute(change, rows)


def _facts(entry: ItemEntry, years: list[str]) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in COPIED} | {
        "years": years,
        "last_year": max(map(int, years), default=None),
        "fingerprint": entry.fingerprint(),
        "is_indexed": False,
    }


def _value_row(id: int, value: Value) -> dict[str, Any]:
    return {"item_id": id, **{name: getattr(value, name) for name in VALUE_NAMES}}


def _years(years: Sequence[int], values: Sequence[Value]) -> list[str]:
    """Return the years of an item and of its figures, as they are stored."""
    if not values:
        return [str(year) for year in years]
    return [str(year) for year in sorted({*years, *(value.year for value in values)})]


def _years_of(by_key: dict[Key, Any]) -> set[int]:
    return {key[3] for key in by_key}
