"""How long to wait before the next try."""

import random
from datetime import timedelta


def growing(times: int, first: timedelta, longest: timedelta) -> timedelta:
    """Return the pause after so many tries: doubling, with some chance."""
    pause = min(first * 2 ** min(times - 1, 12), longest)
    return pause * random.uniform(0.8, 1.2)
