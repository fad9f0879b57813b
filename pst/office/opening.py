"""When the office is open: today, now, and next."""

from dataclasses import dataclass
from datetime import date, time

from pst import clock
from pst.office import days_off


@dataclass(frozen=True)
class Opening:
    """The service hours of today; `hours` is empty on a day without service."""

    is_open: bool
    hours: list[tuple[time, time]]
    day_off: str | None
    next_workday: date


def opening() -> Opening:
    calendar = days_off.calendar()
    today = clock.today(calendar.zone)
    return Opening(
        is_open=calendar.is_open(clock.now()),
        hours=calendar.hours_on(today) if calendar.serves_on(today) else [],
        day_off=calendar.days_off.get(today),
        next_workday=calendar.add_workdays(today, 1),
    )
