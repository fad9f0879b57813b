"""`flask data`, `flask audit` and `flask supply`: what an IT person seldom needs."""

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import AppGroup

from pst.admin import data_move
from pst.admin.backups.archives import FOLDERS
from pst.admin.queries import Trail
from pst.admin.supply import ADVISORIES, known_holes
from pst.admin.tables import trail_csv
from pst.database import db, reading
from pst.office import audit as trail
from pst.server.config_values import BadSetting, database_url
from pst.server.file_place import place_at
from pst.uploads import file_move, file_store
from pst.uploads.formats import StoreAway

data = AppGroup("data", help="Where the data of the office lie.")
supply = AppGroup("supply", help="What the service is made of.")
audit = AppGroup("audit", help="The trail of who did what.")


UNKEYED = "They are sealed without a key: set PST_AUDIT_KEY."


@data.command("move")
@click.option("--to", "target", required=True, help="PST_DATABASE_URL of the new one.")
def move_data(target: str) -> None:
    """Copy every row to another database and compare; goes on where it was cut off."""
    config = current_app.config["PST"]
    db.engine.dispose()
    try:
        address = database_url(target, config.data_dir)
        total = data_move.move(config.database_url, address, tell=click.echo)
    except (BadSetting, data_move.CannotMove, sa.exc.SQLAlchemyError) as error:
        raise click.ClickException(str(error)) from error
    data_move.forget_index(config.data_dir)
    click.echo(
        f"{total} rows are there, and each table is the same. Now set PST_DATABASE_URL"
        " to it, run `flask prepare`, and start the service."
    )


@data.command("move-files")
@click.option("--to", "target", required=True, help="PST_FILES_URL of the new store.")
def move_files(target: str) -> None:
    """Copy every file to another store and compare; goes on where it was cut off."""
    config = current_app.config["PST"]
    try:
        store = file_store.at(place_at(target))
        total = file_move.move_files(
            file_store.files_of(config), store, FOLDERS, click.echo
        )
    except (BadSetting, StoreAway, OSError, file_move.CannotMoveFiles) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{total} files are there, each the same. Now set PST_FILES_URL to it.")


@audit.command("verify")
@click.option("--expect", help="ID:HASH noted earlier, to tell whether rows are gone.")
def verify(expect: str | None) -> None:
    """Check that the trail is whole; fail at an entry that was changed."""
    with reading():
        broken_ids = list(trail.broken_ids())
        last_id, last_hash = trail.end_of_chain()
        begin = trail.beginning_of_keys()
        is_there = not expect or trail.has_entry(expect)
    if broken_ids:
        places = ", ".join(map(str, broken_ids[:20]))
        raise click.ClickException(f"The trail is broken at {places}.")
    if not is_there:
        raise click.ClickException(f"The trail has no entry {expect}.")
    click.echo(f"The trail is whole. Note its end elsewhere: {last_id}:{last_hash}")
    click.echo(
        f"Its entries are sealed with a key from {begin} on." if begin else UNKEYED
    )


@audit.command("export")
@click.option("--international", is_flag=True, help="Commas, and decimal points.")
def export(international: bool) -> None:
    """Write the whole trail as CSV, for an Indonesian spreadsheet by default."""
    with reading():
        for piece in trail_csv(Trail(), international=international):
            click.echo(piece, nl=False)


@supply.command("check")
@click.option("--source", default=ADVISORIES, show_default=True)
def check_supply(source: str) -> None:
    """Fail when advisories are known about a part; skip when no source answers."""
    try:
        holes = known_holes(source)
    except (OSError, ValueError, KeyError) as error:
        click.echo(f"Advisories cannot be reached ({error}): not checked.")
        return
    for part, ids in holes.items():
        click.echo(f"{part}: {', '.join(ids)}")
    if holes:
        raise click.ClickException(f"{len(holes)} parts have known vulnerabilities.")
    click.echo("No advisory is known about any part.")
