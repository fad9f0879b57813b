"""Taking over a list: all of it, or nothing."""

from dataclasses import dataclass

import sqlalchemy as sa

from pst.catalogue.entries import Entry
from pst.catalogue.models import CatalogueItem
from pst.catalogue.states import Origin
from pst.database import db

# A list that lost more than this share of its items is not believed.
MAX_LOST, FEW = 0.3, 10


class Shrunk(Exception):
    """A list has far fewer items than before; its text says how many."""


@dataclass(frozen=True)
class Outcome:
    """What taking over a list did."""

    items: int = 0
    added: int = 0
    changed: int = 0
    gone: int = 0


def store(
    list_name: str,
    origin: Origin,
    entries: list[Entry],
    may_shrink: bool = False,
    is_whole: bool = True,
) -> Outcome:
    """Let the items of a list be those of `entries`; the caller commits.

    An item that is no longer among them is kept as vanished, unless the entries are
    not the whole list. Raise `Shrunk` when too many would vanish.
    """
    stored = {item.source_id: item for item in items_of(list_name)}
    wanted = {entry.source_id: entry for entry in entries}
    present = [item for item in stored.values() if not item.is_gone]
    lost = [item for item in present if is_whole and item.source_id not in wanted]
    is_shrunk = len(present) > FEW and len(lost) > MAX_LOST * len(present)
    if is_shrunk and not may_shrink:
        raise Shrunk(f"{len(wanted)} of {len(present)} items")
    fresh = [entry for key, entry in wanted.items() if key not in stored]
    _add_all(list_name, origin, fresh)
    changed = sum(
        _update(stored[key], entry) for key, entry in wanted.items() if key in stored
    )
    for item in lost:
        item.vanish()
    db.session.flush()
    return Outcome(len(wanted), len(fresh), changed, len(lost))


def _add_all(list_name: str, origin: Origin, entries: list[Entry]) -> None:
    """Add items, and their figures once all of them have their ids."""
    items = [CatalogueItem.add(list_name, origin, entry) for entry in entries]
    db.session.flush()
    for item, entry in zip(items, entries, strict=True):
        item.begin_values(entry.values)


def _update(item: CatalogueItem, entry: Entry) -> bool:
    has_changed = item.update(entry)
    if entry.values:
        has_changed |= item.add_values(entry.values)
    return has_changed


def items_of(list_name: str) -> list[CatalogueItem]:
    """Return all items of a list, also those that vanished."""
    return list(
        db.session.scalars(sa.select(CatalogueItem).filter_by(list_name=list_name))
    )


def lists() -> dict[str, int]:
    """Return the names of all lists and how many items each has now."""
    rows = db.session.execute(
        sa.select(CatalogueItem.list_name, sa.func.count())
        .where(CatalogueItem.gone_at.is_(None))
        .group_by(CatalogueItem.list_name)
    )
    return {name: count for name, count in rows}
