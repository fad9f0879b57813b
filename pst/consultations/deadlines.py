"""The three-working-day rule: when an answer is due, and whether it is late.

Service standard, "Waktu penyelesaian": within 3 working days after the request is
clear.
"""

from datetime import datetime, timedelta

from pst import clock
from pst.office import days_off, settings


def due_at(clear_at: datetime) -> datetime:
    """Return when a request that is clear at `clear_at` is due."""
    return days_off.calendar().due_at(clear_at, settings.current().service_workdays)


def is_overdue(due: datetime | None) -> bool:
    """Return whether the deadline is past; without one nothing is late."""
    return due is not None and clock.now() > due


def warning_horizon() -> datetime:
    """Return until when deadlines are near: the end of the next working day."""
    calendar = days_off.calendar()
    today = clock.today(calendar.zone)
    return calendar.end_of_service(calendar.add_workdays(today, 1)) + timedelta(
        seconds=1
    )
