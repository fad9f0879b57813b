"""The figures of all offices for one month, a line each, and which are missing or late.

An office is late when its figures came after the fifth of the next month, and missing
when they have not come by then.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from pst import clock
from pst.database import db
from pst.office import settings
from pst.province.contract import FIGURES
from pst.province.districts import District, DistrictMonth
from pst.reports.periods import Period
from pst.web.formats.formatting import number, percent

DUE_DAYS = 5
MONTHS_OFFERED = 24
NAME, STATE = "name", "state"
SORTS = (NAME, *FIGURES, STATE)
SHARES = ("turns_in_time", "first_in_time", "final_in_time")
DECIMALS = {"first_answer_hours": 1, "rating_mean": 1, "survey_index": 1}


class Arrival(StrEnum):
    """Whether the figures of an office are here; the worst stands first."""

    MISSING = "missing"
    LATE = "late"
    AWAITED = "awaited"
    CAME = "came"


@dataclass(frozen=True)
class ComparisonRow:
    """One office in one month."""

    district: District
    month: DistrictMonth | None
    arrival: Arrival

    def figure(self, key: str) -> float | None:
        return self.month.figures[key] if self.month else None

    @property
    def written(self) -> list[str]:
        """The figures as text, in their order."""
        return [_written(key, self.figure(key)) for key in FIGURES]

    @property
    def values(self) -> list[float | int | str]:
        """The figures as a spreadsheet takes them; empty for those not published."""
        figures = [self.figure(key) for key in FIGURES]
        return ["" if value is None else value for value in figures]

    def place(self, sort: str) -> Any:
        """Return by what it is sorted; None goes last either way."""
        if sort == NAME:
            return self.district.name.casefold()
        if sort == STATE:
            return list(Arrival).index(self.arrival)
        return self.figure(sort)


@dataclass
class SideBySide:
    """The lines of `period`, sorted by a column."""

    period: Period
    sort: str = NAME
    is_falling: bool = False

    @cached_property
    def lines(self) -> list[ComparisonRow]:
        condition = sa.and_(
            DistrictMonth.district_id == District.id,
            DistrictMonth.period == self.period.code,
        )
        query = sa.select(District, DistrictMonth).outerjoin(DistrictMonth, condition)
        rows = db.session.execute(query.order_by(District.name, District.id))
        lines = [
            ComparisonRow(row, month, self._arrival(row, month)) for row, month in rows
        ]
        present = [line for line in lines if line.place(self.sort) is not None]
        present.sort(key=lambda line: line.place(self.sort), reverse=self.is_falling)
        return present + [line for line in lines if line.place(self.sort) is None]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many offices are how far."""
        arrivals = [line.arrival for line in self.lines]
        return {each.value: arrivals.count(each) for each in Arrival}

    @cached_property
    def due_at(self) -> datetime:
        """Until when the figures of this month are in time."""
        day = self.period.last + timedelta(days=DUE_DAYS + 1)
        return datetime.combine(day, time(), settings.current().zone)

    def _arrival(self, district: District, month: DistrictMonth | None) -> Arrival:
        if month is None:
            is_due = clock.now() >= self.due_at
            return Arrival.MISSING if is_due else Arrival.AWAITED
        # An office that was listed later could not have been in time.
        was_listed = district.added_at < self.due_at
        is_late = was_listed and month.came_at >= self.due_at
        return Arrival.LATE if is_late else Arrival.CAME


def offered_months() -> list[Period]:
    """Return the months that can be looked at, the newest first."""
    period = Period.holding(clock.today(settings.current().zone), 1)
    months = []
    for _ in range(MONTHS_OFFERED):
        period = period.before
        months.append(period)
    return months


def _written(key: str, value: float | None) -> str:
    return percent(value) if key in SHARES else number(value, DECIMALS.get(key, 0))
