"""Which backups are kept: of days, of weeks and of months."""

from datetime import UTC, datetime, timedelta

from pst.admin.backups import backup


def test_seven_days_five_weeks_and_twelve_months_are_kept():
    first = datetime(2024, 10, 1, 18, tzinfo=UTC)
    nights = [first + timedelta(days=n) for n in range(452)]
    assert f"{nights[-1]:%A %Y-%m-%d}" == "Friday 2025-12-26"

    dropped = set(backup.surplus(nights))

    sundays = [night for night in nights if night.weekday() == 6][-4:]
    month_ends = [
        night
        for night in nights
        if night.year == 2025 and (night + timedelta(days=1)).day == 1
    ]
    wanted = {*nights[-7:], *sundays, *month_ends}
    assert set(nights) - dropped == wanted, "this week and month have their newest"


def test_of_one_day_the_newest_is_kept():
    morning = datetime(2025, 1, 1, 1, tzinfo=UTC)
    evening = morning + timedelta(hours=12)
    assert backup.surplus([evening, morning]) == [morning]


def test_a_week_over_the_turn_of_the_year_is_one_week():
    first = datetime(2025, 12, 22, 18, tzinfo=UTC)
    nights = [first + timedelta(days=n) for n in range(35)]
    assert f"{nights[-1]:%A %Y-%m-%d}" == "Sunday 2026-01-25"

    dropped = backup.surplus(nights)

    # The end of December, and five Sundays; the last seven days are there as well.
    kept = [night for night in nights[:-7] if night not in dropped]
    assert [f"{night:%d %m}" for night in kept] == [
        *("28 12", "31 12", "04 01", "11 01", "18 01"),
    ]
