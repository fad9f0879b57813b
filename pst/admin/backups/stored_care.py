"""The care of stored files: looked at again, brought where they lack, dropped.

Each works on one folder of backups; `duties.py` says when.
"""

import logging
import os
from datetime import timedelta
from pathlib import Path

from pst import clock
from pst.admin.backups import notes, stored_files
from pst.admin.backups.archives import BackupFailed, manifest_of

log = logging.getLogger(__name__)
LOOKED_AT_AGAIN_AFTER = timedelta(days=7)
# So many of the parts at each hourly look, that a week is enough for all.
SHARE, FEWEST = 100, 2
SEEN = ".seen"


def needs_of(archive: Path) -> set[str]:
    """Return the stored files that `archive` names.

    Raise `BackupFailed` when that cannot be known: then none may be dropped.
    """
    if not stored_files.path_of_list(archive).exists():
        own_note = notes.read(archive)
        if own_note is not None and own_note.note.stored == 0:
            return set()  # an older form, which holds its attachments
        if archive.suffix != ".age":
            needs = set(manifest_of(archive).stored.values())
            stored_files.write_list(archive, needs)
            return needs
    try:
        return stored_files.read_list(archive)
    except BackupFailed as error:
        raise BackupFailed(
            f"what {archive.name} needs is not known: {error}"
        ) from error


def needs_in(folder: Path) -> set[str]:
    """Return what any archive in `folder` names."""
    return set[str]().union(*map(needs_of, notes.archives_in(folder)))


def lacking(folder: Path) -> set[str]:
    """Return what archives in `folder` name that does not lie there."""
    return needs_in(folder) - {name for name, _ in stored_files.every(folder)}


def look_again(folder: Path) -> None:
    """Read some of the stored files, a share at a time; set aside what is damaged."""
    now = clock.now()
    since = (now - LOOKED_AT_AGAIN_AFTER).timestamp()
    parts = stored_files.parts(folder)
    due = [part for part in parts if not since < _last_look(part) <= now.timestamp()]
    count = max(FEWEST, len(parts) // SHARE)
    for part in sorted(due, key=_last_look)[:count]:
        for _, path in stored_files.in_part(part):
            if not stored_files.is_whole(path):
                log.error("%s is damaged: set aside", path)
                path.rename(path.with_name(path.name + stored_files.DAMAGED))
        (part / SEEN).touch(mode=0o600)
        os.utime(part / SEEN, (now.timestamp(), now.timestamp()))


def _last_look(part: Path) -> float:
    try:
        return (part / SEEN).stat().st_mtime
    except FileNotFoundError:
        return 0


def refuse_lacking(folder: Path) -> None:
    """Raise `BackupFailed` when a file that an archive names is not there."""
    if missing := lacking(folder):
        raise BackupFailed(
            f"{len(missing)} attachments that archives name are missing, the first is"
            f" {min(missing)}; the next backup or copy brings them if it can."
        )


def bring_lacking(source: Path, folder: Path, needs: set[str]) -> None:
    """Copy from `source` what `folder` lacks of `needs`, as far as it is there."""
    there = {name for name, _ in stored_files.every(folder)}
    here = dict(stored_files.every(source))
    for reference in sorted(needs - there):
        if reference in here:
            stored_files.bring(reference, here[reference], folder)


def size_lacking(source: Path, folder: Path, needs: set[str]) -> int:
    """Return how many bytes `bring_lacking` would copy."""
    there = {name for name, _ in stored_files.every(folder)}
    return sum(
        path.stat().st_size
        for reference, path in stored_files.every(source)
        if reference in needs and reference not in there
    )


def drop_unnamed(folder: Path) -> int:
    """Drop the files that no archive names; return how many."""
    needs = needs_in(folder)
    surplus = [path for name, path in stored_files.every(folder) if name not in needs]
    for path in surplus:
        path.unlink()
    return len(surplus)
