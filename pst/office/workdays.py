"""The working-day calendar: which days count, and when a deadline falls.

Working days are the weekdays with service hours, less the days off: national holidays
and collective leave (*cuti bersama*), seeded from the `holidays` package and edited by
an admin.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import g
from holidays import country_holidays
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.database import db
from pst.office import audit, settings

ESTIMATED = "(perkiraan)"
FRIDAY = 4
Week = list[list[tuple[time, time]]]


class Source(StrEnum):
    """Who says that a day is off."""

    OFFICIAL = "official"
    ESTIMATED = "estimated"
    OFFICE = "office"


class DayOff(db.Model):
    """A date on which the office does not serve, or, `is_working`, serves after all."""

    on: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    source: Mapped[Source]
    # An admin's word that this date counts as a working day after all; kept as a row
    # so that seeding does not bring the day off back.
    is_working: Mapped[bool] = mapped_column(default=False)


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
    # Whether a weekday that is usually closed is a working day when it is opened here;
    # otherwise somebody serves, and no deadline counts it.
    counts: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (sa.CheckConstraint("first_on <= last_on", name="order"),)

    def week(self, usual: Week) -> Week:
        """The hours of the seven weekdays within this period."""
        return [
            [(time.fromisoformat(a), time.fromisoformat(b)) for a, b in spans]
            if (spans := self.hours.get(str(day))) is not None
            else usual[day]
            for day in range(7)
        ]

    @property
    def told(self) -> list[tuple[int, int, list[list[str]]]]:
        """The hours of its own: from which weekday, to which, and these."""
        span = (self.last_on - self.first_on).days
        days = {(self.first_on.weekday() + n) % 7 for n in range(min(span, 6) + 1)}
        found: list[tuple[int, int, list[list[str]]]] = []
        for day in sorted(day for day in days if str(day) in self.hours):
            spans = self.hours[str(day)]
            if found and found[-1][1:] == (day - 1, spans):
                found[-1] = (found[-1][0], day, spans)
            else:
                found.append((day, day, spans))
        return found

    @property
    def opens_extra(self) -> bool:
        """Say whether it tells hours of a Saturday or a Sunday."""
        return any(last > FRIDAY for _, last, _ in self.told)


@dataclass(frozen=True)
class Calendar:
    """Working days and service hours as they stand; pure arithmetic on them."""

    week: Week
    days_off: dict[date, str]
    zone: ZoneInfo
    # First day, last day, and the hours between them; of two the later one counts.
    periods: list[tuple[date, date, Week]] = field(default_factory=list)
    # First and last day of periods whose extra opening days are no working days.
    uncounted: list[tuple[date, date]] = field(default_factory=list)

    def hours_on(self, day: date) -> list[tuple[time, time]]:
        """Tell when service is open on `day`, were it no day off."""
        for first, last, week in reversed(self.periods):
            if first <= day <= last:
                return week[day.weekday()]
        return self.week[day.weekday()]

    def serves_on(self, day: date) -> bool:
        """Say whether anybody serves on `day`; it need not be a working day."""
        return bool(self.hours_on(day)) and day not in self.days_off

    def is_workday(self, day: date) -> bool:
        if not self.serves_on(day):
            return False
        is_extra = not self.week[day.weekday()]
        return not (is_extra and any(a <= day <= b for a, b in self.uncounted))

    def add_workdays(self, day: date, count: int) -> date:
        """Find the `count`-th working day strictly after `day`."""
        while count:
            day += timedelta(days=1)
            count -= self.is_workday(day)
        return day

    def next_workday(self, day: date) -> date:
        """Find the first working day on or after `day`."""
        return day if self.is_workday(day) else self.add_workdays(day, 1)

    def workdays_between(self, first: date, last: date) -> int:
        """Count the working days after `first` up to and including `last`."""
        if last < first:
            return -self.workdays_between(last, first)
        days = (last - first).days
        return sum(self.is_workday(first + timedelta(days=n + 1)) for n in range(days))

    def end_of_service(self, day: date) -> datetime:
        """Tell when service ends on the working day `day`."""
        return datetime.combine(day, self.hours_on(day)[-1][1], self.zone)

    def start_of_service(self, day: date) -> datetime:
        """Tell when service begins on the working day `day`."""
        return datetime.combine(day, self.hours_on(day)[0][0], self.zone)

    def due_at(self, clear_at: datetime, workdays: int) -> datetime:
        """Tell when a request clear at `clear_at` is due.

        The end of service hours on the `workdays`-th working day strictly after the
        local day it became clear (service standard, "Waktu penyelesaian").
        """
        day = clear_at.astimezone(self.zone).date()
        return self.end_of_service(self.add_workdays(day, workdays))

    def is_open(self, moment: datetime) -> bool:
        """Say whether somebody serves at `moment`."""
        local = moment.astimezone(self.zone)
        return self.serves_on(local.date()) and any(
            begin <= local.time() < end for begin, end in self.hours_on(local.date())
        )

    def service_time(self, begin: datetime, end: datetime) -> timedelta:
        """Measure the service hours that passed between two moments."""
        total = timedelta(0)
        first, last = begin.astimezone(self.zone), end.astimezone(self.zone)
        day = first.date()
        while day <= last.date():
            if self.serves_on(day):
                for opens, closes in self.hours_on(day):
                    a = max(first, datetime.combine(day, opens, self.zone))
                    b = min(last, datetime.combine(day, closes, self.zone))
                    total += max(b - a, timedelta(0))
            day += timedelta(days=1)
        return total


def calendar() -> Calendar:
    """Tell the calendar, read once a request or job."""
    if "calendar" not in g:
        rows = db.session.execute(
            sa.select(DayOff.on, DayOff.name).where(~DayOff.is_working)
        )
        now, periods = settings.current(), hours_periods()
        g.calendar = Calendar(
            now.week,
            {on: name for on, name in rows},
            now.zone,
            [(p.first_on, p.last_on, p.week(now.week)) for p in periods],
            [(p.first_on, p.last_on) for p in periods if not p.counts],
        )
    return g.calendar


def hours_periods() -> list[HoursPeriod]:
    """List the periods with hours of their own, as they were entered."""
    return list(db.session.scalars(sa.select(HoursPeriod).order_by(HoursPeriod.id)))


def change_hours(
    name: str,
    first: date,
    last: date,
    hours: dict[str, Any],
    by_id: int,
    *,
    counts: bool = False,
) -> None:
    """Have other service hours from `first` to `last`, as `HoursPeriod` writes them."""
    period = HoursPeriod(
        name=name, first_on=first, last_on=last, hours=hours, counts=counts
    )
    db.session.add(period)
    _changed("change_hours", first, by_id)


def drop_hours(period: HoursPeriod, by_id: int) -> None:
    """Have the usual hours again."""
    db.session.delete(period)
    _changed("drop_hours", period.first_on, by_id)


def forget() -> None:
    """Have the calendar read anew, after it was changed."""
    g.pop("calendar", None)


def seed(year: int) -> int:
    """Add the holidays and collective leave of `year` that are not there yet.

    Days that an admin entered stay as they are; an estimated day that has become
    official is corrected. Returns how many days were added.
    """
    known = {row.on: row for row in db.session.scalars(_of_year(year))}
    named = country_holidays(
        "ID", years=year, categories=("public", "government"), language="id"
    )
    added = 0
    for on, name in named.items():
        source = Source.ESTIMATED if ESTIMATED in name else Source.OFFICIAL
        if on not in known:
            db.session.add(DayOff(on=on, name=name, source=source, is_working=False))
            added += 1
        elif known[on].source is Source.ESTIMATED:
            known[on].name, known[on].source = name, source
    for on, row in known.items():
        if row.source is Source.ESTIMATED and on not in named:
            db.session.delete(row)
    db.session.flush()
    forget()
    return added


def seed_ahead() -> None:
    """Have the days off of this year, the last and the next."""
    year = clock.today(settings.current().zone).year
    for each in (year - 1, year, year + 1):
        seed(each)


def estimated_years(first: int, last: int) -> set[int]:
    """Tell in which years some days are expected, not yet decreed."""
    on = db.session.scalars(
        sa.select(DayOff.on).where(
            DayOff.source == Source.ESTIMATED,
            DayOff.on >= date(first, 1, 1),
            DayOff.on <= date(last, 12, 31),
        )
    )
    return {day.year for day in on}


def take_off(on: date, name: str, by_id: int) -> None:
    """Have the office closed on `on`; a day that is off already takes the name."""
    row = db.session.get(DayOff, on) or DayOff(on=on)
    row.name, row.source, row.is_working = name, Source.OFFICE, False
    db.session.add(row)
    _changed("take_off", on, by_id)


def work_on(on: date, by_id: int) -> None:
    """Have the office serve on `on` after all.

    A holiday stays in the list, marked, so that seeding does not bring it back.
    """
    row = db.session.get(DayOff, on)
    if row is None or row.is_working:
        return
    if row.source is Source.OFFICE:
        db.session.delete(row)
    else:
        row.is_working = True
    _changed("work_on", on, by_id)


def rest_again(on: date, by_id: int) -> None:
    """Take back that the office serves on a holiday."""
    row = db.session.get(DayOff, on)
    if row is not None and row.is_working:
        row.is_working = False
        _changed("rest_again", on, by_id)


def confirm(year: int, by_id: int) -> None:
    """Note that the expected days of `year` stand in the official decree."""
    for row in days_off(year):
        if row.source is Source.ESTIMATED:
            row.source = Source.OFFICIAL
            row.name = row.name.replace(ESTIMATED, "").strip()
    audit.record("confirm_calendar", f"calendar:{year}", by_id)
    db.session.flush()
    forget()


def _changed(action: str, on: date, by_id: int) -> None:
    audit.record(action, f"calendar:{on.isoformat()}", by_id)
    db.session.flush()
    forget()


def _of_year(year: int) -> sa.Select[DayOff]:
    return (
        sa.select(DayOff)
        .where(DayOff.on >= date(year, 1, 1), DayOff.on <= date(year, 12, 31))
        .order_by(DayOff.on)
    )


def days_off(year: int) -> list[DayOff]:
    """List the days off of `year`, in order."""
    return list(db.session.scalars(_of_year(year)))


def by_month(table: Calendar, year: int) -> list[tuple[int, list[date]]]:
    """List the working days of each month of `year`."""
    first = date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range(366)]
    return [
        (
            month,
            [
                d
                for d in days
                if (d.year, d.month) == (year, month) and table.is_workday(d)
            ],
        )
        for month in range(1, 13)
    ]
