"""The figures of a period: one definition each, for every page, report and export.

Unless a definition says otherwise, the consultations of a period are those asked in it
(local days of the office), seen as they stand at `as_of`.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from pst import clock
from pst.consultations.states import Category, Channel, Reason, State
from pst.office import days_off, settings
from pst.reports.figures.clarity_figures import clarity
from pst.reports.figures.columns import VERDICTS, Columns, read_columns
from pst.reports.figures.comment_figures import CommentFigures
from pst.reports.figures.demand_figures import DemandFigures
from pst.reports.figures.ending_figures import endings
from pst.reports.figures.feedback_figures import FeedbackFigures
from pst.reports.figures.knowledge_figures import KnowledgeFigures
from pst.reports.figures.late_figures import late_consultations
from pst.reports.figures.working_hours import HOUR, ServiceHours, Spread, local_hour
from pst.reports.periods import Period

Counts = dict[str, int]
# Closed as resolved, without an answer: no state of its own, but a line of its own.
NOT_ANSWERED = "unanswered"
STANDING = (
    State.QUEUED.value,
    State.ACTIVE.value,
    State.WAITING_USER.value,
    Reason.RESOLVED.value,
    NOT_ANSWERED,
    Reason.NO_RESPONSE.value,
    Reason.WITHDRAWN.value,
    Reason.DUPLICATE.value,
)


@dataclass
class Figures:
    """What the service did in `period`."""

    period: Period
    as_of: datetime = field(default_factory=clock.now)

    def frozen(self) -> dict[str, Any]:
        """Return all figures as plain values that JSON can store."""
        return {
            "as_of": self.as_of.isoformat(timespec="seconds"),
            **self.headline,
            "volume": self.volume,
            "late": self.late,
            "late_reasons": self.late_reasons,
            "clarity": clarity(self.period, self.as_of),
            "endings": endings(self.period, self.as_of),
            "trend": self.feedback.trend,
            "needs": self.feedback.needs,
            "comments": self.comments.rows,
            "themes": self.comments.themes,
            "words": self.comments.words,
            "follow_up_list": self.feedback.follow_up_list,
            "missing": self.knowledge.missing,
            "opened_items": self.knowledge.opened_items,
            "demand": self.demand.levels,
            "areas": self.demand.areas,
            "codes": self.demand.codes,
            "unpublished": self.demand.unpublished,
            "subjects": self.demand.subjects,
            "before": Figures(self.period.before, self.as_of).headline,
        }

    def public(self) -> dict[str, Any]:
        """Return what the public page is made of; small counts are not hidden yet."""
        return {
            "as_of": self.as_of.isoformat(timespec="seconds"),
            **self.headline,
            "volume": self.volume,
            "trend": self.feedback.trend,
        }

    @cached_property
    def headline(self) -> dict[str, Any]:
        """What is compared with the period before."""
        return {
            "first": self.period.first.isoformat(),
            "last": self.period.last.isoformat(),
            "volume": {"total": self.total},
            "service": self.service,
            "ratings": self.feedback.ratings,
            "survey": self.feedback.survey,
            "follow_ups": self.feedback.follow_ups,
            "knowledge": self.knowledge.facts,
        }

    @cached_property
    def feedback(self) -> FeedbackFigures:
        return FeedbackFigures(self.period, self.as_of)

    @cached_property
    def comments(self) -> CommentFigures:
        return CommentFigures(self.period)

    @cached_property
    def demand(self) -> DemandFigures:
        return DemandFigures(self.period)

    @cached_property
    def knowledge(self) -> KnowledgeFigures:
        return KnowledgeFigures(self.period)

    # Volumes

    @cached_property
    def volume(self) -> dict[str, Any]:
        """Consultations asked in the period, by kind, channel, state and user."""
        return {
            "total": self.total,
            "category": {c.value: self._by["category"][c] for c in Category},
            "channel": {c.value: self._by["channel"][c] for c in Channel},
            "standing": {s: self._by["standing"][s] for s in STANDING},
            "institution": _ranked(self._by["institution"]),
            "occupation": _ranked(self._by["occupation"]),
            "purpose": _ranked(self._by["purpose"]),
            **self._in_time,
        }

    @cached_property
    def total(self) -> int:
        return len(self._columns["asked"])

    @cached_property
    def _by(self) -> dict[str, Counter[str]]:
        """Counts by each property of a consultation; "" means unknown."""
        read = self._columns
        rows = zip(read["unanswered"], read["reason"], read["state"], strict=True)
        standing = (
            NOT_ANSWERED if unanswered else reason or state
            for unanswered, reason, state in rows
        )
        names = ("category", "channel", "institution", "occupation", "purpose")
        return {
            "standing": Counter(standing),
            **{name: Counter(value or "" for value in read[name]) for name in names},
        }

    @cached_property
    def _in_time(self) -> dict[str, Any]:
        """Count by local day, weekday (Monday first) and hour."""
        zone = settings.current().zone
        days: Counter[str] = Counter()
        weekdays, hours = [0] * 7, [0] * 24
        for hour, n in Counter(int(at / HOUR) for at in self._columns["asked"]).items():
            local = local_hour(hour, zone)
            days[local.date().isoformat()] += n
            weekdays[local.weekday()] += n
            hours[local.hour] += n
        return {"day": dict(sorted(days.items())), "weekday": weekdays, "hour": hours}

    # Service level

    @cached_property
    def service(self) -> dict[str, Any]:
        """How soon users were answered, against the standard (3 working days).

        A turn is what the office owes the user once; `consultations.turns` says when it
        is in time or late. The first answer ends the first turn, the final one the last
        turn of a closed consultation. What an officer closed before the deadline
        without an answer is neither, but counts as measured, so that closing does not
        look like answering. Everything else is not counted yet.
        """
        first, final, queue = self._spreads
        counts = {name: sum(filter(None, self._columns[name])) for name in VERDICTS}
        return {
            "turns": _share(counts, "turns"),
            "first": {
                **_share(counts, "first"),
                **asdict(first),
            },
            "final": {
                **_share(counts, "final"),
                **asdict(final),
            },
            "queue": asdict(queue),
        }

    @cached_property
    def _spreads(self) -> tuple[Spread, Spread, Spread]:
        """Working hours to the first answer, to the final one, and in the queue."""
        read = self._columns
        spans = (
            (read["first_from"], read["first"]),
            (read["final_from"], read["final"]),
            (read["asked"], read["taken"]),
        )
        hours = ServiceHours(
            days_off.calendar(),
            min(read["asked"], default=0.0),
            max(max(filter(None, ends), default=0.0) for _, ends in spans),
        )
        first, final, queue = (
            Spread.of(hours.between_all(begins, ends)) for begins, ends in spans
        )
        return first, final, queue

    @cached_property
    def _columns(self) -> Columns:
        return read_columns(self.period, self.as_of)

    @cached_property
    def late(self) -> list[dict[str, Any]]:
        """The consultations that were or are late, for the officer to explain."""
        return late_consultations(self.period, self.as_of)

    @cached_property
    def late_reasons(self) -> Counts:
        """Why consultations were late, as officers explained; "" for no reason yet."""
        read = self._columns
        rows = zip(read["turns_late"], read["late_reason"], strict=True)
        return _ranked(why or "" for late, why in rows if late)


def _share(counts: dict[str, int], of: str) -> dict[str, Any]:
    within, late, unanswered = (
        counts[f"{of}_{verdict}"] for verdict in ("in", "late", "unanswered")
    )
    total = within + late + unanswered
    return {
        "within": within,
        "late": late,
        "unanswered": unanswered,
        "share": within / total if total else None,
    }


def _ranked(counts: Iterable[Any]) -> Counts:
    return dict(Counter(counts).most_common())
