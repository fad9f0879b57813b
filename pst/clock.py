"""The one source of the present moment.

Tests move it through a file that names a moment; the setting is refused unless the
process was started for tests (see `config.py`), so it is out of reach in service.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

_moved_by: Path | None = None


def now() -> datetime:
    """Return the present moment, aware and in UTC."""
    return datetime.now(UTC) + _offset()


def today(zone: ZoneInfo) -> date:
    """Return today's date in `zone`."""
    return now().astimezone(zone).date()


def obey(path: Path | None) -> None:
    """Add the seconds written in the file at `path` to every answer; tests only."""
    global _moved_by
    _moved_by = path


def _offset() -> timedelta:
    if _moved_by is None:
        return timedelta(0)
    try:
        return timedelta(seconds=float(_moved_by.read_text() or 0))
    except FileNotFoundError:
        return timedelta(0)
