"""An edition written whole: what is new, changed, withdrawn, or as it was."""

from collections.abc import Callable
from typing import Any, BinaryIO

from pst import clock
from pst.classifications.families import family_of, name_of, named_in
from pst.classifications.importing import api_rows, planning, tables
from pst.classifications.importing.checking import EditionChecker, ValidCode
from pst.classifications.importing.entries import CodeEntry
from pst.classifications.importing.planning import EditionPlan, ImportOutcome, plan
from pst.classifications.models import Classification
from pst.database import db, reading, transaction
from pst.list_files import files
from pst.list_files.problems import BadList, Findings
from pst.list_files.runs import ListImport, ListSource

ReadList = tuple[list[ValidCode], Findings]
Reader = Callable[[], ReadList]


def read(file: BinaryIO, slug: str) -> tuple[list[ValidCode], Findings]:
    """Return the codes of a file, checked whole. Raises `BadList`."""
    findings = Findings()
    family = family_of(slug)
    if files.is_json(file):
        rows = api_rows.rows_in(files.read_json(file))
        entries = list(api_rows.entries(rows, findings))
    else:
        entries, title = tables.entries(file, family, findings)
        _check_title(title, slug)
    return EditionChecker(slug, family, findings).all(entries), findings


def read_rows(rows: list[Any], slug: str) -> tuple[list[ValidCode], Findings]:
    """Return the codes of rows as the WebAPI sends them. Raises `BadList`."""
    findings = Findings()
    entries: list[CodeEntry] = list(api_rows.entries(rows, findings))
    return EditionChecker(slug, family_of(slug), findings).all(entries), findings


def _check_title(title: str, slug: str) -> None:
    slugs = named_in(title)
    if slugs and slug not in slugs:
        names = ", ".join(sorted(map(name_of, slugs)))
        raise BadList.because(
            f"Berkas ini menyebut {names}, sedangkan yang diimpor {name_of(slug)}."
        )


def bring_in(
    slug: str, file: BinaryIO, source: ListSource, may_withdraw: bool = False
) -> ImportOutcome:
    """Read, check and write an edition; a refusal is kept for the status.

    Nothing slow happens while others wait to write. Raises `BadList`.
    """
    return write_or_refuse(slug, source, lambda: read(file, slug), may_withdraw)


def write_or_refuse(
    slug: str, source: ListSource, reader: Reader, may_withdraw: bool = False
) -> ImportOutcome:
    """Write what `reader` returns, and keep why it was refused."""
    with ListImport.keeping_refusals(slug, source):
        codes, findings = reader()
        with reading():
            change = plan(slug, codes, findings, may_withdraw)
        with transaction():
            if planning.state_of(slug) != change.state:
                change = plan(slug, codes, findings, may_withdraw)
            return _carry_out(change, slug, source)


def write(
    slug: str, codes: list[ValidCode], findings: Findings, source: ListSource
) -> ImportOutcome:
    """Write a small edition in the caller's transaction."""
    return _carry_out(plan(slug, codes, findings, False), slug, source)


def _carry_out(result: EditionPlan, slug: str, source: ListSource) -> ImportOutcome:
    _note_edition(result, slug, source)
    result.carry_out()
    outcome = result.outcome
    ListImport.keep(slug, source, outcome.counts, outcome.findings)
    return outcome


def _note_edition(result: EditionPlan, slug: str, source: ListSource) -> None:
    edition = db.session.get(Classification, result.edition_id)
    if edition is None:
        family, year = slug.split("-")
        edition = Classification(
            id=result.edition_id,
            slug=slug,
            family_name=family.upper(),
            year=int(year),
        )
        db.session.add(edition)
    edition.source, edition.issued_on = source.name, source.issued_on
    edition.imported_at, edition.is_example = clock.now(), source.is_example
    db.session.flush()
