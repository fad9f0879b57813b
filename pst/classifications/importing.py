"""An edition written whole: what is new, changed, withdrawn, or as it was."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO

import sqlalchemy as sa

from pst import clock
from pst.classifications import activity_index, api_rows, tables
from pst.classifications.checking import Check, Checked
from pst.classifications.entries import Entry
from pst.classifications.families import family_of, name_of, named_in
from pst.classifications.models import Classification, Code
from pst.database import db, transaction
from pst.list_files import files
from pst.list_files.problems import BadList, Findings
from pst.list_files.runs import ListImport

# A file that lacks more than this share of the codes is likelier a part of the list.
MOST_WITHDRAWN = 0.1
ReadList = tuple[list[Checked], Findings]
Reader = Callable[[], ReadList]
COMPARED = ("depth", "title", "covers", "excludes", "examples")


@dataclass
class Outcome:
    """The codes by what became of them, and what was read otherwise than written."""

    findings: Findings
    made: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    same: int = 0

    @property
    def counts(self) -> dict[str, int]:
        return {
            "made": len(self.made),
            "changed": len(self.changed),
            "withdrawn": len(self.withdrawn),
            "same": self.same,
        }


@dataclass(frozen=True)
class Source:
    """Where a list comes from."""

    name: str
    issued_on: date | None = None
    is_example: bool = False
    by_id: int | None = None


def read(file: BinaryIO, slug: str) -> tuple[list[Checked], Findings]:
    """Return the codes of a file, checked whole. Raises `BadList`."""
    findings = Findings()
    family = family_of(slug)
    if files.is_json(file):
        rows = api_rows.rows_in(files.read_json(file))
        found = list(api_rows.entries(rows, findings))
    else:
        found, title = tables.entries(file, family, findings)
        _check_title(title, slug)
    return Check(slug, family, findings).all(found), findings


def read_rows(rows: list[Any], slug: str) -> tuple[list[Checked], Findings]:
    """Return the codes of rows as the WebAPI sends them. Raises `BadList`."""
    findings = Findings()
    found: list[Entry] = list(api_rows.entries(rows, findings))
    return Check(slug, family_of(slug), findings).all(found), findings


def _check_title(title: str, slug: str) -> None:
    named = named_in(title)
    if named and slug not in named:
        names = ", ".join(sorted(map(name_of, named)))
        raise BadList.because(
            f"Berkas ini menyebut {names}, sedangkan yang diimpor {name_of(slug)}."
        )


def bring_in(
    slug: str, file: BinaryIO, source: Source, may_withdraw: bool = False
) -> Outcome:
    """Read, check and write an edition; a refusal is kept for the status.

    Nothing slow happens while others wait to write. Raises `BadList`.
    """
    return kept(slug, source, lambda: read(file, slug), may_withdraw)


def kept(
    slug: str, source: Source, reader: Reader, may_withdraw: bool = False
) -> Outcome:
    """Write what `reader` returns, and keep why it was refused."""
    try:
        codes, findings = reader()
        with transaction():
            return write(slug, codes, findings, source, may_withdraw)
    except BadList as refusal:
        with transaction():
            ListImport.refuse(slug, source.name, refusal, source.by_id)
        raise


def write(
    slug: str,
    codes: list[Checked],
    findings: Findings,
    source: Source,
    may_withdraw: bool = False,
) -> Outcome:
    """Write an edition in the caller's transaction; equal codes are left alone.

    Raises `BadList` when it would withdraw a large part of the codes unasked.
    """
    edition = _edition(slug, source)
    rows = _rows_of(edition)
    outcome = Outcome(findings)
    _withdraw(rows, {each.code for each in codes}, may_withdraw, outcome)
    for each in codes:
        rows[each.code] = _write(rows.get(each.code), each, edition, outcome)
    db.session.flush()
    for each in codes:
        rows[each.code].parent_id = rows[each.parent].id if each.parent else None
    db.session.flush()
    activity_index.rebuild(edition)
    ListImport.keep(slug, source.name, outcome.counts, findings, source.by_id)
    return outcome


def _rows_of(edition: Classification) -> dict[str, Code]:
    query = sa.select(Code).where(Code.classification_id == edition.id)
    return {row.code: row for row in db.session.scalars(query)}


def _withdraw(
    rows: dict[str, Code], codes: set[str], may_withdraw: bool, outcome: Outcome
) -> None:
    """Withdraw the rows that are not in the list any more."""
    gone = [r for r in rows.values() if r.withdrawn_at is None and r.code not in codes]
    if len(gone) > MOST_WITHDRAWN * len(rows) and not may_withdraw:
        raise _partial(len(gone), len(rows))
    for row in gone:
        row.withdrawn_at = clock.now()
        outcome.withdrawn.append(row.code)


def _partial(gone: int, count: int) -> BadList:
    return BadList.because(
        f"{gone} dari {count} kode yang sudah ada tidak terdapat dalam berkas ini."
        " Mungkin berkas ini hanya sebagian. Bila kode itu memang dihapus, nyatakan"
        " demikian saat mengimpor."
    )


def _edition(slug: str, source: Source) -> Classification:
    edition = Classification.with_slug(slug)
    if edition is None:
        family, year = slug.split("-")
        edition = Classification(slug=slug, family_name=family.upper(), year=int(year))
        db.session.add(edition)
    edition.source, edition.issued_on = source.name, source.issued_on
    edition.imported_at, edition.is_example = clock.now(), source.is_example
    db.session.flush()
    return edition


def _write(
    row: Code | None, new: Checked, edition: Classification, outcome: Outcome
) -> Code:
    values: dict[str, Any] = {name: getattr(new, name) for name in COMPARED}
    values["examples"] = list(new.examples)
    if row is None:
        row = Code(classification_id=edition.id, code=new.code, **values)
        db.session.add(row)
        outcome.made.append(new.code)
        return row
    is_same = row.withdrawn_at is None and all(
        getattr(row, name) == value for name, value in values.items()
    )
    if is_same:
        outcome.same += 1
        return row
    for name, value in values.items():
        setattr(row, name, value)
    row.withdrawn_at = None
    outcome.changed.append(new.code)
    return row
