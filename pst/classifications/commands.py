"""The command `flask classifications`."""

from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from pst.classifications.families import is_edition
from pst.classifications.importing import conversion_import, fetching
from pst.classifications.importing import editions as importing
from pst.classifications.models import Classification, Code
from pst.database import db, only_read
from pst.list_files.problems import BadList
from pst.list_files.runs import ListImport, ListSource

classifications = AppGroup(
    "classifications", help="Codes of classifications such as KBLI and KBJI."
)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@classifications.command("import")
@click.argument("edition")
@click.argument("file", type=FILE, required=False)
@click.option("--into", help="FILE is the conversion of EDITION into this one.")
@click.option("--source", help="Where the list comes from, as pages cite it.")
@click.option("--issued", type=click.DateTime(["%Y-%m-%d"]), help="When it was issued.")
@click.option("--withdraw", is_flag=True, help="Codes that FILE lacks are withdrawn.")
def import_codes(
    edition: str,
    file: Path | None,
    into: str | None,
    source: str | None,
    issued: datetime | None,
    withdraw: bool,
) -> None:
    """Write the codes of EDITION (kbli-2025) from FILE: CSV, XLSX or JSON.

    Without FILE they are fetched from the WebAPI. The list is checked whole first; run
    again, it changes only what differs."""
    for slug in filter(None, [edition, into]):
        if not is_edition(slug):
            raise click.ClickException(f"{slug} is no edition; write kbli-2025.")
    if file is None and into:
        raise click.ClickException("A conversion comes from a file.")
    try:
        if file is None:
            lines = _reported(fetching.fetch(edition, None, withdraw))
        else:
            issued_on = issued.date() if issued else None
            origin = ListSource(source or file.name, issued_on=issued_on)
            with file.open("rb") as stream:
                lines = _brought_in(edition, into, stream, origin, withdraw)
    except BadList as refusal:
        more = f"\n… {refusal.more} more" if refusal.more else ""
        raise click.ClickException(f"{refusal}{more}\nNothing was changed.") from None
    click.echo("\n".join(lines))


def _brought_in(
    edition: str, into: str | None, file: BinaryIO, source: ListSource, withdraw: bool
) -> list[str]:
    """Write a list or a conversion, and return the report of what changed."""
    if into:
        counts = conversion_import.bring_in((edition, into), file, source)
        return [_counts_text(counts)]
    return _reported(importing.bring_in(edition, file, source, withdraw))


def _reported(outcome: importing.ImportOutcome) -> list[str]:
    return [_counts_text(outcome.counts), *_changes(outcome)]


def _counts_text(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items()) + "."


@classifications.command("status")
def status() -> None:
    """List the editions with their codes and the last import of each list."""
    only_read()
    query = sa.select(Code.classification_id, sa.func.count()).where(
        Code.withdrawn_at.is_(None)
    )
    rows = db.session.execute(query.group_by(Code.classification_id))
    counts = {id: count for id, count in rows}
    for edition in Classification.all():
        kind = " (example)" if edition.is_example else ""
        codes = counts.get(edition.id, 0)
        click.echo(f"{edition.name}{kind}: {codes} codes, from {edition.source}")
    for name, run in ListImport.last().items():
        result = "done" if run.is_done else "REFUSED"
        click.echo(f"{name}: {result} {run.at:%Y-%m-%d %H:%M} UTC, {run.source}")


def _changes(outcome: importing.ImportOutcome) -> list[str]:
    """Return what changed, and what was read otherwise than it is written."""
    groups = {
        "made": outcome.made,
        "changed": outcome.changed,
        "withdrawn": outcome.withdrawn,
    }
    lines = [f"{name}: {' '.join(codes)}" for name, codes in groups.items() if codes]
    return lines + list(map(str, outcome.findings.notes))
