"""Hide counts that could identify a person, and those that would reveal them."""

from collections.abc import Iterable, Mapping

# A count below this could reveal what one person did or thought.
MIN_SHOWN = 5


def suppressed(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Return `counts` without those from 1 to 4, and without others they follow from.

    The total is shown, so the sum of the hidden counts is known: there must be several
    of them, and their sum must not be small.
    """
    hidden_cells = {key for key, n in counts.items() if is_few(n)}
    others = sorted(
        (key for key, n in counts.items() if n >= MIN_SHOWN),
        key=lambda key: counts[key],
    )
    while hidden_cells and others and _is_revealed(counts[key] for key in hidden_cells):
        hidden_cells.add(others.pop(0))
    return {key: None if key in hidden_cells else n for key, n in counts.items()}


def is_few(count: int) -> bool:
    """Return whether a count is so small that it could identify a person."""
    return 0 < count < MIN_SHOWN


def _is_revealed(hidden_cells: Iterable[int]) -> bool:
    counts = list(hidden_cells)
    return len(counts) < 2 or sum(counts) < MIN_SHOWN
