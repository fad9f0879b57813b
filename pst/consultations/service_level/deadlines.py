"""The three-working-day rule: when an answer is due, and until when it is near.

Service standard, "Waktu penyelesaian": within 3 working days after the request is
clear.
"""

from datetime import datetime, timedelta

from pst import clock
from pst.office import days_off, settings


def due_at(clear_at: datetime) -> datetime:
    """Return when a request that is clear at `clear_at` is due."""
    return days_off.calendar().due_at(clear_at, settings.current().service_workdays)


def put_off(due: datetime, stopped_at: datetime, resumed_at: datetime) -> datetime:
    """Return the deadline of a clock that stood from `stopped_at` to `resumed_at`.

    What was left of the service hours is left again, no minute more.
    """
    calendar = days_off.calendar()
    time_left = calendar.service_time(stopped_at, due)
    return max(calendar.after_service(resumed_at, time_left), due)


def warning_horizon() -> datetime:
    """Return until when deadlines are near: the end of the next working day."""
    calendar = days_off.calendar()
    today = clock.today(calendar.zone)
    return calendar.end_of_service(calendar.add_workdays(today, 1)) + timedelta(
        seconds=1
    )
