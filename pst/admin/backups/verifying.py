"""Backups looked at again: each archive once a week, what is damaged set aside."""

import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from pst import clock
from pst.admin.backups import backup, notes, stored_care, stored_files
from pst.admin.backups.archives import BackupFailed, hash_of, verify
from pst.admin.backups.notes import Archive

log = logging.getLogger(__name__)
VERIFIED_AGAIN_AFTER = timedelta(days=7)


def verify_next(folder: Path) -> None:
    """Give notes to the archives that lack one; look at the one not seen longest."""
    for archive in notes.archives_in(folder):
        if notes.read(archive) is None and archive.suffix != ".age":
            _prove(archive)
    now = clock.now()
    due = [
        each
        for each in notes.proven_archives(folder)
        if not now - VERIFIED_AGAIN_AFTER < each.verified_at <= now
    ]
    if due:
        _look_again(min(due, key=lambda each: each.verified_at))
    stored_care.look_again(folder)


def _prove(archive: Path) -> None:
    """Write the note of an archive that has none, from what it holds."""
    try:
        manifest = verify(archive)
        notes.write(archive, backup.note_of(archive, manifest, archive.parent))
    except BackupFailed as error:
        _set_aside(archive, str(error))


def _look_again(archive: Archive) -> None:
    if hash_of(archive.path) != archive.note.sha256:
        return _set_aside(archive.path, "it is not what was written")
    verified_at = clock.now().isoformat()
    notes.write(archive.path, replace(archive.note, verified_at=verified_at))


def _set_aside(archive: Path, reason: str) -> None:
    log.error("%s is damaged (%s): set aside", archive, reason)
    archive.rename(archive.with_name(archive.name + stored_files.DAMAGED))
    notes.path_of_note(archive).unlink(missing_ok=True)
    stored_files.path_of_list(archive).unlink(missing_ok=True)
