"""What the screen of days off reads: one year, and the years around it."""

from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa

from pst import clock
from pst.database import db
from pst.office import days_off, settings
from pst.office.days_off import DayOff


@dataclass
class Year:
    """The days off of one year, and how certain they are."""

    year: int

    @cached_property
    def days(self) -> list[DayOff]:
        return days_off.of_year(self.year)

    @cached_property
    def estimated(self) -> list[DayOff]:
        return [
            day for day in self.days if day.source is days_off.DayOffSource.ESTIMATED
        ]

    @cached_property
    def workday_count(self) -> int:
        months = days_off.calendar().workdays_by_month(self.year)
        return sum(map(len, months.values()))

    @property
    def missing(self) -> int | None:
        """Next year, in December, as long as its official days are not complete."""
        today = clock.today(settings.current().zone)
        if today.month != 12:
            return None
        state = dict(self.around)[today.year + 1]
        return None if state == "official" else today.year + 1

    @cached_property
    def around(self) -> list[tuple[int, str]]:
        """The years to choose from, each official, estimated or empty."""
        now = clock.today(settings.current().zone).year
        years = sorted({now - 1, now, now + 1, now + 2, self.year})
        official = set(
            db.session.scalars(sa.select(sa.extract("year", DayOff.on)).distinct())
        )
        states = dict.fromkeys(years, "empty") | dict.fromkeys(official, "official")
        states |= dict.fromkeys(
            days_off.estimated_years(years[0], years[-1]), "estimated"
        )
        return [(year, states[year]) for year in years]
