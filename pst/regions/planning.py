"""What a list of regions will change, worked out before anyone waits to write.

A province has some ten thousand regions, and SQLite one writer at a time.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import sqlalchemy as sa

from pst import clock, database
from pst.database import db
from pst.list_files.outcome import ImportOutcome
from pst.list_files.problems import BadList, Findings
from pst.list_files.runs import ListImport
from pst.regions.checking import ValidRegion
from pst.regions.models import LEVEL_BY_LENGTH, Region, RegionName, parent_of

NAME = "regions"
# A whole province. Each process keeps them in memory, and a field suggests them.
MAX_REGIONS = 12_000
REGION, REGION_NAME = Region.__table__, RegionName.__table__


class StoredRegion(NamedTuple):
    """A row of the table of regions."""

    id: int
    bps_code: str
    kemendagri_code: str | None
    kind: str
    name: str
    withdrawn_at: Any


@dataclass
class RegionPlan:
    """The rows to write; made again when the regions moved since."""

    outcome: ImportOutcome
    state: tuple[int, ...]
    made: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    withdrawn: list[int] = field(default_factory=list)
    names: list[dict[str, Any]] = field(default_factory=list)

    def carry_out(self) -> None:
        """Write the rows, a statement for each kind of change."""
        connection = db.session.connection()
        change = sa.update(REGION).where(REGION.c.id == sa.bindparam("at"))
        if self.made:
            connection.execute(sa.insert(REGION), self.made)
            database.engine().number_after(REGION)
        if self.changed:
            connection.execute(change, self.changed)
        if self.withdrawn:
            now = clock.now()
            values = [{"at": id, "withdrawn_at": now} for id in self.withdrawn]
            connection.execute(change, values)
        if self.names:
            connection.execute(sa.insert(REGION_NAME), self.names)
        db.session.expire_all()


def state() -> tuple[int, ...]:
    """Return what a plan depends on, besides the list."""
    last_import = sa.select(sa.func.max(ListImport.id)).filter_by(name=NAME)
    queries = (sa.select(sa.func.max(Region.id)), last_import)
    return tuple(db.session.scalar(query) or 0 for query in queries)


def plan(
    regions: list[ValidRegion], findings: Findings, may_withdraw: bool
) -> RegionPlan:
    """Return what a list changes. Raises `BadList` for orphans, or for far too many.

    A list has some levels of some areas; with `may_withdraw`, what it lacks of them is
    withdrawn.
    """
    by_code = _stored()
    codes = by_code.keys() | {each.bps_code for each in regions}
    if len(codes) > MAX_REGIONS:
        raise _too_many(len(codes))
    _check_parents(regions, codes)
    result = RegionPlan(ImportOutcome(findings), state())
    names = _names()
    next_id = result.state[0]
    for each in regions:
        row = by_code.get(each.bps_code)
        if row is None:
            next_id += 1
            _make(result, next_id, each)
        else:
            _compare(result, row, each, names.get(row.id, set()))
    if may_withdraw:
        _withdraw(result, by_code, regions)
    return result


def _too_many(count: int) -> BadList:
    return BadList.because(
        f"{count} wilayah terlalu banyak; paling banyak {MAX_REGIONS}. Isi domain"
        " kantor di Sumber data, agar hanya wilayahnya yang diambil dari berkas ini."
    )


def _stored() -> dict[str, StoredRegion]:
    columns = [REGION.c[name] for name in StoredRegion._fields]
    rows = db.session.execute(sa.select(*columns))
    return {row.bps_code: row for row in map(StoredRegion._make, rows)}


def _names() -> dict[int, set[str]]:
    names: dict[int, set[str]] = {}
    columns = (RegionName.region_id, RegionName.name)
    for id, name in db.session.execute(sa.select(*columns)):
        names.setdefault(id, set()).add(name)
    return names


def _check_parents(regions: list[ValidRegion], codes: set[str]) -> None:
    findings = Findings()
    levels = {len(code) for code in codes}
    for each in regions:
        parent = parent_of(each.bps_code)
        # A list of one district need not have the province.
        if parent and len(parent) in levels and parent not in codes:
            reason = f"{each.bps_code} {each.name}: wilayah {parent} tidak ada"
            findings.refuse("", reason)
    findings.raise_any()


def _make(result: RegionPlan, id: int, new: ValidRegion) -> None:
    code = new.bps_code
    level = LEVEL_BY_LENGTH[len(code)]
    row = StoredRegion(id, code, new.kemendagri_code, new.kind, new.name, None)
    result.made.append(row._asdict() | {"level": level, "parent_code": parent_of(code)})
    result.names += [{"region_id": id, "name": name} for name in new.others]
    result.outcome.made.append(code)


def _compare(
    result: RegionPlan, row: StoredRegion, new: ValidRegion, names: set[str]
) -> None:
    """Take over a new name or code; the old name goes on leading to the region."""
    kemendagri = new.kemendagri_code or row.kemendagri_code
    new_row = StoredRegion(row.id, row.bps_code, kemendagri, new.kind, new.name, None)
    also = [*([row.name] if row.name != new.name else []), *new.others]
    missing = [name for name in dict.fromkeys(also) if name not in names]
    if new_row == row and not missing:
        result.outcome.same += 1
        return
    result.names += [{"region_id": row.id, "name": name} for name in missing]
    values = new_row._asdict()
    result.changed.append({"at": values.pop("id"), **values})
    result.outcome.changed.append(row.bps_code)


def _withdraw(
    result: RegionPlan, by_code: dict[str, StoredRegion], regions: list[ValidRegion]
) -> None:
    """Withdraw what the list lacks of the levels and areas that it has."""
    codes = {each.bps_code for each in regions}
    branches = {(len(code), parent_of(code)) for code in codes}
    for code, row in by_code.items():
        is_covered = (len(code), parent_of(code)) in branches
        if is_covered and code not in codes and row.withdrawn_at is None:
            result.withdrawn.append(row.id)
            result.outcome.withdrawn.append(code)
