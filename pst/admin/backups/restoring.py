"""Restore a backup, and keep the data that it replaces."""

import importlib
import os
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from pst import clock
from pst.accounts.users import User
from pst.admin.backups.archives import (
    DATABASE,
    FOLDERS,
    SECRET,
    SETTINGS,
    BackupFailed,
    Manifest,
    verify,
)
from pst.config import ROOT, Config
from pst.database import db, file_of, transaction
from pst.office import audit
from pst.personal_data import erasure
from pst.personal_data.jobs import forget_words

MIGRATIONS = ROOT / "migrations"
# For comparison: some of these settings name folders of the old machine.
RESTORED_SETTINGS = "settings-of-backup.env"
HELD = "Dipulihkan dari cadangan: mungkin sudah terkirim. Periksa lalu kirim ulang."


@dataclass(frozen=True)
class Restored:
    """What a restoration brought back, and where the replaced data lie."""

    manifest: Manifest
    held_mails: int
    replaced: Path | None


def restore(
    config: Config,
    archive: Path,
    identity: Path | None = None,
    tell: Callable[[str], None] = lambda text: None,
) -> Restored:
    """Unpack and check `archive` next to the data, then swap the two.

    Raise `BackupFailed`, and leave the data as they are, when the service is running or
    the backup fails a check.
    """
    database = file_of(config.database_url)
    refuse_while_served(database)
    erased = erased_people(database)
    restored = _swap(config, archive, identity, tell)
    tell("Bringing the database up to this version …")
    importlib.import_module("flask_migrate").upgrade(directory=str(MIGRATIONS))
    if again := erase_again(erased):
        tell(f"Erased {again} people again who were erased since …")
    with transaction():
        audit.begin_key()
        audit.record(
            "restore", f"backup:{archive.name[:50]}", None, held=restored.held_mails
        )
    return restored


def _swap(
    config: Config, archive: Path, identity: Path | None, tell: Callable[[str], None]
) -> Restored:
    folder = config.data_dir
    with tempfile.TemporaryDirectory(dir=folder, prefix=".restoring-") as scratch:
        fresh = Path(scratch) / "data"
        fresh.mkdir()
        tell(f"Unpacking and checking {archive.name} …")
        manifest = verify(archive, identity, into=fresh)
        refuse_newer(manifest)
        held_mails = settle_afterwards(fresh / DATABASE)
        tell("Putting it in place …")
        return Restored(manifest, held_mails, change_places(config, fresh))


def refuse_while_served(database: Path) -> None:
    """Raise `BackupFailed` when another process has the database open."""
    if not database.exists():
        return
    with closing(sqlite3.connect(database, timeout=1, isolation_level=None)) as file:
        try:
            file.execute("PRAGMA locking_mode=EXCLUSIVE")
            file.execute("BEGIN EXCLUSIVE")
            file.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            raise BackupFailed(
                "the service is running; stop it first, then restore."
            ) from error
        except sqlite3.DatabaseError:
            return  # the file is no database any more, so no process serves it


def refuse_newer(manifest: Manifest) -> None:
    """Raise `BackupFailed` when a newer version made the backup."""
    alembic = importlib.import_module("alembic.script")
    scripts = alembic.ScriptDirectory(str(MIGRATIONS)).walk_revisions()
    revisions = {script.revision for script in scripts}
    if manifest.revision not in revisions:
        raise BackupFailed(
            f"It was made by a newer version ({manifest.version}); upgrade first."
        )


def settle_afterwards(database: Path) -> int:
    """Hold back the mails owed then, and end every log-in; return how many mails.

    A mail owed when the backup was made has probably been sent since, and is sent again
    only by hand. A log-in revoked since must not come back.
    """
    with closing(sqlite3.connect(database)) as file, file:
        held = file.execute(
            "UPDATE outbox_mail SET state = 'failed', error = ? WHERE state = 'owed'",
            (HELD,),
        ).rowcount
        file.execute("DELETE FROM log_in")
    return held


def erased_people(database: Path) -> list[tuple[int, str]]:
    """Return the users who were erased: id, and when the account was created.

    Empty when the database is gone or broken: then the users who were erased since the
    backup have to be erased again by hand.
    """
    if not database.exists():
        return []
    with closing(sqlite3.connect(database)) as file:
        try:
            return file.execute(
                "SELECT id, created_at FROM user WHERE erased_at IS NOT NULL"
            ).fetchall()
        except sqlite3.Error:
            return []


def erase_again(erased: list[tuple[int, str]]) -> int:
    """Erase the users who were erased since the backup; return how many."""
    query = sa.text(
        "SELECT id FROM user WHERE id = :id AND created_at = :at AND erased_at IS NULL"
    )
    count = 0
    for id, at in erased:
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


def change_places(config: Config, fresh: Path) -> Path | None:
    """Move the data aside and the unpacked backup into their place."""
    database = file_of(config.database_url)
    aside = config.data_dir / f"replaced-{clock.now():%Y%m%dT%H%M%SZ}"
    pairs = [(config.data_dir / name, fresh / name) for name in (*FOLDERS, SECRET)]
    pairs.append((config.data_dir / RESTORED_SETTINGS, fresh / SETTINGS))
    # The database last: with it the old data are out of use.
    pairs.append((database, fresh / DATABASE))
    for suffix in ("-wal", "-shm"):
        pairs.append((Path(f"{database}{suffix}"), fresh / f"no{suffix}"))
    for present, new in pairs:
        if present.exists():
            aside.mkdir(mode=0o700, exist_ok=True)
            os.replace(present, aside / present.name)
        if new.exists():
            os.replace(new, present)
    return aside if aside.exists() else None
