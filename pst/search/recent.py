"""A cache of answers: many people search for the same, and page back and forward."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class Recent:
    """Up to `size` answers of one process.

    The state of the index is part of each key, so no answer outlives its index.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._answers: dict[Hashable, Any] = {}

    def get(self, key: Hashable, find: Callable[[], T]) -> T:
        """Return the answer cached for `key`, or find it and cache it."""
        answer: T | None = self._answers.get(key)
        if answer is None:
            answer = find()
            if len(self._answers) >= self._size:
                self.clear()  # rarely, and without a lock
            self._answers[key] = answer
        return answer

    def clear(self) -> None:
        self._answers = {}
