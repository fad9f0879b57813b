"""Backups: made while people are served, verified, kept by a schedule, copied.

Each holds the database, the settings and the secret key, and names the attachments,
which lie once for all of them next to it (`stored_files.py`). It is in clear unless
`PST_BACKUP_RECIPIENT` names the public key of its reader: then it is encrypted with
age, and opens only with the other half of that key.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from pst import clock
from pst.admin.backups import notes, stored_care, stored_files
from pst.admin.backups.archives import (
    CHUNK,
    FOLDERS,
    SECRET,
    SETTINGS,
    BackupFailed,
    Manifest,
    encrypt,
    hash_of,
    hash_text,
    pack,
    private,
    verify,
)
from pst.admin.backups.database_facts import copy_database
from pst.admin.backups.notes import Archive, ArchiveNote, path_of_note
from pst.config import VERSION, Config, environment
from pst.database import engine_of
from pst.database.copies import copies_of
from pst.uploads.file_store import FileStore, files_of
from pst.uploads.formats import StoreAway
from pst.uploads.kept import FileInfo

SPARE = 50_000_000  # bytes that a backup leaves free on the disk
KEEP = ((7, "%Y-%m-%d"), (5, "%G-%V"), (12, "%Y-%m"))  # days, weeks, months

Tell = Callable[[str], None]


def create(config: Config, tell: Tell = lambda text: None) -> Path:
    """Make an archive while people are served, verify it, then give it its name."""
    try:
        return _create(config, tell)
    except StoreAway as error:
        raise BackupFailed("the store of files does not answer.") from error


def _create(config: Config, tell: Tell) -> Path:
    folder = config.backup_dir
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    refuse_little_room(config)
    now = clock.now()
    name = f"pst-{now:%Y%m%dT%H%M%SZ}.tar.gz"
    with (
        stored_files.hold(folder),
        tempfile.TemporaryDirectory(dir=folder, prefix=".making-") as scratch,
    ):
        archive = Path(scratch) / name
        _write(config, archive, now, tell)
        tell("Verifying …")
        manifest = verify(archive)
        if config.backup_recipient:
            tell("Encrypting …")
            archive = encrypt(archive, config.backup_recipient)
        _settle(archive, folder / archive.name, manifest)
    return folder / archive.name


def refuse_little_room(config: Config) -> None:
    """Raise `BackupFailed` when the disk might fill before the archive is done."""
    size = engine_of(config.database_url).size(config.database_url)
    bytes_needed = 2 * size + SPARE
    names = {name for name, _ in stored_files.every(config.backup_dir)}
    tag = stored_files.tag_of(config.backup_recipient)
    bytes_needed += sum(
        file.size
        for file in every_file(files_of(config))
        if f"{tag}/{last_part(file.name)}" not in names
    )
    stat = os.statvfs(config.backup_dir)
    free = stat.f_bavail * stat.f_frsize
    if free < bytes_needed:
        raise BackupFailed(
            f"{config.backup_dir} has {free // 10**6} MB free;"
            f" a backup may need {bytes_needed // 10**6} MB."
        )


def _write(config: Config, archive: Path, now: datetime, tell: Tell) -> None:
    copies = copies_of(config.database_url)
    snapshot = archive.parent / copies.NAME
    tell("Copying the database …")
    facts = copy_database(config.database_url, snapshot)
    file_names = facts.pop("wanted")
    references = _store(config, tell)  # after the database: the files it names exist
    texts = {SECRET: config.secret_key, SETTINGS: settings_text()}
    hashes = {copies.NAME: hash_of(snapshot)}
    hashes |= {name: hash_text(text) for name, text in texts.items()}
    manifest = Manifest(
        created_at=now.isoformat(),
        version=VERSION,
        files=hashes,
        stored=references,
        missing=len(file_names - references.keys()),
        **facts,
    )
    pack(archive, manifest, texts, {copies.NAME: snapshot})
    snapshot.unlink()


def _store(config: Config, tell: Tell) -> dict[str, str]:
    """Store the files that are not stored yet; return the reference of each."""
    folder, recipient = config.backup_dir, config.backup_recipient
    tag = stored_files.tag_of(recipient)
    present = {name for name, _ in stored_files.every(folder)}
    before, references = len(present), {}
    store = files_of(config)
    for name in (file.name for file in every_file(store)):
        # An attachment's name is its hash: what is stored is not read again.
        reference = f"{tag}/{last_part(name)}"
        try:
            if reference not in present:
                with store.as_path(name) as path:
                    sha256 = hash_of(path)
                    reference = f"{tag}/{sha256}"
                    if reference not in present:
                        stored_files.put(folder, path, sha256, recipient)
        except FileNotFoundError:
            continue  # erased since: it counts as missing if a row names it
        references[name] = reference
        present.add(reference)
    tell(f"{len(references)} files, of these stored now: {len(present) - before} …")
    return references


def every_file(store: FileStore) -> Iterator[FileInfo]:
    """Yield the files that belong into a backup."""
    for folder in FOLDERS:
        yield from store.every(folder)


def last_part(name: str) -> str:
    """Return the end of a file's name: of an attachment, its hash."""
    return name.rpartition("/")[2]


def settings_text() -> str:
    """Return the settings, without the key that a forger of the trail would need."""
    ours = {k: v for k, v in environment().items() if k.startswith("PST_")}
    ours.pop("PST_AUDIT_KEY", None)
    return "".join(f"{name}={value}\n" for name, value in sorted(ours.items()))


def _settle(archive: Path, target: Path, manifest: Manifest) -> None:
    """Put a verified archive in place, with a note of what it is next to it."""
    with archive.open("rb") as file:
        os.fsync(file.fileno())
    # List and note first: cut off in between, no archive is left without them.
    stored_files.write_list(target, manifest.stored.values())
    notes.write(target, note_of(archive, manifest, target.parent))
    os.replace(archive, target)


def note_of(archive: Path, manifest: Manifest, folder: Path) -> ArchiveNote:
    """Describe `archive`, which was verified now; its attachments are in `folder`."""
    needs = set(manifest.stored.values())
    files = [path for name, path in stored_files.every(folder) if name in needs]
    return ArchiveNote(
        created_at=manifest.created_at,
        sha256=hash_of(archive),
        size=archive.stat().st_size,
        version=manifest.version,
        missing=manifest.missing,
        verified_at=clock.now().isoformat(),
        stored=len(needs),
        stored_size=sum(path.stat().st_size for path in files),
    )


def surplus(moments: list[datetime]) -> list[datetime]:
    """Choose which backups to drop: all but the newest of each day, week, month."""
    keepers = set()
    for count, form in KEEP:
        newest = {f"{moment:{form}}": moment for moment in sorted(moments)}
        keepers |= set(sorted(newest.values())[-count:])
    return [moment for moment in moments if moment not in keepers]


def tidy(folder: Path) -> None:
    """Drop the backups that the schedule does not keep.

    Those from the future stay: which clock was wrong is for an admin to say.
    """
    by_moment = {each.created_at: each.path for each in notes.until_now(folder)}
    for moment in surplus(list(by_moment)):
        by_moment[moment].unlink()
        path_of_note(by_moment[moment]).unlink()
        stored_files.path_of_list(by_moment[moment]).unlink(missing_ok=True)


def copy(archive: Archive, folder: Path) -> None:
    """Copy a finished archive to a second place, and look whether it arrived whole.

    First the attachments that it names and that are not there yet.
    """
    if not folder.is_dir():
        raise BackupFailed(f"{folder} is not there; is it mounted?")
    fresh = folder / f".{archive.path.name}"
    try:
        needs = stored_care.needs_of(archive.path)
        _refuse_little_room_for(archive, folder, needs)
        stored_care.bring_lacking(archive.path.parent, folder, needs)
        with archive.path.open("rb") as source, private(fresh) as target:
            while chunk := source.read(CHUNK):
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        if hash_of(fresh) != archive.note.sha256:
            raise BackupFailed(
                f"The copy of {archive.path.name} in {folder} is damaged."
            )
        stored_files.write_list(folder / archive.path.name, needs)
        notes.write(folder / archive.path.name, archive.note)
        os.replace(fresh, folder / archive.path.name)
    except OSError as error:
        raise BackupFailed(f"{folder}: {error}") from error
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


def _refuse_little_room_for(archive: Archive, folder: Path, needs: set[str]) -> None:
    free = shutil.disk_usage(folder).free
    bytes_needed = archive.size + SPARE
    bytes_needed += stored_care.size_lacking(archive.path.parent, folder, needs)
    if free < bytes_needed:
        raise BackupFailed(
            f"{folder} has {free // 10**6} MB free;"
            f" {archive.path.name} needs {bytes_needed // 10**6} MB."
        )
