"""Hide counts that could tell of one person, and what would give them away."""

from collections.abc import Iterable, Mapping

# A count below this could tell what one person did or thought.
LEAST_SHOWN = 5


def suppressed(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Hide counts from 1 to 4, and as many more as keep them from being reckoned out.

    The total is shown, so what is hidden is told in sum: it must be of several, and
    the sum itself must not be small.
    """
    hidden = {key for key, n in counts.items() if is_few(n)}
    others = sorted(
        (key for key, n in counts.items() if n >= LEAST_SHOWN),
        key=lambda key: counts[key],
    )
    while hidden and others and _is_told(counts[key] for key in hidden):
        hidden.add(others.pop(0))
    return {key: None if key in hidden else n for key, n in counts.items()}


def is_few(count: int) -> bool:
    """Say whether a count is so small that it could tell of one person."""
    return 0 < count < LEAST_SHOWN


def _is_told(hidden: Iterable[int]) -> bool:
    found = list(hidden)
    return len(found) < 2 or sum(found) < LEAST_SHOWN
