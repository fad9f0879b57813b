"""Regions written from a list: checked whole, rerunnable, old names kept."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import sqlalchemy as sa

from pst import clock
from pst.database import db, transaction
from pst.list_files.problems import BadList, Findings
from pst.list_files.runs import ListImport
from pst.regions import names
from pst.regions.entries import Entry, of_json
from pst.regions.entries import read as read_entries
from pst.regions.models import LEVEL_BY_LENGTH, NAME_LENGTH, Region, parent_of
from pst.regions.names import Level

NAME = "regions"
BPS = re.compile(r"[1-9]\d(?:\d\d(?:\d{3}(?:\d{3})?)?)?")
KEMENDAGRI = re.compile(r"[1-9]\d(?:\.\d\d(?:\.\d\d(?:\.\d{4})?)?)?")
DIGITS = {2: (2,), 4: (2, 2), 6: (2, 2, 2), 10: (2, 2, 2, 4)}
KINDS = {Level.PROVINCE: "Provinsi", Level.SUBDISTRICT: "Kecamatan"}
# The third and fourth digit of a city, and the first of a kelurahan's last four.
FIRST_CITY = 71
ReadList = tuple[list["Checked"], Findings]
Reader = Callable[[], ReadList]


@dataclass(frozen=True)
class Source:
    """Where a list comes from, and who brought it in."""

    name: str
    by_id: int | None = None


@dataclass(frozen=True)
class Checked:
    """A region that may be written."""

    bps_code: str
    kemendagri_code: str | None
    kind: str
    name: str
    others: tuple[str, ...]


@dataclass
class Outcome:
    """The regions by what became of them."""

    findings: Findings
    made: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    same: int = 0

    @property
    def counts(self) -> dict[str, int]:
        made, changed = len(self.made), len(self.changed)
        gone = len(self.withdrawn)
        return {"made": made, "changed": changed, "withdrawn": gone, "same": self.same}


def read(file: BinaryIO) -> tuple[list[Checked], Findings]:
    """Return the regions of a file, checked whole. Raises `BadList`."""
    findings = Findings()
    return check(read_entries(file, findings), findings), findings


def read_answer(answer: Any) -> tuple[list[Checked], Findings]:
    """Return the regions in an answer of SIMDASI or the bridging list."""
    findings = Findings()
    return check(list(of_json(answer, findings)), findings), findings


def check(entries: list[Entry], findings: Findings) -> list[Checked]:
    """Return the regions. Raises `BadList` with every line that is wrong."""
    places: dict[str, str] = {}
    regions: list[Checked] = []
    for entry in entries:
        code = entry.bps_code
        if not BPS.fullmatch(code):
            findings.refuse(entry.place, f"“{code[:20]}” bukan kode wilayah BPS")
        elif code in places:
            reason = f"kode {code} sudah ada di baris {places[code]}"
            findings.refuse(entry.place, reason)
        else:
            places[code] = entry.place
            regions.append(_checked(entry, findings))
    if not regions and not findings.count:
        findings.refuse("", "Tidak ada satu wilayah pun dalam berkas ini.")
    findings.raise_any()
    return regions


def bring_in(reader: Reader, source: Source, may_withdraw: bool = False) -> Outcome:
    """Write what `reader` returns, and keep why it was refused. Raises `BadList`."""
    try:
        regions, findings = reader()
        with transaction():
            return write(regions, findings, source, may_withdraw)
    except BadList as refusal:
        with transaction():
            ListImport.refuse(NAME, source.name, refusal, source.by_id)
        raise


def write(
    regions: list[Checked], findings: Findings, source: Source, may_withdraw: bool
) -> Outcome:
    """Write the regions in the caller's transaction. Raises `BadList` for orphans.

    A list has some levels of some areas; with `may_withdraw`, what it lacks of them is
    withdrawn.
    """
    rows = {row.bps_code: row for row in db.session.scalars(sa.select(Region))}
    _check_parents(regions, rows.keys() | {each.bps_code for each in regions})
    outcome = Outcome(findings)
    for each in regions:
        _write(rows.get(each.bps_code), each, outcome)
    if may_withdraw:
        _withdraw(rows, regions, outcome)
    db.session.flush()
    ListImport.keep(NAME, source.name, outcome.counts, findings, source.by_id)
    return outcome


def _checked(entry: Entry, findings: Findings) -> Checked:
    kind, name = names.kind_in(names.display(entry.name))
    kemendagri = dotted(entry.kemendagri_code)
    if not name:
        findings.refuse(entry.place, f"kode {entry.bps_code} tidak mempunyai nama")
    if len(name) > NAME_LENGTH:
        findings.refuse(entry.place, f"nama lebih dari {NAME_LENGTH} huruf")
    if kemendagri and not KEMENDAGRI.fullmatch(kemendagri):
        reason = f"“{kemendagri[:20]}” bukan kode Kemendagri"
        findings.refuse(entry.place, reason)
    kind = kind or _kind(entry, kemendagri)
    others = (names.kind_in(names.display(other))[1] for other in entry.others)
    also = tuple(other for other in dict.fromkeys(others) if other != name)
    return Checked(entry.bps_code, kemendagri or None, kind, name, also)


def _kind(entry: Entry, kemendagri: str) -> str:
    """Return the kind of a region that its name does not say."""
    level = LEVEL_BY_LENGTH[len(entry.bps_code)]
    if names.level_of_kind(entry.kind) is level:
        return names.kind_in(f"{entry.kind} x")[0]
    if level is Level.DISTRICT:
        return "Kota" if int(entry.bps_code[2:]) >= FIRST_CITY else "Kabupaten"
    if level is Level.VILLAGE:
        last = kemendagri.rpartition(".")[2]
        return "Kelurahan" if last.startswith("1") and len(last) == 4 else "Desa"
    return KINDS[level]


def dotted(code: str) -> str:
    """Return a code of Kemendagri with its dots: 3304012001 is 33.04.01.2001."""
    code = code.strip()
    if not code.isdigit() or len(code) not in DIGITS:
        return code
    parts, at = [], 0
    for length in DIGITS[len(code)]:
        parts.append(code[at : at + length])
        at += length
    return ".".join(parts)


def _check_parents(regions: list[Checked], codes: set[str]) -> None:
    findings = Findings()
    levels = {len(code) for code in codes}
    for each in regions:
        parent = parent_of(each.bps_code)
        # A list of one district need not have the province.
        if parent and len(parent) in levels and parent not in codes:
            reason = f"{each.bps_code} {each.name}: wilayah {parent} tidak ada"
            findings.refuse("", reason)
    findings.raise_any()


def _write(row: Region | None, new: Checked, outcome: Outcome) -> None:
    if row is None:
        code = new.bps_code
        level = LEVEL_BY_LENGTH[len(code)]
        row = Region(bps_code=code, level=level, parent_code=parent_of(code))
        row.name, row.kind, row.kemendagri_code = (
            new.name,
            new.kind,
            new.kemendagri_code,
        )
        db.session.add(row)
        outcome.made.append(code)
    else:
        _change(row, new, outcome)
    for name in new.others:
        row.name_also(name)


def _change(row: Region, new: Checked, outcome: Outcome) -> None:
    """Take over a new name or code; the old name goes on leading to the region."""
    kemendagri = new.kemendagri_code or row.kemendagri_code
    others = {known.name for known in row.names}
    is_same = (
        row.withdrawn_at is None
        and (row.name, row.kind, row.kemendagri_code)
        == (new.name, new.kind, kemendagri)
        and others.issuperset(new.others)
    )
    if is_same:
        outcome.same += 1
        return
    if row.name != new.name:
        row.name_also(row.name)
    row.name, row.kind, row.kemendagri_code = new.name, new.kind, kemendagri
    row.withdrawn_at = None
    outcome.changed.append(row.bps_code)


def _withdraw(
    rows: dict[str, Region], regions: list[Checked], outcome: Outcome
) -> None:
    """Withdraw what the list lacks of the levels and areas that it has."""
    codes = {each.bps_code for each in regions}
    covered = {(len(code), parent_of(code)) for code in codes}
    for code, row in rows.items():
        is_covered = (len(code), parent_of(code)) in covered
        if is_covered and code not in codes and row.withdrawn_at is None:
            row.withdrawn_at = clock.now()
            outcome.withdrawn.append(code)
