"""The days off of the office, and its periods with service hours of their own.

Days off are national holidays and collective leave (*cuti bersama*), seeded from the
`holidays` package, and what an admin adds or takes back.
"""

import importlib
import json
from datetime import date, time
from enum import StrEnum
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from flask import g
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.database import PlainSelect, db
from pst.office import audit, settings
from pst.office.calendar import Calendar, Week
from pst.office.hours_period import HoursPeriod
from pst.office.setting_values import Settings

ESTIMATED = "(perkiraan)"
Rows = tuple[tuple[Any, ...], ...]


class DayOffSource(StrEnum):
    """The authority that a day off comes from."""

    OFFICIAL = "official"
    ESTIMATED = "estimated"
    OFFICE = "office"


class DayOff(db.Model):
    """A date on which the office is closed, or, with `is_working`, open after all."""

    on: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    source: Mapped[DayOffSource]
    # A working day after all, says an admin; the row stays, or seeding would add it.
    is_working: Mapped[bool] = mapped_column(default=False)


DAYS_OFF = PlainSelect(sa.select(DayOff.on, DayOff.name).where(~DayOff.is_working))
PERIODS = sa.select(HoursPeriod).order_by(HoursPeriod.id)
PERIODS_AS_ROWS = PlainSelect(
    sa.select(
        HoursPeriod.first_on,
        HoursPeriod.last_on,
        sa.cast(HoursPeriod.hours, sa.Text).label("hours"),
        HoursPeriod.counts,
    ).order_by(HoursPeriod.id)
)


def calendar() -> Calendar:
    """Return the calendar of the office, read once a request or job.

    It is the same object as long as nothing in it has changed.
    """
    if "calendar" not in g:
        days_off, periods = DAYS_OFF.raw_rows(), PERIODS_AS_ROWS.raw_rows()
        g.calendar = _of(settings.current(), tuple(days_off), tuple(periods))
    return g.calendar


@lru_cache(maxsize=4)
def _of(office: Settings, days_off: Rows, periods: Rows) -> Calendar:
    """Make a calendar of raw rows."""
    rows = [PERIODS_AS_ROWS.row_of(each) for each in periods]
    return Calendar(
        office.week,
        {day.on: day.name for day in map(DAYS_OFF.row_of, days_off)},
        office.zone,
        [(p.first_on, p.last_on, _week(p.hours, office.week)) for p in rows],
        [(p.first_on, p.last_on) for p in rows if not p.counts],
    )


def _week(hours_text: str, usual: Week) -> Week:
    """Return the hours of the seven weekdays within a period that has its own."""
    hours: dict[str, list[list[str]]] = json.loads(hours_text)
    return [
        [(time.fromisoformat(a), time.fromisoformat(b)) for a, b in spans]
        if (spans := hours.get(str(day))) is not None
        else usual[day]
        for day in range(7)
    ]


def hours_periods() -> list[HoursPeriod]:
    """Return the periods with hours of their own, in the order they were entered."""
    return list(db.session.scalars(PERIODS))


def change_hours(
    name: str,
    first: date,
    last: date,
    hours: dict[str, Any],
    by_id: int,
    *,
    counts: bool = False,
) -> None:
    """Set other service hours from `first` to `last`, written as in `HoursPeriod`."""
    period = HoursPeriod(
        name=name, first_on=first, last_on=last, hours=hours, counts=counts
    )
    db.session.add(period)
    _changed("change_hours", first, by_id)


def drop_hours(period: HoursPeriod, by_id: int) -> None:
    """Remove `period`, so that the usual hours apply again."""
    db.session.delete(period)
    _changed("drop_hours", period.first_on, by_id)


def forget() -> None:
    """Forget the calendar of this request or job, so that it is read again."""
    g.pop("calendar", None)


def seed(year: int) -> int:
    """Add the holidays and collective leave of `year` that are not there yet.

    Days that an admin entered stay as they are; an estimated day that has become
    official is corrected. Return how many days were added.
    """
    rows = {row.on: row for row in db.session.scalars(_in_year(year))}
    names = importlib.import_module("holidays").country_holidays(
        "ID", years=year, categories=("public", "government"), language="id"
    )
    count = 0
    for on, name in names.items():
        source = DayOffSource.ESTIMATED if ESTIMATED in name else DayOffSource.OFFICIAL
        if on not in rows:
            db.session.add(DayOff(on=on, name=name, source=source, is_working=False))
            count += 1
        elif rows[on].source is DayOffSource.ESTIMATED:
            rows[on].name, rows[on].source = name, source
    for on, row in rows.items():
        if row.source is DayOffSource.ESTIMATED and on not in names:
            db.session.delete(row)
    db.session.flush()
    forget()
    return count


def seed_ahead() -> None:
    """Seed the days off of last year, this year and the next."""
    year = clock.today(settings.current().zone).year
    for each in (year - 1, year, year + 1):
        seed(each)


def estimated_years(first: int, last: int) -> set[int]:
    """Return the years with days off that are estimated, not yet decreed."""
    days = db.session.scalars(
        sa.select(DayOff.on).where(
            DayOff.source == DayOffSource.ESTIMATED,
            DayOff.on >= date(first, 1, 1),
            DayOff.on <= date(last, 12, 31),
        )
    )
    return {day.year for day in days}


def take_off(on: date, name: str, by_id: int) -> None:
    """Close the office on `on`; a day that is off already takes the new name."""
    row = db.session.get(DayOff, on) or DayOff(on=on)
    row.name, row.source, row.is_working = name, DayOffSource.OFFICE, False
    db.session.add(row)
    _changed("take_off", on, by_id)


def work_on(on: date, by_id: int) -> None:
    """Open the office on the day off `on` after all.

    A holiday stays in the list, marked, so that seeding does not bring it back.
    """
    row = db.session.get(DayOff, on)
    if row is None or row.is_working:
        return
    if row.source is DayOffSource.OFFICE:
        db.session.delete(row)
    else:
        row.is_working = True
    _changed("work_on", on, by_id)


def rest_again(on: date, by_id: int) -> None:
    """Close the office on a holiday that it was to be open on."""
    row = db.session.get(DayOff, on)
    if row is not None and row.is_working:
        row.is_working = False
        _changed("rest_again", on, by_id)


def confirm(year: int, by_id: int) -> None:
    """Record that the estimated days of `year` stand in the official decree."""
    for row in of_year(year):
        if row.source is DayOffSource.ESTIMATED:
            row.source = DayOffSource.OFFICIAL
            row.name = row.name.replace(ESTIMATED, "").strip()
    _changed("confirm_calendar", year, by_id)


def _changed(action: str, on: date | int, by_id: int) -> None:
    """Note in the trail what was done to a day or a year, `on`."""
    audit.record(action, f"calendar:{on}", by_id)
    db.session.flush()
    forget()


def _in_year(year: int) -> sa.Select[DayOff]:
    return (
        sa.select(DayOff)
        .where(DayOff.on >= date(year, 1, 1), DayOff.on <= date(year, 12, 31))
        .order_by(DayOff.on)
    )


def of_year(year: int) -> list[DayOff]:
    """Return the days off of `year`, in order."""
    return list(db.session.scalars(_in_year(year)))
