"""The working-day arithmetic against a slow reference that anyone can check.

Ten thousand random cases: five hundred calendars, each asked twenty times. Drawn by
`random` from a seed that the failure shows; Hypothesis takes minutes for as many.
"""

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from pst.office.calendar import Calendar, Week

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
FIRST, LAST = date(2024, 1, 1), date(2030, 12, 31)
CALENDARS, QUESTIONS = 500, 20
seeds = pytest.mark.parametrize("seed", range(0, CALENDARS, 50))


def calendars(seed: int) -> list[tuple[random.Random, Calendar]]:
    """Draw fifty calendars, with the dice to go on with."""
    pairs = []
    for n in range(seed, seed + 50):
        dice = random.Random(n)
        pairs.append((dice, a_calendar(dice)))
    return pairs


def a_calendar(dice: random.Random) -> Calendar:
    zone = ZoneInfo(dice.choice(ZONES))
    off = {day: "libur" for _ in range(dice.randint(0, 8)) for day in days_off(dice)}
    return Calendar(a_week(dice), off, zone, periods(dice))


def a_week(dice: random.Random) -> Week:
    """Hours for each weekday, split or not at all; at least one day is served."""
    while True:
        week = [hours(dice) for _ in range(7)]
        if any(week):
            return week


def hours(dice: random.Random) -> list[tuple[time, time]]:
    minutes = sorted(dice.sample(range(6 * 60, 21 * 60), 2 * dice.randint(0, 2)))
    times = [time(minute // 60, minute % 60) for minute in minutes]
    return list(zip(times[::2], times[1::2], strict=True))


def a_day(dice: random.Random) -> date:
    return FIRST + timedelta(days=dice.randint(0, (LAST - FIRST).days))


def days_off(dice: random.Random) -> list[date]:
    """A single day, a long leave, or the turn of a year."""
    kind = dice.choice(("single", "leave", "year end"))
    if kind == "single":
        return [a_day(dice)]
    if kind == "leave":
        first, length = a_day(dice), dice.randint(2, 40)
    else:
        first, length = date(dice.randint(2024, 2029), 12, 24), 14
    return [first + timedelta(days=n) for n in range(length)]


def periods(dice: random.Random) -> list[tuple[date, date, Week]]:
    """Weeks with hours of their own, as in Ramadan; they may overlap."""
    weeks = []
    for _ in range(dice.choice((0, 0, 1, 2))):
        first = a_day(dice)
        last = first + timedelta(days=dice.randint(0, 45))
        weeks.append((first, last, a_week(dice)))
    return weeks


def a_moment(dice: random.Random) -> datetime:
    minutes = dice.randint(0, 6 * 365 * 24 * 60)
    return datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)


def slow_hours(calendar: Calendar, day: date) -> list[tuple[time, time]]:
    """Look up when the office serves on `day`, the last word first."""
    if day in calendar.days_off:
        return []
    hours = calendar.week[day.weekday()]
    for first, last, week in calendar.periods:
        if first <= day and day <= last:
            hours = week[day.weekday()]
    return hours


def slow_is_open(calendar: Calendar, moment: datetime) -> bool:
    hours = slow_hours(calendar, moment.date())
    return any(begin <= moment.time() and moment.time() < end for begin, end in hours)


def slow_due(calendar: Calendar, clear_at: datetime, count: int) -> datetime:
    """Walk through the days, one by one, with a finger on the calendar."""
    day = clear_at.astimezone(calendar.zone).date()
    days = count
    while days > 0:
        day = day + timedelta(days=1)
        if slow_hours(calendar, day):
            days = days - 1
    closes = max(end for begin, end in slow_hours(calendar, day))
    return datetime(
        *(day.year, day.month, day.day, closes.hour, closes.minute),
        tzinfo=calendar.zone,
    )


@seeds
def test_due_is_what_a_finger_on_the_calendar_finds(seed):
    for dice, calendar in calendars(seed):
        for _ in range(QUESTIONS):
            clear_at, count = a_moment(dice), dice.randint(1, 30)
            due_at = calendar.due_at(clear_at, count)
            assert due_at == slow_due(calendar, clear_at, count), (clear_at, count)


@seeds
def test_counting_back_finds_the_days_that_were_added(seed):
    for dice, calendar in calendars(seed):
        for _ in range(QUESTIONS):
            day, count = a_day(dice), dice.randint(0, 30)
            end = calendar.add_workdays(day, count)
            assert calendar.workdays_between(day, end) == count, (day, count)
            assert count == 0 or calendar.is_workday(end)


@seeds
def test_working_days_are_counted_as_one_by_one(seed):
    for dice, calendar in calendars(seed):
        for _ in range(QUESTIONS):
            day, length = a_day(dice), dice.randint(0, 400)
            days = [day + timedelta(days=n) for n in range(1, length + 1)]
            count = sum(calendar.is_workday(each) for each in days)
            end = day + timedelta(days=length)
            assert calendar.workdays_between(day, end) == count, (day, length)
            assert calendar.workdays_between(end, day) == -count


@seeds
def test_service_time_is_the_open_minutes_one_by_one(seed):
    for dice, calendar in calendars(seed)[:10]:
        start = a_moment(dice).astimezone(calendar.zone)
        minutes = dice.randint(0, 4 * 24 * 60)
        end = start + timedelta(minutes=minutes)
        open_minutes = sum(
            slow_is_open(calendar, start + timedelta(minutes=n)) for n in range(minutes)
        )
        assert calendar.service_time(start, end) == timedelta(minutes=open_minutes)


@seeds
def test_what_is_left_of_the_hours_ends_at_the_first_moment_they_are_over(seed):
    for dice, calendar in calendars(seed):
        for _ in range(QUESTIONS // 4):
            start = a_moment(dice)
            span = timedelta(minutes=dice.choice((0, 30, 60, dice.randint(1, 2_000))))
            end = calendar.after_service(start, span)
            assert calendar.service_time(start, end) == span, (start, span)
            a_minute_less = calendar.service_time(start, end - timedelta(minutes=1))
            assert a_minute_less < span or end == start, (start, span)
