"""What an import will change, worked out before anyone waits to write.

A list has up to 25,000 codes, and SQLite one writer at a time. So the rows are made
outside the transaction that writes them, and made again there only when another
import, or a reviewed example, came in between.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import sqlalchemy as sa

from pst import clock, database
from pst.classifications.activities import examples
from pst.classifications.activities import index as activity_index
from pst.classifications.activities.examples import CodeExample
from pst.classifications.importing.checking import ValidCode
from pst.classifications.models import Classification, Code
from pst.database import db
from pst.list_files.outcome import ImportOutcome
from pst.list_files.problems import BadList, Findings

# A file that lacks more than this share of the codes is likelier a part of the list.
MAX_WITHDRAWN = 0.1
COMPARED = ("depth", "title", "covers", "excludes", "examples")
COLUMNS = ("id", "classification_id", "code", *COMPARED, "parent_id", "withdrawn_at")
TABLE = Code.__table__


class EditionState(NamedTuple):
    """What a plan was made from; when it moved, the plan is made again."""

    last_edition: int
    last_code: int
    last_example: int
    imported_at: Any


class StoredCode(NamedTuple):
    """A row of the table of codes."""

    id: int
    classification_id: int
    code: str
    depth: int
    title: str
    covers: str
    excludes: str
    examples: list[str]
    parent_id: int | None
    withdrawn_at: Any

    def is_like(self, other: "StoredCode") -> bool:
        """Return whether a list that has `other` changes nothing here."""
        return self.withdrawn_at is None and self[3:8] == other[3:8]


@dataclass
class EditionPlan:
    """The rows to write for one edition, and the index's rows for them."""

    edition_id: int
    outcome: ImportOutcome
    state: EditionState
    made: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    withdrawn: list[int] = field(default_factory=list)
    indexed: list[tuple[Any, ...]] = field(default_factory=list)
    unindexed: list[int] = field(default_factory=list)

    def carry_out(self) -> None:
        """Write the rows, a statement for each kind of change."""
        connection = db.session.connection()
        if self.withdrawn:
            withdrawal = sa.update(TABLE).where(TABLE.c.id == sa.bindparam("at"))
            values = [{"at": id, "withdrawn_at": clock.now()} for id in self.withdrawn]
            connection.execute(withdrawal, values)
        if self.made:
            connection.execute(sa.insert(TABLE), self.made)
            database.engine().number_after(TABLE)
        if self.changed:
            change = sa.update(TABLE).where(TABLE.c.id == sa.bindparam("at"))
            connection.execute(change, self.changed)
        activity_index.replace(self.unindexed, self.indexed)
        db.session.expire_all()


def state_of(slug: str) -> EditionState:
    """Return what a plan for an edition depends on, besides the list."""
    last = [sa.func.max(table.id) for table in (Classification, Code, CodeExample)]
    imported_at = sa.select(Classification.imported_at).filter_by(slug=slug)
    ids = [db.session.scalar(sa.select(each)) or 0 for each in last]
    return EditionState._make([*ids, db.session.scalar(imported_at)])


def plan(
    slug: str, codes: list[ValidCode], findings: Findings, may_withdraw: bool
) -> EditionPlan:
    """Return what a list changes; equal codes are left alone.

    Raises `BadList` when it would withdraw a large part of the codes unasked.
    """
    state = state_of(slug)
    edition = Classification.with_slug(slug)
    result = EditionPlan(
        edition.id if edition else state.last_edition + 1,
        ImportOutcome(findings),
        state,
    )
    by_code = {row.code: row for row in _stored(result.edition_id)}
    _withdraw(result, by_code, {each.code for each in codes}, may_withdraw)
    rows = _rows(result, codes, by_code)
    changed_ids = set(result.unindexed) | {row["id"] for row in result.made}
    _index(result, rows, changed_ids)
    return result


def _stored(edition_id: int) -> Iterable[StoredCode]:
    columns = [TABLE.c[name] for name in COLUMNS]
    query = sa.select(*columns).where(TABLE.c.classification_id == edition_id)
    return (StoredCode._make(row) for row in db.session.execute(query))


def _withdraw(
    result: EditionPlan,
    by_code: dict[str, StoredCode],
    codes: set[str],
    may_withdraw: bool,
) -> None:
    """Withdraw the rows that are not in the list any more."""
    present = [row for row in by_code.values() if row.withdrawn_at is None]
    absent = [row for row in present if row.code not in codes]
    if len(absent) > MAX_WITHDRAWN * len(by_code) and not may_withdraw:
        raise _partial(len(absent), len(by_code))
    for row in absent:
        result.withdrawn.append(row.id)
        result.unindexed.append(row.id)
        result.outcome.withdrawn.append(row.code)


def _partial(absent: int, count: int) -> BadList:
    return BadList.because(
        f"{absent} dari {count} kode yang sudah ada tidak terdapat dalam berkas ini."
        " Mungkin berkas ini hanya sebagian. Bila kode itu memang dihapus, nyatakan"
        " demikian saat mengimpor."
    )


def _rows(
    result: EditionPlan, codes: list[ValidCode], by_code: dict[str, StoredCode]
) -> list[StoredCode]:
    """Return the rows of the list, noting which are new and which change."""
    next_id = result.state.last_code
    ids: dict[str, int] = {code: row.id for code, row in by_code.items()}
    for each in codes:
        if each.code not in ids:
            next_id += 1
            ids[each.code] = next_id
    rows = []
    for each in codes:
        row = _row(each, ids, result.edition_id)
        rows.append(row)
        _sort(result, row, by_code.get(each.code))
    return rows


def _row(each: ValidCode, ids: dict[str, int], edition_id: int) -> StoredCode:
    values = [getattr(each, name) for name in COMPARED[:-1]]
    parent = ids[each.parent] if each.parent else None
    own = (ids[each.code], edition_id, each.code)
    return StoredCode._make([*own, *values, list(each.examples), parent, None])


def _sort(result: EditionPlan, row: StoredCode, before: StoredCode | None) -> None:
    """Put a row to those that are new, that change, or that stay as they are."""
    if before is None:
        result.made.append(row._asdict())
        result.outcome.made.append(row.code)
        return
    is_like = before.is_like(row)
    if not is_like or before.parent_id != row.parent_id:
        values = row._asdict()
        result.changed.append({"at": values.pop("id"), **values})
        result.unindexed.append(row.id)
    if is_like:
        result.outcome.same += 1
    else:
        result.outcome.changed.append(row.code)


def _index(result: EditionPlan, rows: list[StoredCode], changed_ids: set[int]) -> None:
    """Make the index's rows of what changed, and of all that lies below it."""
    by_id = {row.id: row for row in rows}
    words = examples.learnt(by_id)
    for row in rows:
        above = list(activity_index.above(row, by_id))
        if row.id in changed_ids or any(each.id in changed_ids for each in above):
            if row.id not in changed_ids:
                result.unindexed.append(row.id)
            result.indexed.append(
                activity_index.row_of(row, above, words.get(row.id, []))
            )
