"""Which days a period holds, and what it is called."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pst.reports.periods import (
    BadPeriod,
    Period,
    is_over,
    last_twelve_months,
    periods_since,
)


@pytest.mark.parametrize(
    ("code", "first", "last", "text", "before"),
    [
        ("2026-10", (10, 1), (10, 31), "Oktober 2026", "2026-09"),
        ("2026-02", (2, 1), (2, 28), "Februari 2026", "2026-01"),
        ("2026-T1", (1, 1), (3, 31), "Triwulan I 2026", "2025-T4"),
        ("2026-T4", (10, 1), (12, 31), "Triwulan IV 2026", "2026-T3"),
        ("2026-S2", (7, 1), (12, 31), "Semester II 2026", "2026-S1"),
        ("2026", (1, 1), (12, 31), "Tahun 2026", "2025"),
    ],
)
def test_a_code_names_a_calendar_period(code, first, last, text, before):
    period = Period.parse(code)

    assert (period.first, period.last) == (date(2026, *first), date(2026, *last))
    assert period.text == text
    assert period.code == code
    assert period.before.code == before


@pytest.mark.parametrize(
    "code", ["", "2026-13", "2026-00", "2026-T5", "2026-S0", "26-01", "1999", "rentang"]
)
def test_a_code_that_names_nothing_is_refused(code):
    with pytest.raises(BadPeriod):
        Period.parse(code)


def test_a_span_is_compared_with_as_many_days_before_it():
    span = Period.span(date(2026, 3, 10), date(2026, 3, 16))

    assert span.text == "10 Maret 2026–16 Maret 2026"
    assert span.code == ""
    assert span.before == Period(date(2026, 3, 3), date(2026, 3, 9))


def test_a_span_of_a_whole_month_is_that_month():
    assert Period.span(date(2026, 3, 1), date(2026, 3, 31)).text == "Maret 2026"


def test_a_span_of_several_whole_months_is_named_by_them():
    span = Period.span(date(2025, 11, 1), date(2026, 3, 31))

    assert span.text == "November 2025–Maret 2026"


def test_a_span_needs_its_days_in_order():
    with pytest.raises(BadPeriod):
        Period.span(date(2026, 3, 2), date(2026, 3, 1))


def test_a_period_begins_at_midnight_of_the_office():
    begin, end = Period.parse("2026-03").bounds(ZoneInfo("Asia/Jakarta"))

    assert begin == datetime(2026, 2, 28, 17, tzinfo=UTC)
    assert end == datetime(2026, 3, 31, 17, tzinfo=UTC)


def test_the_last_twelve_months_are_whole_ones():
    period = last_twelve_months(date(2026, 3, 15))

    assert (period.first, period.last) == (date(2025, 3, 1), date(2026, 2, 28))


def test_periods_are_offered_back_to_the_first_consultation():
    kinds = dict(periods_since(date(2026, 3, 15), since=date(2026, 2, 20)))

    assert [p.code for p in kinds["Bulan"]] == ["2026-03", "2026-02"]
    assert [p.code for p in kinds["Tahun"]] == ["2026"]


def test_a_month_is_over_at_midnight_of_the_office(context):
    march = Period.parse("2026-03")
    midnight = datetime(2026, 3, 31, 17, tzinfo=UTC)

    assert not is_over(march, midnight - timedelta(seconds=1))
    assert is_over(march, midnight)


def test_a_span_is_three_years_at_most_of_this_century():
    begin = date(2025, 1, 1)
    assert Period.span(begin, begin + timedelta(days=1098)).first == begin
    for first, last in (
        (begin, begin + timedelta(days=1099)),
        (date(1999, 12, 31), date(2000, 1, 5)),
        (date(2100, 12, 30), date(2101, 1, 1)),
    ):
        with pytest.raises(BadPeriod):
            Period.span(first, last)
    assert Period.span(date(2000, 1, 1), date(2000, 1, 1)).months == 0
    assert Period.span(date(2100, 12, 31), date(2100, 12, 31)).months == 0


def test_of_an_old_service_so_many_periods_are_offered():
    kinds = periods_since(date(2026, 3, 15), since=date(2010, 1, 1))
    assert {name: len(periods) for name, periods in kinds} == {
        "Bulan": 18,
        "Triwulan": 8,
        "Semester": 4,
        "Tahun": 5,
    }
