"""The worklist's idle poll, answered without counting while no one has written.

The database says whether anything was written since, by any process. As long as nothing
was, within the minute, a list is what it was: what becomes late does so at a full one.
"""

from collections.abc import Callable
from typing import Any

from pst import clock

PATH = "/petugas/daftar-kerja"
MAX_KEPT = 500
Key = tuple[bytes, str]
State = tuple[Any, str]


class UnchangedLists:
    """What was answered to each log-in for each list, and when."""

    def __init__(self, written: Callable[[], Any]) -> None:
        self.written = written
        self.answered: dict[Key, tuple[State, str]] = {}

    def state(self) -> State:
        """Return what changes with every write, and with every minute."""
        return self.written(), f"{clock.now():%d%H%M}"

    def is_unchanged(self, key: Key, mark: str) -> bool:
        return self.answered.get(key) == (self.state(), mark)

    def noting(self, key: Key, mark: str, start_response: Any) -> Any:
        """Return a `start_response` that remembers the answer, read from now on."""
        state = self.state()

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            if status[:3] in ("200", "304"):
                if len(self.answered) >= MAX_KEPT:
                    self.answered.clear()
                self.answered[key] = (state, dict(headers).get("HX-PTag", mark))
            return start_response(status, headers, *more)

        return start
