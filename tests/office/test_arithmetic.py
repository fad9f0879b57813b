"""The working-day arithmetic against a slow reference that anybody can check."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from pst.office.workdays import Calendar

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
FIRST, LAST = date(2024, 1, 1), date(2030, 12, 31)
hours = st.times(time(6), time(21)).map(lambda t: t.replace(second=0, microsecond=0))


def spans(times: list[time]) -> list[tuple[time, time]]:
    ordered = sorted(times)
    return list(zip(ordered[::2], ordered[1::2], strict=False))


weekday = st.lists(hours, max_size=4, unique=True).map(spans)
week = st.lists(weekday, min_size=7, max_size=7).filter(any)
single = st.dates(FIRST, LAST).map(lambda day: [day])
leave = st.tuples(st.dates(FIRST, LAST), st.integers(2, 40)).map(
    lambda found: [found[0] + timedelta(days=n) for n in range(found[1])]
)
year_end = st.integers(2024, 2029).map(
    lambda year: [date(year, 12, 24) + timedelta(days=n) for n in range(14)]
)
days_off = st.lists(st.one_of(single, leave, year_end), max_size=8).map(
    lambda lists: {day: "libur" for each in lists for day in each}
)
calendars = st.builds(
    Calendar, week=week, days_off=days_off, zone=st.sampled_from(ZONES).map(ZoneInfo)
)
moments = st.datetimes(
    datetime(2024, 1, 1), datetime(2030, 6, 1), timezones=st.just(UTC)
)


def slow_due(calendar: Calendar, clear_at: datetime, count: int) -> datetime:
    """Walk through the days, one by one, with a finger on the calendar."""
    day = clear_at.astimezone(calendar.zone).date()
    left = count
    while left > 0:
        day = day + timedelta(days=1)
        if day in calendar.days_off:
            continue
        if len(calendar.week[day.weekday()]) == 0:
            continue
        left = left - 1
    closes = max(end for begin, end in calendar.week[day.weekday()])
    return datetime(
        *(day.year, day.month, day.day, closes.hour, closes.minute),
        tzinfo=calendar.zone,
    )


@settings(max_examples=10_000, deadline=None)
@given(calendar=calendars, clear_at=moments, count=st.integers(1, 30))
def test_due_is_what_a_finger_on_the_calendar_finds(calendar, clear_at, count):
    due_at = calendar.due_at(clear_at, count)

    assert due_at == slow_due(calendar, clear_at, count)


@settings(max_examples=2_000, deadline=None)
@given(calendar=calendars, day=st.dates(FIRST, LAST), count=st.integers(0, 30))
def test_counting_back_finds_the_days_that_were_added(calendar, day, count):
    end = calendar.add_workdays(day, count)

    assert calendar.workdays_between(day, end) == count
    assert count == 0 or calendar.is_workday(end)


@settings(max_examples=300, deadline=None)
@given(
    calendar=calendars,
    begin=st.datetimes(datetime(2026, 1, 1), datetime(2026, 3, 1)),
    minutes=st.integers(0, 6 * 24 * 60),
)
def test_service_time_is_the_open_minutes_one_by_one(calendar, begin, minutes):
    start = begin.replace(second=0, microsecond=0, tzinfo=calendar.zone)
    end = start + timedelta(minutes=minutes)

    open_minutes = sum(
        calendar.is_open(start + timedelta(minutes=n)) for n in range(minutes)
    )

    assert calendar.service_time(start, end) == timedelta(minutes=open_minutes)
