"""The consultations of a period as anonymised rows of CSV.

No number, name, address or subject; what a user wrote stands without personal data.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from pst import clock, csv_files, options
from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.database import db
from pst.feedback.models import Rating
from pst.formatting import WEEKDAYS
from pst.office import days_off, settings
from pst.reports.answers import (
    FINAL_IN,
    FINAL_LATE,
    FIRST_IN,
    FIRST_LATE,
    UNANSWERED,
    started,
    taken,
)
from pst.reports.figures import NOT_ANSWERED
from pst.reports.hours import ServiceHours, epoch
from pst.reports.layout import label, layout
from pst.reports.masking import masked
from pst.reports.periods import Period, within
from pst.reports.queries import Contents
from pst.reports.suppression import suppressed

C = Consultation
# What is told of the person who asked, and the words for it.
TELLING = {
    "institution_kind": "institution_kinds",
    "occupation": "occupations",
    "purpose": "purposes",
}
# The columns of hours, which are decimal numbers, among those of the rows.
HOURS = (10, 11, 13)


def rows(contents: Contents) -> bytes:
    """Write the rows of a report as a file; late is what its figures call late."""
    return Export(contents.report.period, contents.as_of).csv().encode()


def as_indonesian(content: bytes) -> bytes:
    """Rewrite such a file, which a report keeps, for an Indonesian spreadsheet."""
    return csv_files.as_indonesian(content.decode(), HOURS).encode()


@dataclass
class Export:
    """The rows of `period`; what is late is late at `as_of`."""

    period: Period
    as_of: datetime = field(default_factory=clock.now)

    def csv(self) -> str:
        """Write all rows with heads, in the international form."""
        return csv_files.whole([layout()["export"], *self.rows()], international=True)

    def rows(self) -> Iterator[list[Any]]:
        zone = settings.current().zone
        found = self._found()
        hours = ServiceHours(
            days_off.calendar(),
            min((row.asked for row in found), default=0.0),
            max((m or 0.0 for row in found for m in (row.first, row.final)), default=0),
        )
        answers = layout()["answers"]
        rare = {name: _rare(getattr(row, name) for row in found) for name in TELLING}
        for number, row in enumerate(found, 1):
            asked = datetime.fromtimestamp(row.asked, UTC).astimezone(zone)
            spans = (row.first_from, row.first), (row.final_from, row.final)
            first, final = (
                round(hours.between(begin, end), 2) if end else ""
                for begin, end in spans
            )
            yield [
                *(number, asked.date().isoformat(), WEEKDAYS[asked.weekday()]),
                asked.hour,
                label("category", row.category),
                label("channel", row.channel),
                label("standing", _standing(row)),
                *(
                    self._told(labels, getattr(row, name), rare[name])
                    for name, labels in TELLING.items()
                ),
                round(hours.between(row.asked, row.taken), 2) if row.taken else "",
                *(first, _verdict(answers, row, "first")),
                *(final, _verdict(answers, row, "final")),
                row.score or "",
                options.text_of("needs", row.need) if row.need else "",
                masked(row.comment, row) if row.comment else "",
            ]

    @staticmethod
    def _told(labels: str, code: str | None, rare: set[str]) -> str:
        """Write what is known of the person, unless too few share it."""
        return layout()["hidden"] if code in rare else label(labels, code or "")

    def _found(self) -> list[Any]:
        query = (
            sa.select(
                epoch(C.asked_at).label("asked"),
                epoch(taken()).label("taken"),
                epoch(started(C.answered_at)).label("first_from"),
                epoch(C.answered_at).label("first"),
                epoch(started(C.final_answer_at)).label("final_from"),
                epoch(C.final_answer_at).label("final"),
                *(FIRST_IN.label("first_in"), FIRST_LATE.label("first_late")),
                *(FINAL_IN.label("final_in"), FINAL_LATE.label("final_late")),
                UNANSWERED.label("unanswered"),
                *(C.category, C.channel, C.state, C.reason),
                C.details["purpose"].as_string().label("purpose"),
                *(User.institution_kind, User.occupation),
                *(User.name, User.email, User.institution, User.phone),
                *(Rating.score, Rating.need, Rating.comment),
            )
            .join(User, C.user_id == User.id)
            .outerjoin(Rating, Rating.consultation_id == C.id)
            .where(within(self.period, C.asked_at))
            .order_by(C.asked_at, C.id)
        )
        return list(db.session.connection().execute(query, {"as_of": self.as_of}))


def _rare(codes: Iterable[str | None]) -> set[str]:
    """Find what so few have that it could tell who they are."""
    shown = suppressed(Counter(code for code in codes if code))
    return {code for code, count in shown.items() if count is None}


def _standing(row: Any) -> str:
    return NOT_ANSWERED if row.unanswered else row.reason or row.state


def _verdict(answers: dict[str, str], row: Any, of: str) -> str:
    if getattr(row, f"{of}_in"):
        return answers["in"]
    if getattr(row, f"{of}_late"):
        return answers["late"]
    return answers["none"] if row.unanswered else ""
