"""The attachments in the copy: which are new here, and which are gone for a week."""

import json
import time
from pathlib import Path

from pst.admin.backups.archives import FOLDERS
from pst.admin.continuous_copy.ltx import COARSE

FRESH_S = 10  # a folder that changed just now is looked at again
SUFFIX = ".age"


class AttachedFiles:
    """The files of the data folder, by the names that they have in the copy."""

    def __init__(self, data_dir: Path, tag: str) -> None:
        self.data_dir = data_dir
        self.prefix = f"files/{tag}/"
        self._looked_at: dict[Path, int] = {}

    def changed(self) -> dict[str, Path]:
        """List what lies in the folders that changed since the last look."""
        now = time.time_ns()
        by_name: dict[str, Path] = {}
        for folder in self._folders():
            changed_at = folder.stat().st_mtime_ns
            if self._looked_at.get(folder) == changed_at:
                continue
            by_name |= self._in(folder)
            if now - changed_at > FRESH_S * 1_000_000_000:
                self._looked_at[folder] = changed_at
        return by_name

    def everything(self) -> dict[str, Path]:
        """List all there are."""
        by_name: dict[str, Path] = {}
        for folder in self._folders():
            by_name |= self._in(folder)
        return by_name

    def look_again(self) -> None:
        """Let the next look find everything: what it found was not sent."""
        self._looked_at.clear()

    def _folders(self) -> list[Path]:
        tops = [self.data_dir / name for name in FOLDERS]
        below = [path for top in tops if top.is_dir() for path in top.iterdir()]
        return [path for path in (*tops, *below) if path.is_dir()]

    def _in(self, folder: Path) -> dict[str, Path]:
        return {
            self.name_of(str(path.relative_to(self.data_dir))): path
            for path in folder.iterdir()
            if path.is_file() and not path.name.startswith((".", "tmp"))
        }

    def name_of(self, file: str) -> str:
        """Return the name in the copy of a file of the data folder."""
        return f"{self.prefix}{file}{SUFFIX}"


def long_gone(note: Path, in_copy: set[str], here: set[str], now: float) -> list[str]:
    """Choose what may leave the copy: in no data folder for over seven days.

    Since when each is gone is kept in `note`.
    """
    try:
        since = json.loads(note.read_text())
    except (FileNotFoundError, ValueError):
        since = {}
    since_by_name = {name: float(since.get(name, now)) for name in in_copy - here}
    limit = now - COARSE.total_seconds()
    surplus = [name for name, at in since_by_name.items() if at < limit]
    recent = {name: at for name, at in since_by_name.items() if at >= limit}
    fresh = note.with_suffix(".new")
    fresh.write_text(json.dumps(recent))
    fresh.replace(note)
    return sorted(surplus)
