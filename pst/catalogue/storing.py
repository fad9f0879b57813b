"""Taking over a list: all of it, or nothing."""

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from pst.catalogue.entries import ItemEntry
from pst.catalogue.models import CatalogueItem
from pst.catalogue.states import Origin
from pst.catalogue.web_service import takeover
from pst.catalogue.web_service.takeover import Takeover
from pst.database import db, reading, transaction

# A list that lost more than this share of its items is not believed.
MAX_LOST, FEW = 0.3, 10


class Shrunk(Exception):
    """A list has far fewer items than before; its text says how many."""


@dataclass(frozen=True)
class StoringResult:
    """What taking over a list did."""

    items: int = 0
    added: int = 0
    changed: int = 0
    gone: int = 0

    @classmethod
    def of(cls, result: Takeover, items: int) -> "StoringResult":
        return cls(items, len(result.made), result.changes, len(result.gone))


def take_over(
    list_name: str,
    origin: Origin,
    entries: list[ItemEntry],
    may_shrink: bool = False,
    is_whole: bool = True,
    finish: Callable[[StoringResult], None] = lambda _: None,
) -> StoringResult:
    """Let the items of a list be those of `entries`; call it in no transaction.

    An item that is no longer among them is kept as vanished, unless the entries are
    not the whole list. `finish` is called in the transaction that writes. Raise
    `Shrunk` when too many would vanish.
    """
    by_id = {entry.source_id: entry for entry in entries}

    def plan() -> Takeover:
        takeover_plan = Takeover(list_name, origin, takeover.state())
        _plan(takeover_plan, by_id, may_shrink, is_whole)
        return takeover_plan

    with reading():
        takeover_plan = plan()
    with transaction():
        if takeover.state() != takeover_plan.state:
            takeover_plan = plan()
        takeover_plan.carry_out()
        outcome = StoringResult.of(takeover_plan, len(by_id))
        finish(outcome)
    return outcome


def _plan(
    result: Takeover, by_id: dict[str, ItemEntry], may_shrink: bool, is_whole: bool
) -> None:
    rows = takeover.stored(result.list_name)
    present = [row for row in rows.values() if row.gone_at is None]
    missing = [row for row in present if is_whole and row.source_id not in by_id]
    is_shrunk = len(present) > FEW and len(missing) > MAX_LOST * len(present)
    if is_shrunk and not may_shrink:
        raise Shrunk(f"{len(by_id)} of {len(present)} items")
    result.gone = [row.id for row in missing]
    with_values = [rows[key].id for key in by_id.keys() & rows if by_id[key].values]
    by_item = takeover.values_of(with_values)
    for key, entry in by_id.items():
        if row := rows.get(key):
            result.compare(row, entry, by_item.get(row.id, {}))
        else:
            result.make(entry)


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
