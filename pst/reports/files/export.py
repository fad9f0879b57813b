"""The consultations of a period as anonymised rows of CSV.

No number, name, address or subject; what a user wrote stands without personal data.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from typing import Any

import sqlalchemy as sa

from pst import clock, reference_lists
from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.database import db
from pst.database.base import epoch
from pst.feedback.models import Rating
from pst.office import days_off, settings
from pst.reports.figures.disclosure.redaction import AUTHOR_COLUMNS, masked
from pst.reports.figures.disclosure.suppression import suppressed
from pst.reports.figures.period_figures import NOT_ANSWERED
from pst.reports.figures.service_level_sql import VERDICTS, joined, moments
from pst.reports.figures.working_hours import ServiceHours
from pst.reports.layout.texts import label, layout
from pst.reports.periods import Period, within
from pst.reports.queries import Contents
from pst.web.formats import csv_files
from pst.web.formats.formatting import WEEKDAYS

C = Consultation
# What a row says about the user, and the list with the words for it.
PERSONAL = {
    "institution_kind": "institution_kinds",
    "occupation": "occupations",
    "purpose": "purposes",
}
# The columns of a row that are hours, with decimals.
HOURS = (10, 11, 13)


def csv_rows(contents: Contents) -> bytes:
    """Return the rows of a report as a file; late is what its figures call late."""
    return Export(contents.report.period, contents.as_of).csv().encode()


def as_indonesian(content: bytes) -> bytes:
    """Return such a file, as a report stores it, for an Indonesian spreadsheet."""
    return csv_files.as_indonesian(content, HOURS)


@dataclass
class Export:
    """The rows of `period`, late or in time as seen at `as_of`."""

    period: Period
    as_of: datetime = field(default_factory=clock.now)

    def csv(self) -> str:
        """Return all rows with heads, in the international form."""
        rows = chain([layout()["export"]], self.rows())
        return csv_files.whole(rows, international=True)

    def rows(self) -> Iterator[list[Any]]:
        """Return the rows in the order of asking, numbered from 1."""
        hours, rare = self._context()
        zone = settings.current().zone
        for number, row in enumerate(self._read(*_columns()), 1):
            moment = datetime.fromtimestamp(row.asked, UTC).astimezone(zone)
            yield [
                number,
                moment.date().isoformat(),
                WEEKDAYS[moment.weekday()],
                moment.hour,
                label("category", row.category),
                label("channel", row.channel),
                label("standing", _standing(row)),
                *_personal(row, rare),
                *_answers(row, hours),
                row.turns_in,
                row.turns_late,
                row.turns_unanswered,
                row.score or "",
                reference_lists.text_of("needs", row.need) if row.need else "",
                masked(row.comment, row) if row.comment else "",
            ]

    def _context(self) -> tuple[ServiceHours, dict[str, set[str]]]:
        """Return what a row is written with that depends on all: hours, rare codes."""
        begin, end = math.inf, 0.0
        counts: dict[str, Counter[str]] = {name: Counter() for name in PERSONAL}
        for row in self._read(*_moments("asked", "first", "final"), *_personal_codes()):
            begin = min(begin, row.asked)
            end = max(end, row.first or 0.0, row.final or 0.0)
            for name, codes in counts.items():
                codes[getattr(row, name)] += 1
        hours = ServiceHours(days_off.calendar(), begin if end else 0.0, end)
        return hours, {name: _rare(codes) for name, codes in counts.items()}

    def _read(self, *columns: Any) -> Iterable[Any]:
        """Read these of each consultation, in the order of asking, one at a time.

        Those of 20,000 held together grew a process by 12 MB, which Python kept.
        """
        query = joined(
            sa.select(*columns)
            .join(User, C.user_id == User.id)
            .outerjoin(Rating, Rating.consultation_id == C.id)
            .where(within(self.period, C.asked_at))
            .order_by(C.asked_at, C.id)
        )
        return db.session.connection().execute(query, {"as_of": self.as_of})


def _columns() -> tuple[Any, ...]:
    return (
        *_moments(*moments()),
        *(verdict.label(name) for name, verdict in VERDICTS.items()),
        C.category,
        C.channel,
        C.state,
        C.reason,
        *_personal_codes(),
        *AUTHOR_COLUMNS,
        Rating.score,
        Rating.need,
        Rating.comment,
    )


def _moments(*names: str) -> tuple[Any, ...]:
    return tuple(epoch(moments()[name]).label(name) for name in names)


def _personal_codes() -> tuple[Any, ...]:
    """Return the columns of `PERSONAL`."""
    purpose = C.details["purpose"].as_string().label("purpose")
    return purpose, User.institution_kind, User.occupation


def _personal(row: Any, rare: dict[str, set[str]]) -> Iterator[str]:
    """Return what the row says about the user, unless too few users share it."""
    for name, labels in PERSONAL.items():
        code = getattr(row, name)
        yield layout()["hidden"] if code in rare[name] else label(labels, code or "")


def _answers(row: Any, hours: ServiceHours) -> list[Any]:
    """Return the hours in the queue, and the hours and verdict of both answers."""
    words = layout()["answers"]
    return [
        _hours(hours, row.asked, row.taken),
        _hours(hours, row.first_from, row.first),
        _verdict(words, row, "first"),
        _hours(hours, row.final_from, row.final),
        _verdict(words, row, "final"),
    ]


def _hours(hours: ServiceHours, begin: float, end: float | None) -> float | str:
    return round(hours.between(begin, end), 2) if end else ""


def _rare(counts: Counter[str]) -> set[str]:
    """Return the codes that so few users have that they could be recognised."""
    shares = {code: count for code, count in counts.items() if code}
    return {code for code, count in suppressed(shares).items() if count is None}


def _standing(row: Any) -> str:
    return NOT_ANSWERED if row.unanswered else row.reason or row.state


def _verdict(answers: dict[str, str], row: Any, of: str) -> str:
    if getattr(row, f"{of}_in"):
        return answers["in"]
    if getattr(row, f"{of}_late"):
        return answers["late"]
    return answers["none"] if getattr(row, f"{of}_unanswered") else ""
