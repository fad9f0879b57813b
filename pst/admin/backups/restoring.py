"""Restore a backup, and keep the data that it replaces."""

import importlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pst import clock
from pst.accounts.users import User
from pst.admin.backups import gathering
from pst.admin.backups.archives import (
    FOLDERS,
    SECRET,
    SETTINGS,
    BackupFailed,
    Manifest,
    opened,
    verify,
)
from pst.admin.data_move import forget_index
from pst.config import ROOT, Config
from pst.database import db, transaction
from pst.database.copies import Copies, copies_of
from pst.office import audit, restored
from pst.personal_data import erasure
from pst.personal_data.jobs import forget_words
from pst.uploads.file_store import files_of

Tell = Callable[[str], None]
MIGRATIONS = ROOT / "migrations"
# For comparison: some of these settings name folders of the old machine.
RESTORED_SETTINGS = "settings-of-backup.env"
HELD = "Dipulihkan dari cadangan: mungkin sudah terkirim. Periksa lalu kirim ulang."


@dataclass(frozen=True)
class Restoration:
    """What a restoration brought back, and where the replaced data lie."""

    manifest: Manifest
    held_mails: int
    replaced: Path | None
    replaced_database: str
    lost: list[str]  # attachments that were missing in the backup


def restore(
    config: Config,
    archive: Path,
    identity: Path | None = None,
    tell: Tell = lambda text: None,
    *,
    files: Path | None = None,
    without_missing: bool = False,
) -> Restoration:
    """Unpack and check `archive` next to the data, then swap the two.

    Its attachments are in `files`, or next to it. Raise `BackupFailed`, and leave the
    data as they are, when the service is running or the backup fails a check; an
    attachment that is missing fails it, unless the rest is wanted without it.
    """
    users = make_way(config)
    with gathering.unwrapped(archive, scratch_in=config.data_dir) as source:
        folder = files or source.parent
        outcome = _swap(config, source, folder, identity, without_missing, tell)
    moment = datetime.fromisoformat(outcome.manifest.created_at)
    settle_restored(
        config, f"backup:{archive.name[:50]}", moment, outcome.held_mails, users, tell
    )
    return outcome


def make_way(config: Config) -> list[tuple[int, Any]]:
    """Refuse while the service runs; return the users who are erased now."""
    db.session.rollback()
    db.engine.dispose()  # our own connections are no one's service
    refuse_while_served(config.database_url)
    return erased_people(config.database_url)


def settle_restored(
    config: Config,
    source: str,
    moment: datetime,
    held_mails: int,
    users: list[tuple[int, Any]],
    tell: Tell,
) -> None:
    """Bring restored data of `moment` up to date, and note from where they came."""
    tell("Bringing the database up to this version …")
    importlib.import_module("flask_migrate").upgrade(directory=str(MIGRATIONS))
    if again := erase_again(users):
        tell(f"Erased {again} people again who were erased since …")
    with transaction():
        audit.begin_key()
        audit.record("restore", source, None, held=held_mails)
    restored.note(config.data_dir, moment)


def _swap(
    config: Config,
    archive: Path,
    files: Path,
    identity: Path | None,
    without_missing: bool,
    tell: Tell,
) -> Restoration:
    with tempfile.TemporaryDirectory(dir=config.data_dir, prefix=".restoring-") as name:
        fresh = Path(name) / "data"
        fresh.mkdir()
        tell(f"Unpacking and checking {archive.name} …")
        manifest = verify(archive, identity, into=fresh)
        refuse_newer(manifest)
        missing = gathering.gather(manifest, files, identity, fresh)
        with opened(fresh, manifest) as (copies, database):
            _refuse_another_engine(copies, config)
            descriptions = gathering.describe(copies, database, missing)
            if not without_missing:
                gathering.refuse_gone(descriptions)
            held_mails = settle_afterwards(copies, database)
            tell("Putting it in place …")
            if config.files:
                gathering.fill(files_of(config), fresh)
            aside, old = change_places(config, fresh, copies, database)
            forget_index(config.data_dir)
        return Restoration(manifest, held_mails, aside, old, descriptions)


def _refuse_another_engine(copies: Copies, config: Config) -> None:
    if copies is not copies_of(config.database_url):
        raise BackupFailed(
            "It holds a database of SQLite: restore it without"
            " PST_DATABASE_URL, then `flask data move`."
        )


def refuse_while_served(address: str) -> None:
    """Raise `BackupFailed` when another process has the database open."""
    copies = copies_of(address)
    try:
        is_served = copies.exists(address) and copies.is_served(address)
    except sa.exc.OperationalError as error:
        raise BackupFailed(f"the database does not answer: {error.orig}") from error
    if is_served:
        raise BackupFailed("the service is running; stop it first, then restore.")


def refuse_newer(manifest: Manifest) -> None:
    """Raise `BackupFailed` when a newer version made the backup."""
    refuse_newer_revision(manifest.revision, manifest.version)


def refuse_newer_revision(revision: str, version: str) -> None:
    """Raise `BackupFailed` when this version does not know `revision`."""
    alembic = importlib.import_module("alembic.script")
    scripts = alembic.ScriptDirectory(str(MIGRATIONS)).walk_revisions()
    if revision not in {script.revision for script in scripts}:
        raise BackupFailed(
            f"It was made by a newer version ({version}); upgrade first."
        )


def settle_afterwards(copies: Copies, database: str) -> int:
    """Hold back the mails owed then, and end every log-in; return how many mails.

    A mail owed when the backup was made has probably been sent since, and is sent again
    only by hand. A log-in revoked since must not come back.
    """
    hold = sa.text(
        "UPDATE outbox_mail SET state = 'failed', error = :why WHERE state = 'owed'"
    )
    with copies.connected(database) as connection:
        mails = connection.execute(hold, {"why": HELD}).rowcount
        connection.execute(sa.text("DELETE FROM log_in"))
    return mails


def erased_people(address: str) -> list[tuple[int, Any]]:
    """Return the users who were erased: id, and when the account was created.

    Empty when the database is gone or broken: then the users who were erased since the
    backup have to be erased again by hand.
    """
    copies = copies_of(address)
    if not copies.exists(address):
        return []
    query = sa.text('SELECT id, created_at FROM "user" WHERE erased_at IS NOT NULL')
    try:
        with copies.connected(address) as connection:
            return [(id, at) for id, at in connection.execute(query)]
    except sa.exc.DatabaseError:
        return []


def erase_again(users: list[tuple[int, Any]]) -> int:
    """Erase the users who were erased since the backup; return how many."""
    query = sa.text(
        'SELECT id FROM "user"'
        " WHERE id = :id AND created_at = :at AND erased_at IS NULL"
    )
    count = 0
    for id, at in users:
        with transaction():
            if db.session.scalar(query, {"id": id, "at": at}) is None:
                continue
            person = db.session.get_one(User, id)
            files = erasure.erase(person, by=None, tell=False)
            count += 1
        erasure.remove(files)
    if count:
        forget_words()
    return count


def change_places(
    config: Config, fresh: Path, copies: Copies, database: str
) -> tuple[Path | None, str]:
    """Move the data aside, and what was unpacked into their place.

    Return the folder with the replaced files, and where the replaced database is.
    """
    aside = config.data_dir / f"replaced-{clock.now():%Y%m%dT%H%M%SZ}"
    names = (SECRET,) if config.files else (*FOLDERS, SECRET)
    pairs = [(config.data_dir / name, fresh / name) for name in names]
    pairs.append((config.data_dir / RESTORED_SETTINGS, fresh / SETTINGS))
    # The continuous copy begins again with the new data.
    pairs.append((config.data_dir / "continuous-copy", fresh / "no-copy"))
    for present, new in pairs:
        if present.exists():
            aside.mkdir(mode=0o700, exist_ok=True)
            os.replace(present, aside / present.name)
        if new.exists():
            os.replace(new, present)
    # Last: with it the old data are out of use.
    old = copies.take_place(database, config.database_url, aside)
    return aside if aside.exists() else None, old
