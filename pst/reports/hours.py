"""Working hours between many pairs of moments, and counting by local time, quickly."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from pst.office.workdays import Calendar

HOUR = 3600.0


class ServiceHours:
    """The service hours of a stretch of days, laid end to end.

    Measures what `Calendar.service_time` measures, by two look-ups instead of a walk
    over the days: a report asks for tens of thousands.
    """

    def __init__(self, calendar: Calendar, begin: datetime, end: datetime) -> None:
        self._opens: list[float] = []
        self._lengths: list[float] = []
        self._before: list[float] = []
        total = 0.0
        day = begin.astimezone(calendar.zone).date()
        last = end.astimezone(calendar.zone).date()
        while day <= last:
            if calendar.is_workday(day):
                for opens, closes in calendar.week[day.weekday()]:
                    start = datetime.combine(day, opens, calendar.zone).timestamp()
                    stop = datetime.combine(day, closes, calendar.zone).timestamp()
                    self._opens.append(start)
                    self._lengths.append(stop - start)
                    self._before.append(total)
                    total += stop - start
            day += timedelta(days=1)

    def between(self, begin: datetime, end: datetime) -> float:
        """Tell the working hours that passed from `begin` to `end`."""
        return (self._until(end) - self._until(begin)) / HOUR

    def _until(self, moment: datetime) -> float:
        at = moment.timestamp()
        place = bisect_right(self._opens, at) - 1
        if place < 0:
            return 0.0
        passed = at - self._opens[place]
        return self._before[place] + min(passed, self._lengths[place])


@dataclass(frozen=True)
class Spread:
    """How long something takes: of how many it is known, and the usual and bad case."""

    count: int
    median: float | None
    p90: float | None

    @classmethod
    def of(cls, hours: Iterable[float]) -> "Spread":
        """Summarise; the 90th percentile is by nearest rank, so it really occurred."""
        found = sorted(hours)
        if not found:
            return cls(0, None, None)
        return cls(len(found), round(median(found), 2), round(nearest(found, 90), 2))


def nearest(ordered: Sequence[float], percent: int) -> float:
    """Find the smallest value that at least `percent` % do not exceed."""
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(rank, 1) - 1]


def utc_hour(moment: Any) -> sa.ColumnElement[str]:
    """Group moments by hour.

    Indonesia's zones differ from UTC by whole hours, so an hour in UTC is an hour on
    the office's clock, and `local_hour` tells which.
    """
    return sa.func.strftime("%Y-%m-%d %H", moment)


def local_hour(text: str, zone: ZoneInfo) -> datetime:
    """Read what `utc_hour` wrote, in the office's zone."""
    at = datetime.strptime(text, "%Y-%m-%d %H").replace(tzinfo=UTC)
    return at.astimezone(zone)
