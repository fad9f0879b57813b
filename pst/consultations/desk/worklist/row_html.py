"""The HTML of a row of the worklist, made once.

What a row looks like follows from what was read of it, from who reads it, and from a
few words about time. All of that is the key under which it is kept: nothing is ever
outdated.
"""

from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from flask import current_app
from markupsafe import Markup

from pst.web.formats.formatting import moment, time_left, urgency

MAX_KEPT = 2_000  # of a process; some 2 KB each


class Due(NamedTuple):
    """A deadline in words."""

    urgency: str
    moment: str
    time_left: str


class Deadlines(dict[datetime, Due]):
    """The deadlines of one page; many rows have the same one."""

    def __missing__(self, due_at: datetime) -> Due:
        due = self[due_at] = Due(urgency(due_at), moment(due_at), time_left(due_at))
        return due


class Reader(NamedTuple):
    """Who reads: what a row looks like depends on no more of them."""

    id: int
    is_officer: bool


class Reading(NamedTuple):
    """Who reads a row, and what it says about time."""

    reader: Reader
    # Its officer, a colleague, is not on duty; the viewer may serve it instead.
    is_away: bool
    may_take_over: bool
    due: Due | None
    # Whether silence ends it; when it was or will be closed, else since when it waits.
    is_closed_by_clock: bool
    until: str
    # When the last words were written, and how long ago that is.
    written: str
    age: str


@lru_cache(maxsize=MAX_KEPT)
def html(row: Any, reading: Reading) -> Markup:
    """Write a row as a part of the list."""
    template = current_app.jinja_env.get_template("desk/_row.html")
    return Markup(template.render(c=row, reading=reading))
