"""The answers given last: many people ask the same, and go back and forth."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class Recent:
    """Keeps up to `most` answers of one process.

    The state of the index is part of each key, so no answer outlives what it was
    found in.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._answers: dict[Hashable, Any] = {}

    def get(self, key: Hashable, find: Callable[[], T]) -> T:
        """Return the answer kept for `key`, or find and keep it."""
        answer: T | None = self._answers.get(key)
        if answer is None:
            answer = find()
            if len(self._answers) >= self._most:
                self.clear()  # rarely, and without a lock
            self._answers[key] = answer
        return answer

    def clear(self) -> None:
        self._answers = {}
