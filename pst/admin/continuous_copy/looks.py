"""The state of the continuous copy, as the health page shows it."""

from datetime import timedelta
from typing import Any

from flask import current_app

from pst.admin.continuous_copy import state
from pst.lamps import Level, level

# A copy is a minute behind at most; a line that is down for a moment is no fault.
COPY_LATE, COPY_LOST = timedelta(minutes=2), timedelta(minutes=15)


def continuous_copy() -> tuple[Level, Any]:
    """Return how far the continuous copy is behind, where one is set up."""
    config = current_app.config["PST"]
    if config.copy is None:
        return Level.GOOD, None
    now = state.read(config.data_dir) or state.CopyState()
    lag = now.lag
    is_late = lag is None or lag > COPY_LATE
    is_lost = is_late if lag is None and now.error else bool(lag and lag > COPY_LOST)
    return level(is_late, is_lost), now
