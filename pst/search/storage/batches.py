"""Long work done in batches, so that other writers need not wait long."""

import time
from collections.abc import Iterator
from typing import TypeVar

# How many documents are written or indexed in one transaction.
WRITTEN_AT_ONCE = 50
# A writer that waits for SQLite tries again after a tenth of a second at most.
PAUSE_S = 0.11

T = TypeVar("T")


def unhurried_batches(items: list[T]) -> Iterator[list[T]]:
    """Yield a few of `items` at a time, with pauses in which others may write."""
    for number, batch in enumerate(batches(items, WRITTEN_AT_ONCE)):
        if number:
            time.sleep(PAUSE_S)
        yield batch


def batches(items: list[T], size: int = 500) -> Iterator[list[T]]:
    """Yield `items` in lists of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
