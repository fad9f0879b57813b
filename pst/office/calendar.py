"""Arithmetic on working days and service hours: what counts, and when work is due.

A working day is a weekday with service hours that is not a day off. Nothing here reads
the database; `days_off.calendar` does.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Week = list[list[tuple[time, time]]]


@dataclass(frozen=True, eq=False)
class Calendar:
    """The working days and service hours of an office."""

    week: Week
    days_off: dict[date, str]
    zone: ZoneInfo
    # First day, last day, and the hours between them; of two the later one counts.
    periods: list[tuple[date, date, Week]] = field(default_factory=list)
    # First and last day of periods whose extra opening days are no working days.
    uncounted: list[tuple[date, date]] = field(default_factory=list)

    def hours_on(self, day: date) -> list[tuple[time, time]]:
        """Return the opening hours of `day`, as if it were not a day off."""
        for first, last, week in reversed(self.periods):
            if first <= day <= last:
                return week[day.weekday()]
        return self.week[day.weekday()]

    def serves_on(self, day: date) -> bool:
        """Return whether the office is open on `day`, working day or not."""
        return bool(self.hours_on(day)) and day not in self.days_off

    def is_workday(self, day: date) -> bool:
        """Return whether deadlines count `day`."""
        if not self.serves_on(day):
            return False
        is_extra = not self.week[day.weekday()]
        return not (is_extra and any(a <= day <= b for a, b in self.uncounted))

    def add_workdays(self, day: date, count: int) -> date:
        """Return the `count`-th working day strictly after `day`."""
        while count:
            day += timedelta(days=1)
            count -= self.is_workday(day)
        return day

    def next_workday(self, day: date) -> date:
        """Return the first working day on or after `day`."""
        return day if self.is_workday(day) else self.add_workdays(day, 1)

    def workdays_between(self, first: date, last: date) -> int:
        """Return how many working days lie after `first`, up to and including `last`.

        Negative when `last` is before `first`.
        """
        if last < first:
            return -self.workdays_between(last, first)
        weeks, rest = divmod((last - first).days, 7)
        is_usual = [bool(hours) for hours in self.week]
        odd_days = ((first.weekday() + n) % 7 for n in range(1, rest + 1))
        count = weeks * sum(is_usual) + sum(is_usual[each] for each in odd_days)
        special = self._special_days(first + timedelta(days=1), last)
        return count + sum(
            self.is_workday(day) - is_usual[day.weekday()] for day in special
        )

    def _special_days(self, first: date, last: date) -> set[date]:
        """Return the days between two that may differ from others of their weekday."""
        days = {day for day in self.days_off if first <= day <= last}
        for begin, end, _ in self.periods:
            begin, end = max(begin, first), min(end, last)
            days |= {begin + timedelta(days=n) for n in range((end - begin).days + 1)}
        return days

    def end_of_service(self, day: date) -> datetime:
        """Return when service ends on the working day `day`."""
        return datetime.combine(day, self.hours_on(day)[-1][1], self.zone)

    def start_of_service(self, day: date) -> datetime:
        """Return when service begins on the working day `day`."""
        return datetime.combine(day, self.hours_on(day)[0][0], self.zone)

    def due_at(self, clear_at: datetime, workdays: int) -> datetime:
        """Return when a request that became clear at `clear_at` is due.

        The end of service hours on the `workdays`-th working day strictly after the
        local day it became clear (service standard, "Waktu penyelesaian").
        """
        day = clear_at.astimezone(self.zone).date()
        return self.end_of_service(self.add_workdays(day, workdays))

    def is_open(self, moment: datetime) -> bool:
        """Return whether the office is open at `moment`."""
        local = moment.astimezone(self.zone)
        return self.serves_on(local.date()) and any(
            begin <= local.time() < end for begin, end in self.hours_on(local.date())
        )

    def service_time(self, begin: datetime, end: datetime) -> timedelta:
        """Return how much of the opening hours passed between two moments."""
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

    def after_service(self, begin: datetime, span: timedelta) -> datetime:
        """Return when `span` of opening hours will have passed since `begin`."""
        day = begin.astimezone(self.zone).date()
        while span > timedelta(0):
            for opens, closes in self.hours_on(day) if self.serves_on(day) else ():
                a = max(begin, datetime.combine(day, opens, self.zone))
                b = datetime.combine(day, closes, self.zone)
                if span <= b - a:
                    return a + span
                span -= max(b - a, timedelta(0))
            day += timedelta(days=1)
        return begin

    def workdays_by_month(self, year: int) -> dict[int, list[date]]:
        """Return the working days of `year` by the number of their month."""
        months: dict[int, list[date]] = {month: [] for month in range(1, 13)}
        day = date(year, 1, 1)
        while day.year == year:
            if self.is_workday(day):
                months[day.month].append(day)
            day += timedelta(days=1)
        return months
