"""The state of the copying process: how far the copy is, and what is wrong.

A small file in its folder; the health page reads it. Its times are the machine's.
"""

import json
import os
import time
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

FOLDER = "continuous-copy"


@dataclass(frozen=True)
class CopyState:
    """How far the copy is: everything until `complete_at` is in it."""

    complete_at: float = 0
    error: str = ""
    generation: str = ""

    @property
    def lag(self) -> timedelta | None:
        """Return how old what is in the copy is; None before the first whole copy."""
        if not self.complete_at:
            return None
        lag = time.time() - self.complete_at
        return timedelta(seconds=max(0, round(lag)))


def folder_in(data_dir: Path) -> Path:
    return data_dir / FOLDER


def read(data_dir: Path) -> CopyState | None:
    """Return the newest state; None when the process never ran."""
    try:
        return CopyState(**json.loads((folder_in(data_dir) / "state.json").read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def write(data_dir: Path, state: CopyState) -> None:
    """Put the state in place, whole or not at all."""
    fresh = folder_in(data_dir) / ".state.json"
    fresh.write_text(json.dumps(asdict(state)))
    os.replace(fresh, folder_in(data_dir) / "state.json")
