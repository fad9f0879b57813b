"""Jinja filters: local time, dates, working days left, numbers, sizes."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from flask import Flask

from pst import clock
from pst.office import days_off, settings, setup
from pst.web.formats import written_text

MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
WEEKDAYS = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]
ZONE_NAMES = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}


def zone_name() -> str:
    zone = settings.current().timezone
    return ZONE_NAMES.get(zone, zone)


def local(moment: datetime) -> datetime:
    """Move `moment` into the office's zone."""
    return moment.astimezone(settings.current().zone)


def day(value: date | datetime) -> str:
    """Write `22 November 2026`."""
    return _day(local(value) if isinstance(value, datetime) else value)


def weekday(value: date | datetime) -> str:
    """Write `Minggu, 22 November 2026`."""
    on = local(value).date() if isinstance(value, datetime) else value
    return f"{WEEKDAYS[on.weekday()]}, {day(on)}"


def hour(moment: datetime) -> str:
    """Write `14.05`."""
    return f"{local(moment):%H.%M}"


def moment(value: datetime) -> str:
    """Write `22 November 2026 pukul 14.05 WIB`."""
    return _moment(value, settings.current().zone)


def timestamp(value: datetime) -> str:
    """Write `2026-11-22T07:05+00:00`, as exact as what people read of it."""
    return value.isoformat(timespec="minutes")


def short_moment(value: datetime) -> str:
    """Write `14.05` for today, `21 Nov 14.05` this year, else with the year."""
    zone = settings.current().zone
    return _short_moment(value, zone, clock.now().astimezone(zone).date())


# A conversation shows the same moments again with every page.
@lru_cache(maxsize=2_000)
def _moment(value: datetime, zone: ZoneInfo) -> str:
    then = value.astimezone(zone)
    return f"{_day(then)} pukul {then:%H.%M} {ZONE_NAMES.get(zone.key, zone.key)}"


@lru_cache(maxsize=2_000)
def _short_moment(value: datetime, zone: ZoneInfo, today: date) -> str:
    then = value.astimezone(zone)
    if then.date() == today:
        return f"{then:%H.%M}"
    text = f"{then.day} {MONTHS[then.month - 1][:3]}"
    return f"{text} {then:%H.%M}" if then.year == today.year else f"{text} {then.year}"


def _day(on: date) -> str:
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def near_moment(value: datetime) -> str:
    """Write a moment in a sentence: `pukul 14.05` today, `21 Nov pukul 14.05` else."""
    text = short_moment(value)
    day_of, _, hour_of = text.rpartition(" ")
    if "." not in hour_of:
        return text
    return f"{day_of} pukul {hour_of}".lstrip()


def time_left(due_at: datetime) -> str:
    """Return how long it is until or since `due_at`, in working days.

    `2 hari kerja lagi`, `Lewat 2 hari kerja`.
    """
    now = clock.now()
    today, due_on = local(now).date(), local(due_at).date()
    if due_at < now:
        days = days_off.calendar().workdays_between(due_on, today)
        return f"Lewat {days or 'kurang dari 1'} hari kerja"
    if due_on == today:
        return f"Hari ini sampai {hour(due_at)}"
    return f"{days_off.calendar().workdays_between(today, due_on)} hari kerja lagi"


def urgency(due_at: datetime) -> str:
    """Return whether a due moment is past, today or the next working day, or later."""
    now = clock.now()
    if due_at < now:
        return "late"
    today, due_on = local(now).date(), local(due_at).date()
    if due_on == today or days_off.calendar().workdays_between(today, due_on) == 1:
        return "soon"
    return "soft"


def number(value: float | int | None, decimals: int = 0) -> str:
    """Write `1.234,5` as Indonesian does."""
    if value is None:
        return "–"
    text = f"{value:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,"))


def percent(value: float | None, decimals: int = 1) -> str:
    """Write the share 0.912 as `91,2%`."""
    return "–" if value is None else f"{number(value * 100, decimals)}%"


def size(count: int) -> str:
    """Write a number of bytes in words: `2,4 MB`."""
    if count < 1000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{number(count / 1000)} KB"
    if count < 1_000_000_000:
        return f"{number(count / 1_000_000, 1)} MB"
    return f"{number(count / 1_000_000_000, 1)} GB"


def span(value: timedelta) -> str:
    """Write how long something took or takes: `3 jam`, rounded down."""
    minutes = int(value.total_seconds() // 60)
    if minutes < 1:
        return "kurang dari 1 menit"
    if minutes < 60:
        return f"{minutes} menit"
    if minutes < 48 * 60:
        return f"{minutes // 60} jam"
    return f"{number(minutes // (24 * 60))} hari"


def reads_until(value: timedelta) -> timedelta:
    """Return from which length on `span` says something other than of `value`."""
    step = timedelta(minutes=1)
    if value >= timedelta(hours=1):
        step = timedelta(days=1) if value >= timedelta(hours=48) else timedelta(hours=1)
    return (value // step + 1) * step


def age(value: datetime) -> str:
    """Write how long ago something was: `3 jam`."""
    return span(clock.now() - value)


def weekday_name(number: int) -> str:
    """Name a weekday, Monday 0."""
    return WEEKDAYS[number]


def init_app(app: Flask) -> None:
    for each in (
        *(day, weekday, hour, moment, short_moment, near_moment, time_left, urgency),
        *(number, percent, size, span, age, weekday_name, timestamp),
    ):
        app.add_template_filter(each, each.__name__)
    app.add_template_filter(written_text.html, "as_written")
    app.add_template_filter(datetime.fromisoformat, "from_iso")
    app.add_template_global(zone_name, "zone_name")
    app.add_template_global(settings.current, "office")
    app.add_template_global(clock.now, "now")
    app.add_template_global(setup.is_owed, "setup_is_owed")
