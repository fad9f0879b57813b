"""Periods that are reported on: months, quarters, semesters, years, any span."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any, Self
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from pst.office import settings
from pst.web.formats.formatting import MONTHS, day

ROMAN = ("I", "II", "III", "IV")
CODE = re.compile(r"(?P<year>\d{4})(-(?P<part>[TS]?\d{1,2}))?", re.ASCII)
# By months: the letter of the code, the word on screen.
PARTS = {1: ("", ""), 3: ("T", "Triwulan"), 6: ("S", "Semester"), 12: ("", "Tahun")}
DAY = timedelta(days=1)
MAX_LENGTH = timedelta(days=3 * 366)


class BadPeriod(ValueError):
    """Dates or a code that name no period."""


@dataclass(frozen=True, order=True)
class Period:
    """The local days from `first` to `last`, both included."""

    first: date
    last: date

    @classmethod
    def of(cls, year: int, start: int, months: int) -> Self:
        """Return the period of `months` months that starts in the month `start`."""
        return cls(date(year, start, 1), _plus(date(year, start, 1), months) - DAY)

    @classmethod
    def holding(cls, on: date, months: int) -> Self:
        """Return the month, quarter, semester or year in which the day `on` lies."""
        return cls.of(on.year, (on.month - 1) // months * months + 1, months)

    @classmethod
    def span(cls, first: date, last: date) -> Self:
        """Return the period between two days. Raise `BadPeriod` if there is none."""
        if not date(2000, 1, 1) <= first <= last <= date(2100, 12, 31):
            raise BadPeriod("Tanggal awal harus sebelum tanggal akhir.")
        if last - first > MAX_LENGTH:
            raise BadPeriod("Periode paling panjang tiga tahun.")
        return cls(first, last)

    @classmethod
    def parse(cls, code: str) -> Self:
        """Read `2026`, `2026-S1`, `2026-T3` or `2026-10`. Raise `BadPeriod`."""
        match = CODE.fullmatch(code)
        if match and 2000 <= int(match["year"]) <= 2100:
            year, part = int(match["year"]), match["part"] or ""
            months = {"T": 3, "S": 6}.get(part[:1], 1 if part else 12)
            count = int(part.lstrip("TS") or 1)
            if 1 <= count <= 12 // months:
                return cls.of(year, (count - 1) * months + 1, months)
        raise BadPeriod("Periode tidak dikenal.")

    @cached_property
    def months(self) -> int:
        """The number of months of a calendar period; 0 for any other span."""
        return next((m for m in PARTS if self == self.holding(self.first, m)), 0)

    @property
    def code(self) -> str:
        """The period as in an address, the inverse of `parse`; empty for a span."""
        if self.months in (0, 12):
            return str(self.first.year) if self.months else ""
        letter = PARTS[self.months][0]
        count = (self.first.month - 1) // self.months + 1
        return f"{self.first.year}-{letter}{count:0{1 if letter else 2}d}"

    @property
    def text(self) -> str:
        """The period in words: `Oktober 2026`, `1 Mei 2026–9 Juni 2026`."""
        year = self.first.year
        if self.months == 1:
            return f"{MONTHS[self.first.month - 1]} {year}"
        if self.months == 12:
            return f"Tahun {year}"
        if self.months:
            count = ROMAN[(self.first.month - 1) // self.months]
            return f"{PARTS[self.months][1]} {count} {year}"
        if self.first == self.last:
            return day(self.first)
        first, last = (Period.holding(on, 1) for on in (self.first, self.last))
        if (self.first, self.last) == (first.first, last.last):
            return f"{first.text}–{last.text}"
        return f"{day(self.first)}–{day(self.last)}"

    @property
    def before(self) -> "Period":
        """The period this one is compared with: as long, and right before it."""
        if self.months:
            first = _plus(self.first, -self.months)
        else:
            first = self.first - (self.last - self.first) - DAY
        return Period(first, self.first - DAY)

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return the moments at which it begins and ends; the end is not part of it."""
        begin = datetime.combine(self.first, time(), zone)
        end = datetime.combine(self.last + DAY, time(), zone)
        return begin.astimezone(UTC), end.astimezone(UTC)


def is_over(period: Period, at: datetime) -> bool:
    """Return whether the last day of `period` was over `at`, in the office's zone."""
    return at >= period.bounds(settings.current().zone)[1]


def within(period: Period, moment: Any) -> sa.ColumnElement[bool]:
    """Return the condition that `moment` lies in `period`, in the office's zone."""
    begin, end = period.bounds(settings.current().zone)
    return sa.and_(moment >= begin, moment < end)


def periods_since(today: date, since: date) -> list[tuple[str, list[Period]]]:
    """List the periods to choose from, latest first: (kind, periods)."""
    kinds = (("Bulan", 1, 18), ("Triwulan", 3, 8), ("Semester", 6, 4), ("Tahun", 12, 5))
    return [(name, list(_back(today, since, m, most))) for name, m, most in kinds]


def _back(today: date, since: date, months: int, most: int) -> list[Period]:
    periods = [Period.holding(today, months)]
    while len(periods) < most and periods[-1].first > since:
        periods.append(periods[-1].before)
    return periods


def last_twelve_months(today: date) -> Period:
    """Return the twelve whole months before the one that holds `today`."""
    end = today.replace(day=1)
    return Period(_plus(end, -12), end - DAY)


def _plus(first: date, months: int) -> date:
    count = first.year * 12 + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
