"""`flask personal`: what is past its retention period; erasing or copying a person."""

import shutil
from pathlib import Path

import click
from flask.cli import AppGroup

from pst.accounts.users import User
from pst.database import reading, transaction
from pst.personal_data import erasure
from pst.personal_data import retention as keeping
from pst.personal_data.copy import Copy
from pst.personal_data.copy_file import as_zip
from pst.rules import WrongState

personal = AppGroup("personal", help="Personal data: copies, erasure, retention.")


@personal.command("retention")
@click.option("--dry-run", is_flag=True, help="Only count what is past its time.")
def retention(dry_run: bool) -> None:
    """Erase what is past its time."""
    with reading():
        counts = keeping.counts()
    for name, count in counts.items():
        click.echo(f"{name}: {count}")
    if not dry_run:
        keeping.keep_no_longer()
        click.echo("Done.")


@personal.command("erase")
@click.argument("email")
@click.confirmation_option(prompt="Erase this person for good?")
def erase(email: str) -> None:
    """Erase the user with the address EMAIL."""
    try:
        with transaction():
            files = erasure.erase(_find(email), by=None)
    except WrongState as error:
        raise click.ClickException(str(error)) from error
    erasure.remove(files)
    click.echo("Erased.")


@personal.command("copy")
@click.argument("email")
@click.argument("file", type=click.Path(path_type=Path))
def copy(email: str, file: Path) -> None:
    """Write all that is kept about the user EMAIL to FILE, a ZIP archive."""
    with reading(), file.open("wb") as out:
        shutil.copyfileobj(as_zip(Copy(_find(email))), out)
    click.echo(f"Written to {file}.")


def _find(email: str) -> User:
    user = User.with_email(email)
    if user is None:
        raise click.ClickException(f"No user has the address {email}.")
    return user
