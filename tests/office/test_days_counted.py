"""Working days by example: back and forth, over days off, on days that are extra."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from pst.office import days_off
from pst.office.calendar import Calendar
from pst.office.opening import opening

ZONE = ZoneInfo("Asia/Jakarta")
HOURS = [(time(8), time(12)), (time(13), time(15, 30))]
WEEK = [HOURS, HOURS, HOURS, HOURS, HOURS, [], []]
# Monday 2 to Sunday 8 March; Wednesday is off.
MON, TUE, WED, THU, FRI, SAT, SUN = (date(2026, 3, day) for day in range(2, 9))
SIX_DAYS = [HOURS] * 6 + [[]]


@pytest.fixture
def calendar() -> Calendar:
    return Calendar(WEEK, {WED: "Libur"}, ZONE)


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        (MON, MON, 0),
        (MON, TUE, 1),
        (MON, WED, 1),
        (MON, THU, 2),
        (FRI, SUN, 0),
        (THU, MON, -2),
        (TUE, MON, -1),
    ],
)
def test_the_days_between_two(calendar, first, last, count):
    assert calendar.workdays_between(first, last) == count


def test_the_next_working_day_is_the_day_itself_if_it_is_one(calendar):
    assert calendar.next_workday(TUE) == TUE
    assert calendar.next_workday(WED) == THU
    assert calendar.next_workday(SAT) == date(2026, 3, 9)
    assert calendar.add_workdays(TUE, 0) == TUE
    assert calendar.add_workdays(TUE, 1) == THU


def test_a_day_of_service_begins_with_its_first_hour_and_ends_with_its_last(calendar):
    assert calendar.start_of_service(TUE) == datetime(2026, 3, 3, 8, tzinfo=ZONE)
    assert calendar.end_of_service(TUE) == datetime(2026, 3, 3, 15, 30, tzinfo=ZONE)


def test_a_request_of_the_evening_counts_from_its_local_day(calendar):
    # Half past eleven in the evening of Monday; in UTC too it is Monday.
    late = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
    assert calendar.due_at(late, 1) == calendar.end_of_service(TUE)
    # Half past midnight on Tuesday, which in UTC is Monday still.
    past = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)
    assert calendar.due_at(past, 1) == calendar.end_of_service(THU)


def test_extra_days_open_the_office_and_move_no_deadline():
    extra = Calendar(WEEK, {}, ZONE, [(MON, SUN, SIX_DAYS)], [(MON, SUN)])
    assert extra.serves_on(SAT) and not extra.is_workday(SAT)
    assert extra.is_workday(FRI), "it is one in every week"
    assert extra.add_workdays(FRI, 1) == date(2026, 3, 9)
    assert extra.workdays_between(FRI, SUN) == 0
    assert extra.is_open(datetime(2026, 3, 7, 9, tzinfo=ZONE))

    to_saturday = Calendar(WEEK, {}, ZONE, [(MON, SUN, SIX_DAYS)], [(MON, SAT)])
    assert not to_saturday.is_workday(SAT), "the last day is in the period"
    from_saturday = Calendar(WEEK, {}, ZONE, [(MON, SUN, SIX_DAYS)], [(SAT, SUN)])
    assert not from_saturday.is_workday(SAT), "and so is the first"
    both = Calendar(WEEK, {}, ZONE, [(MON, SUN, SIX_DAYS)], [(MON, FRI)])
    assert both.is_workday(SAT)


def test_a_period_holds_from_its_first_to_its_last_day():
    short = [[(time(9), time(10))]] * 7
    calendar = Calendar(WEEK, {}, ZONE, [(TUE, THU, short)])
    ends = [calendar.end_of_service(day).hour for day in (MON, TUE, THU, FRI)]
    assert ends == [15, 10, 10, 15]


def test_the_working_days_of_a_year_by_month(calendar):
    months = calendar.workdays_by_month(2026)
    assert list(months) == list(range(1, 13))
    assert months[1][0] == date(2026, 1, 1) and months[12][-1] == date(2026, 12, 31)
    assert months[3][:3] == [MON, TUE, THU]
    assert sum(map(len, months.values())) == 261 - 1


def test_what_the_first_page_says_of_today(context, andi, at):
    at("2026-03-02 15:29+07:00")
    today = opening()
    assert today.is_open and today.day_off is None
    assert today.hours == [(time(8), time(15, 30))]
    assert today.next_workday == TUE

    at("2026-03-02 15:30+07:00")
    assert not opening().is_open
    days_off.take_off(MON, "Cuti kami", andi.id)
    assert (opening().hours, opening().day_off) == ([], "Cuti kami")
    at("2026-03-07 09:00+07:00")
    assert (opening().hours, opening().day_off) == ([], None)
    assert opening().next_workday == date(2026, 3, 9)
