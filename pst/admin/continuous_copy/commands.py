"""The commands of the continuous copy: `flask copy`."""

import time
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from pst.admin.backups.archives import BackupFailed
from pst.admin.backups.commands import (
    A_FILE,
    tell_what_follows,
    without_missing_option,
)
from pst.admin.continuous_copy import restoring, state
from pst.admin.continuous_copy.programs import CopyFailed

copy = AppGroup("copy", help="Look at the continuous copy, and bring it back.")
FORM = "%Y-%m-%d %H:%M:%S"


@copy.command("status")
def print_status() -> None:
    """Print how far the continuous copy is."""
    config = current_app.config["PST"]
    progress = state.read(config.data_dir) if config.copy else None
    if progress is None:
        raise click.ClickException("nothing has been copied (PST_COPY_URL).")
    lag = "never whole" if progress.lag is None else f"{progress.lag} behind"
    click.echo(f"{lag}; {progress.error or 'no error'}")


@copy.command("list")
def list_copy() -> None:
    """Print which moments the copy can bring back."""
    try:
        spans = restoring.moments(current_app.config["PST"])
    except CopyFailed as error:
        raise click.ClickException(str(error)) from error
    for first, last in spans:
        click.echo(f"{first:{FORM}} UTC to {last:{FORM}} UTC")


@copy.command("restore")
@click.option("--identity", type=A_FILE, required=True, help="The key file.")
@click.option("--at", "text", help="A moment, as 2026-03-02T10:15; else the newest.")
@without_missing_option
@click.option("--replace", is_flag=True, help="Keep the present data aside.")
def restore_copy(
    identity: Path, text: str | None, without_missing: bool, replace: bool
) -> None:
    """Bring the copy back into an empty data folder: the newest state, or that --at."""
    at = _moment(text) if text else None
    try:
        if at is None:
            _refuse_to_choose()
        outcome = restoring.restore(
            current_app.config["PST"],
            identity,
            at,
            tell=click.echo,
            without_missing=without_missing,
            replace=replace,
        )
    except (CopyFailed, BackupFailed) as error:
        raise click.ClickException(str(error)) from error
    for each in outcome.lost:
        click.echo(f"Missing: {each}")
    click.echo(
        f"Restored the data of {outcome.at:{FORM}} UTC, {outcome.files} attachments."
    )
    tell_what_follows(outcome.held_mails)


def _refuse_to_choose() -> None:
    """Ask for a moment where the copy was begun again: perhaps by an empty office."""
    spans = restoring.moments(current_app.config["PST"])
    if len(spans) > 1:
        ends = (f"{last:%FT%T}.{last.microsecond // 1000:03}Z" for _, last in spans)
        raise click.ClickException(
            f"the copy was begun {len(spans)} times; write which end of it is wanted: "
            + " or ".join(f"--at {end}" for end in ends)
        )


def _moment(text: str) -> datetime:
    """Read a moment; without an offset it is of this machine's time zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.ClickException("Write the moment as 2026-03-02T10:15.") from error
    if moment.timestamp() > time.time():
        raise click.ClickException(f"{text} is still to come.")
    return moment.astimezone(UTC)
