"""The commands of the IT person: `flask backup`."""

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from pst.admin import job_runs
from pst.admin.backups import duties, gathering, restoring
from pst.admin.backups.archives import BackupFailed
from pst.admin.backups.backup import create
from pst.admin.backups.notes import proven_archives
from pst.config import Config
from pst.web.formats.formatting import size

backup = AppGroup("backup", help="Make, check and put back backups.")
A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
identity = click.option(
    "--identity", type=A_FILE, help="The key file of an encrypted backup."
)
without_missing_option = click.option(
    "--without-missing", is_flag=True, help="Also when attachments are missing."
)


@backup.command("create")
def create_backup() -> None:
    """Make a backup while the service runs, and verify it."""
    config = current_app.config["PST"]
    try:
        archive = create(config, tell=click.echo)
        if config.backup_copy_dir:
            click.echo(f"Copying to {config.backup_copy_dir} …")
            job_runs.run("copy_backups", duties.copy_backups)
    except BackupFailed as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{archive} ({size(archive.stat().st_size)})")


@backup.command("export")
@click.argument("file", type=A_FILE)
@click.argument("target", type=click.Path(path_type=Path), required=False)
def export_backup(file: Path, target: Path | None) -> None:
    """Put FILE and the attachments it names in one file that holds everything.

    It stays encrypted as it is, needs no key, and is restored as any backup.
    """
    name = file.name.removesuffix(".age").removesuffix(".tar.gz") + gathering.WHOLE
    target = target / name if target and target.is_dir() else target or Path(name)
    if target.exists():
        raise click.ClickException(f"{target} is there already.")
    try:
        gathering.export(file, target)
    except (BackupFailed, OSError) as error:
        target.unlink(missing_ok=True)
        raise click.ClickException(str(error)) from error
    click.echo(f"{target} ({size(target.stat().st_size)})")


@backup.command("list")
def list_backups() -> None:
    """Name the verified backups, oldest first."""
    for each in proven_archives(current_app.config["PST"].backup_dir):
        click.echo(
            f"{each.created_at:%Y-%m-%d %H:%M} UTC  {size(each.size):>9}"
            f" + {each.note.stored} files {size(each.note.stored_size):>9}  {each.path}"
        )


@backup.command("nightly")
def see_to_backups() -> None:
    """Make the backup of the night, verify, copy and tidy: each as far as due."""
    failures = []
    for duty in duties.DUTIES:
        name = duty.__name__
        try:
            job_runs.run(name, duty)
            click.echo(f"{name}: done.")
        except Exception as error:
            click.echo(f"{name}: {error}", err=True)
            failures.append(name)
    if failures:
        raise click.ClickException(f"failed: {', '.join(failures)}")


@backup.command("verify")
@click.argument("file", type=A_FILE)
@identity
def verify_backup(file: Path, identity: Path | None) -> None:
    """Unpack FILE into a scratch place and check every hash and count."""
    click.echo(f"Unpacking and checking {file.name} …")
    try:
        manifest, missing = gathering.prove(file, identity)
        gathering.refuse_gone(missing)
    except BackupFailed as error:
        raise click.ClickException(str(error)) from error
    rows = sum(manifest.tables.values())
    click.echo(
        f"Sound: made {manifest.created_at[:16]} UTC by version {manifest.version},"
        f" {rows} rows in {len(manifest.tables)} tables,"
        f" {len(manifest.files) + len(manifest.stored)} files."
    )
    if manifest.missing:
        click.echo(f"{manifest.missing} attachments were missing when it was made.")


@backup.command("restore")
@click.argument("file", type=A_FILE)
@identity
@click.option(
    "--files",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of backups that holds its attachments, when it lies elsewhere.",
)
@without_missing_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore_backup(
    file: Path,
    identity: Path | None,
    files: Path | None,
    without_missing: bool,
    yes: bool,
) -> None:
    """Put FILE in the place of the present data, which are kept aside."""
    config = current_app.config["PST"]
    if not yes and sys.stdin.isatty():
        click.confirm(f"Replace the data in {config.data_dir}?", abort=True)
    try:
        outcome = restoring.restore(
            config,
            file,
            identity,
            tell=click.echo,
            files=files,
            without_missing=without_missing,
        )
    except BackupFailed as error:
        raise click.ClickException(str(error)) from error
    _tell_of(outcome, config)


def _tell_of(outcome: restoring.Restoration, config: Config) -> None:
    for each in outcome.lost:
        click.echo(f"Missing: {each}")
    click.echo(f"Restored the data of {outcome.manifest.created_at[:16]} UTC.")
    if outcome.replaced:
        click.echo(f"What was there before is in {outcome.replaced}.")
    if outcome.replaced_database:
        click.echo(f"The database of before is {outcome.replaced_database}.")
    settings = config.data_dir / restoring.RESTORED_SETTINGS
    if settings.exists() and settings.stat().st_size:
        click.echo(f"Compare your settings with those of then: {settings}.")
    tell_what_follows(outcome.held_mails)


def tell_what_follows(held_mails: int) -> None:
    """Print what to do after a restoration."""
    if held_mails:
        click.echo(f"{held_mails} mails are held back; see /admin/surel.")
    click.echo("Everybody has to log in again. Now start the service.")
