"""The HTML of a row of the worklist, made once.

What a row looks like follows from what was read of it, from who reads it, from the
calendar and the settings, and from the time. All but the time is the key under which
it is kept; for how long its words about time hold is kept with it.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from flask import current_app
from markupsafe import Markup

from pst import clock
from pst.consultations.desk.worklist.rows import ROWS, RawRow
from pst.consultations.states import Channel, State
from pst.consultations.verbs.waiting import closing_moment
from pst.office import days_off, settings
from pst.office.calendar import Calendar
from pst.office.setting_values import Settings
from pst.web.formats.formatting import (
    age,
    moment,
    reads_until,
    short_moment,
    time_left,
    urgency,
)

MAX_KEPT = 2_000  # of a process; some 2 KB each
MAX_READINGS = 200


class RowReader(NamedTuple):
    """Who reads: what a row looks like depends on no more of them."""

    id: int
    is_officer: bool


@dataclass(frozen=True, eq=False)
class RowContext:
    """Who reads, and what all rows of a page look like by; one object for the same."""

    reader: RowReader
    on_duty_ids: frozenset[int]
    today: date
    office: Settings
    # Of what is open: what is over has no deadline any more.
    calendar: Calendar | None

    def is_away(self, row: Any) -> bool:
        """Return whether the officer of `row`, a colleague, is not on duty today."""
        is_others = row.officer_id is not None and row.officer_id != self.reader.id
        return is_others and row.officer_id not in self.on_duty_ids

    def may_take_over(self, row: Any) -> bool:
        """Return whether the viewer may serve `row` instead of an absent colleague."""
        is_possible = self.reader.is_officer and row.user_id != self.reader.id
        return is_possible and row.state != State.CLOSED and self.is_away(row)


class Due(NamedTuple):
    """A deadline in words."""

    urgency: str
    moment: str
    time_left: str


class Times(NamedTuple):
    """What a row says about time."""

    due: Due | None
    # Whether silence ends it; when it was or will be closed, else since when it waits.
    is_closed_by_clock: bool
    until: str
    # When the last words were written, and how long ago that is.
    written: str
    age: str


class Writing(NamedTuple):
    """A row in HTML, and from when on and until when it reads so."""

    html: Markup
    since: datetime
    until: datetime


def reading_today(
    reader: RowReader, on_duty_ids: frozenset[int], *, is_over: bool
) -> RowContext:
    """Return how `reader` reads rows today."""
    office = settings.current()
    calendar = None if is_over else days_off.calendar()
    return _reading(reader, on_duty_ids, clock.today(office.zone), office, calendar)


_reading = lru_cache(maxsize=MAX_READINGS)(RowContext)


@dataclass
class KeptRow:
    """A row as someone reads it, written again when its words no longer hold."""

    raw_row: RawRow
    reading: RowContext
    writing: Writing | None = None

    @cached_property
    def tag(self) -> str:
        """Return what is another when another row was read."""
        contents = repr(self.raw_row).encode()
        return hashlib.blake2b(contents, digest_size=9).hexdigest()

    def html(self, now: datetime) -> Markup:
        writing = self.writing
        if writing is None or not writing.since <= now < writing.until:
            writing = self.writing = self._write(now)
        return writing.html

    def _write(self, now: datetime) -> Writing:
        row = ROWS.row_of(self.raw_row)
        template = current_app.jinja_env.get_template("desk/_row.html")
        text = template.render(c=row, reading=self.reading, times=_times(row))
        return Writing(Markup(text), now, self._until(row, now))

    def _until(self, row: Any, now: datetime) -> datetime:
        """Return when its words change: its age, or the moment at which it is closed.

        Whether it is late was read with it.
        """
        until: datetime = row.last_at + reads_until(now - row.last_at)
        if row.state == State.WAITING_USER and not row.warned_at:
            warned_at = row.waiting_since + self.reading.office.warn_after
            # With the warning the end moves on, minute by minute.
            minute = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
            until = min(until, max(warned_at, minute))
        return until


kept_row = lru_cache(maxsize=MAX_KEPT)(KeptRow)


def html(rows: Iterable[KeptRow]) -> Markup:
    """Write rows as a part of the list."""
    now = clock.now()
    return Markup("".join([row.html(now) for row in rows]))


def _times(row: Any) -> Times:
    is_closed_by_clock = row.channel == Channel.ONLINE and not row.closing_held
    until = row.closed_at or row.waiting_since
    if row.state == State.WAITING_USER and is_closed_by_clock:
        until = closing_moment(row.waiting_since, row.warned_at)
    return Times(
        due=_due(row.due_at) if row.is_owed and row.due_at else None,
        is_closed_by_clock=is_closed_by_clock,
        until=short_moment(until) if until else "",
        written=moment(row.last_at),
        age=age(row.last_at),
    )


def _due(due_at: datetime) -> Due:
    return Due(urgency(due_at), moment(due_at), time_left(due_at))
