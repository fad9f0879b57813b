"""The command `flask regions`."""

from pathlib import Path

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from pst.database import db, only_read
from pst.list_files.problems import BadList
from pst.list_files.runs import ListImport, ListSource
from pst.regions import fetching, importing
from pst.regions.models import Region
from pst.regions.names import RegionLevel

regions = AppGroup("regions", help="Regions with their codes and names.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@regions.command("import")
@click.argument("file", type=FILE, required=False)
@click.option("--withdraw", is_flag=True, help="Regions that FILE lacks are withdrawn.")
def import_regions(file: Path | None, withdraw: bool) -> None:
    """Write the regions in FILE: CSV, XLSX, or an answer of the API as JSON.

    Without FILE those of the configured areas are fetched, except villages. The list
    is checked whole first; run again, it changes only what differs, and the old name of
    a region goes on leading to it."""
    try:
        if file is None:
            outcome = fetching.fetch()
        else:
            with file.open("rb") as stream:
                outcome = importing.bring_in(
                    lambda: importing.read(stream), ListSource(file.name), withdraw
                )
    except BadList as refusal:
        more = f"\n… {refusal.more} more" if refusal.more else ""
        raise click.ClickException(f"{refusal}{more}\nNothing was changed.") from None
    report(outcome)


@regions.command("status")
def status() -> None:
    """Count the regions of each level, and say when they were imported last."""
    only_read()
    query = sa.select(Region.level, sa.func.count()).where(
        Region.withdrawn_at.is_(None)
    )
    counts = {level: n for level, n in db.session.execute(query.group_by(Region.level))}
    for level in RegionLevel:
        click.echo(f"{level.name.lower()}: {counts.get(level, 0)}")
    if run := ListImport.last().get(importing.NAME):
        result = "done" if run.is_done else "REFUSED"
        click.echo(f"last: {result} {run.at:%Y-%m-%d %H:%M} UTC, {run.source}")


def report(outcome: importing.ImportOutcome) -> None:
    """Print what an import made, changed and withdrew."""
    counts = outcome.counts.items()
    click.echo(", ".join(f"{count} {name}" for name, count in counts) + ".")
    for name in ("made", "changed", "withdrawn"):
        if codes := getattr(outcome, name):
            click.echo(f"{name}: {' '.join(codes)}")
    for note in outcome.findings.notes:
        click.echo(str(note))
