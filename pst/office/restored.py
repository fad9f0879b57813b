"""The notice after a restoration: from when the data are.

What was sent since is lost, so pages say so for a week. The note is read once,
at the start of a process: nothing is looked for while pages are made.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pst import clock

SHOWN = timedelta(days=7)
FILE = "restored.json"


@dataclass(frozen=True)
class RestorationNote:
    """From when the data are, and when they were brought back."""

    at: datetime
    restored_at: datetime

    @property
    def is_shown(self) -> bool:
        return clock.now() < self.restored_at + SHOWN


def note(data_dir: Path, at: datetime) -> None:
    """Let pages say, from the next start on, that the data are of `at`."""
    facts = {"at": at.isoformat(), "restored_at": clock.now().isoformat()}
    (data_dir / FILE).write_text(json.dumps(facts))


def read(data_dir: Path) -> RestorationNote | None:
    """Return what is to be said; None when nothing was restored."""
    try:
        facts = json.loads((data_dir / FILE).read_text())
        moments = {name: datetime.fromisoformat(text) for name, text in facts.items()}
        newest = RestorationNote(**moments)
    except (FileNotFoundError, ValueError, TypeError, AttributeError):
        return None
    return newest if newest.at.tzinfo and newest.restored_at.tzinfo else None
