"""The note next to each backup: what it is, and when it was last found whole.

A note that is missing, empty or torn is no reason to stop: its archive counts as
unproven until it has been looked at again (`duties.verify_backups`).
"""

import json
import logging
import os
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from pathlib import Path

from pst import clock
from pst.admin.backups.archives import private

log = logging.getLogger(__name__)
# A backup made later than now was made under a clock that was wrong, then or now.
CLOCKS_DIFFER = timedelta(hours=1)


@dataclass(frozen=True)
class ArchiveNote:
    """What is names of one archive."""

    created_at: str
    sha256: str
    size: int
    version: str
    missing: int  # files that a row names and that were missing
    verified_at: str
    # The attachments that lie next to it, once for all archives, and their bytes.
    stored: int = 0
    stored_size: int = 0


@dataclass(frozen=True)
class Archive:
    """A finished archive that was verified when it was made."""

    path: Path
    created_at: datetime
    verified_at: datetime
    note: ArchiveNote

    @property
    def size(self) -> int:
        return self.note.size

    @property
    def is_from_the_future(self) -> bool:
        return self.created_at > clock.now() + CLOCKS_DIFFER


def path_of_note(archive: Path) -> Path:
    """Return where the note about `archive` lies."""
    return archive.with_name(archive.name + ".json")


def write(archive: Path, note: ArchiveNote) -> None:
    """Put `note` next to `archive`, whole or not at all."""
    target = path_of_note(archive)
    fresh = target.with_name(f".{target.name}")
    with private(fresh) as file:
        file.write(json.dumps(asdict(note), indent=1).encode())
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, target)


def read(archive: Path) -> Archive | None:
    """Return what the note of `archive` says; None without a note that can be read."""
    try:
        facts = json.loads(path_of_note(archive).read_text())
        facts.setdefault("verified_at", facts["created_at"])
        names = {each.name for each in fields(ArchiveNote)}
        note = ArchiveNote(**{name: facts[name] for name in names & set(facts)})
        created_at = datetime.fromisoformat(note.created_at)
        verified_at = datetime.fromisoformat(note.verified_at)
        is_sound = bool(created_at.tzinfo and verified_at.tzinfo and note.size > 0)
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        log.warning("the note of %s cannot be read: %s", archive, error)
        return None
    return Archive(archive, created_at, verified_at, note) if is_sound else None


def archives_in(folder: Path) -> list[Path]:
    """List every finished archive in `folder`."""
    return sorted(path for path in folder.glob("pst-*") if _is_archive(path))


def proven_archives(folder: Path) -> list[Archive]:
    """List the proven archives in `folder`, oldest first."""
    archives = [read(archive) for archive in archives_in(folder)]
    return sorted((each for each in archives if each), key=lambda each: each.created_at)


def until_now(folder: Path) -> list[Archive]:
    """List the proven archives in `folder` but those from the future, oldest first."""
    return [each for each in proven_archives(folder) if not each.is_from_the_future]


def age(folder: Path) -> timedelta | None:
    """Return how old the newest proven backup is; None when there is none."""
    newest = until_now(folder)
    return max(clock.now() - newest[-1].created_at, timedelta(0)) if newest else None


def _is_archive(path: Path) -> bool:
    return path.name.endswith((".tar.gz", ".tar.gz.age"))
