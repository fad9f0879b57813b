"""Working hours between many pairs of moments, and counting by local time, quickly."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from pst.office.calendar import Calendar

HOUR = 3600.0


class ServiceHours:
    """The service hours between two moments, added up day by day once.

    It measures the same as `Calendar.service_time`, by two look-ups instead of a walk
    over the days: a report needs tens of thousands. Moments are seconds since 1970.
    """

    def __init__(self, calendar: Calendar, begin: float, end: float) -> None:
        self._opens: list[float] = []
        self._lengths: list[float] = []
        self._before: list[float] = []
        total = 0.0
        day = datetime.fromtimestamp(begin, calendar.zone).date()
        last = datetime.fromtimestamp(end, calendar.zone).date()
        while day <= last:
            if calendar.serves_on(day):
                for opens, closes in calendar.hours_on(day):
                    start = datetime.combine(day, opens, calendar.zone).timestamp()
                    stop = datetime.combine(day, closes, calendar.zone).timestamp()
                    self._opens.append(start)
                    self._lengths.append(stop - start)
                    self._before.append(total)
                    total += stop - start
            day += timedelta(days=1)

    def between_all(
        self, begins: Iterable[float | None], ends: Iterable[float | None]
    ) -> Iterator[float]:
        """Return the working hours from each beginning to its end, if it has one."""
        until = self._until
        for begin, end in zip(begins, ends, strict=True):
            if end and begin:
                yield (until(end) - until(begin)) / HOUR

    def between(self, begin: float, end: float) -> float:
        """Return the working hours that passed from `begin` to `end`."""
        return (self._until(end) - self._until(begin)) / HOUR

    def _until(self, moment: float) -> float:
        place = bisect_right(self._opens, moment) - 1
        if place < 0:
            return 0.0
        since_opening, length = moment - self._opens[place], self._lengths[place]
        return self._before[place] + (
            since_opening if since_opening < length else length
        )


@dataclass(frozen=True)
class Spread:
    """How long something takes: how many were measured, the median and the 90 %."""

    count: int
    median: float | None
    p90: float | None

    @classmethod
    def of(cls, hours: Iterable[float]) -> "Spread":
        """Summarise; the 90th percentile is by nearest rank, a value that occurred."""
        values = sorted(hours)
        if not values:
            return cls(0, None, None)
        p90 = nearest(values, 90)
        return cls(len(values), round(median(values), 2), round(p90, 2))


def nearest(values: Sequence[float], percent: int) -> float:
    """Return the smallest value that at least `percent` % do not exceed."""
    rank = -(-len(values) * percent // 100)
    return values[max(rank, 1) - 1]


def local_hour(hour: int, zone: ZoneInfo) -> datetime:
    """Return when the `hour`-th hour since 1970 begins, in the office's zone."""
    return datetime.fromtimestamp(hour * HOUR, zone)
