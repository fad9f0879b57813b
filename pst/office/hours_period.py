"""Periods with service hours of their own, as in Ramadan."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pst.database import db

FRIDAY = 4


class HoursPeriod(db.Model):
    """Days with service hours of their own, as in Ramadan; the last one included.

    `hours` holds spans such as ["08:00", "15:00"] by weekday; a weekday that is not
    named has its usual hours.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    first_on: Mapped[date]
    last_on: Mapped[date]
    hours: Mapped[dict[str, Any]]
    # Whether a weekday that is usually closed becomes a working day when this period
    # opens it; otherwise the office is open, and no deadline counts the day.
    counts: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (sa.CheckConstraint("first_on <= last_on", name="order"),)

    @property
    def own_hours(self) -> list[tuple[int, int, list[list[str]]]]:
        """The hours that differ: first and last weekday (Monday is 0), and spans."""
        span = (self.last_on - self.first_on).days
        days = {(self.first_on.weekday() + n) % 7 for n in range(min(span, 6) + 1)}
        groups: list[tuple[int, int, list[list[str]]]] = []
        for day in sorted(day for day in days if str(day) in self.hours):
            spans = self.hours[str(day)]
            if groups and groups[-1][1:] == (day - 1, spans):
                groups[-1] = (groups[-1][0], day, spans)
            else:
                groups.append((day, day, spans))
        return groups

    @property
    def opens_extra(self) -> bool:
        """Return whether the period has hours for a Saturday or a Sunday."""
        return any(last > FRIDAY for _, last, _ in self.own_hours)
