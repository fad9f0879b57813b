"""The commands `flask catalogue fetch`, `import` and `status`."""

import sys
from pathlib import Path

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from pst import clock
from pst.catalogue import documents, importing, storing
from pst.catalogue.entries import BadEntry
from pst.catalogue.models import CatalogueItem, CatalogueValue
from pst.catalogue.states import Origin
from pst.catalogue.web_service import nightly
from pst.catalogue.web_service.source_rows import CatalogueRun
from pst.database import db, only_read
from pst.office import audit
from pst.webapi.source import NotSetUp

catalogue = AppGroup("catalogue", help="What Statistics Indonesia publishes.")


@catalogue.command("fetch")
def fetch() -> None:
    """Fetch every list and all figures now, however long it takes."""
    try:
        failures = nightly.run(clock.now(), _progress)
    except NotSetUp as error:
        raise click.ClickException(
            "No key or no domain is set: see Admin, Sumber."
        ) from error
    if sys.stderr.isatty():
        click.echo(err=True)
    click.echo(_summary())
    with_fault = [run for run in _runs() if run.fault]
    for run in with_fault:
        click.echo(f"  {run.list_name}: {run.fault}")
    if failures:
        click.echo(f"  figures of {failures} variables could not be read")
    if with_fault:
        raise click.exceptions.Exit(1)


@catalogue.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", help="Name of the list; by default that of the file.")
@click.option("--demo", is_flag=True, help="Mark every item as invented.")
@click.option("--partial", is_flag=True, help="Keep items that FILE does not have.")
def import_file(file: Path, name: str | None, demo: bool, partial: bool) -> None:
    """Take over the items in FILE (.jsonl or .csv), all or none."""
    try:
        entries = importing.read(file)
    except (BadEntry, UnicodeDecodeError) as error:
        raise click.ClickException(f"{error} Nothing was changed.") from error
    origin = Origin.DEMO if demo else Origin.FILE
    list_name = f"{origin}/{name or file.stem}"[:80]

    def finish(outcome: storing.StoringResult) -> None:
        audit.record("import_catalogue", list_name, None, items=outcome.items)

    outcome = storing.take_over(list_name, origin, entries, True, not partial, finish)
    documents.write_pending()
    click.echo(
        f"{outcome.items} items: {outcome.added} new, {outcome.changed} changed,"
        f" {outcome.gone} no longer there."
    )


@catalogue.command("status")
def status() -> None:
    """Show how many items there are, and how the last run of each list went."""
    only_read()
    click.echo(_summary())
    runs = {run.list_name: run for run in _runs()}
    for name, count in sorted(storing.lists().items()):
        run = runs.get(name)
        end = f"{run.ended_at:%Y-%m-%d %H:%M} UTC" if run and run.ended_at else ""
        fault = f"  FAULT {run.fault}" if run and run.fault else ""
        click.echo(f"  {name:28}{count:7}  {end}{fault}")
    for name in sorted(runs.keys() - storing.lists().keys()):
        click.echo(f"  {name:28}{0:7}  {runs[name].fault}")


def _summary() -> str:
    items, unpublished, figures, waiting = db.session.execute(
        sa.select(
            sa.func.count(CatalogueItem.id),
            sa.func.count(CatalogueItem.gone_at),
            sa.select(sa.func.count(CatalogueValue.id)).scalar_subquery(),
            sa.func.count(sa.case((~CatalogueItem.is_indexed, 1))),
        )
    ).one()
    faults = sum(bool(run.fault) for run in _runs())
    return (
        f"{items - unpublished} items ({unpublished} no longer published),"
        f" {figures} figures,"
        f" {faults} lists with a fault, {waiting} not indexed yet."
    )


def _runs() -> list[CatalogueRun]:
    query = sa.select(CatalogueRun).order_by(CatalogueRun.list_name)
    return list(db.session.scalars(query))


def _progress(name: str, number: int, of: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{name:28} {number}/{of}    ", nl=False, err=True)
