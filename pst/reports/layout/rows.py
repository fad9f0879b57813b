"""The rows of every table of a report, made of its figures."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from pst.reports.figures.disclosure.few_answers import index_notes
from pst.reports.layout import feedback_rows, service_rows
from pst.reports.layout.cells import Builder, Measure, Row, count_table, pairs, part
from pst.reports.layout.headline_rows import headline
from pst.reports.layout.texts import layout
from pst.reports.periods import Period
from pst.web.formats.formatting import MONTHS

DAYS_SHOWN = 62
ONE_DAY = timedelta(days=1)


def _daily(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    days: dict[str, int] = figures["volume"]["day"]
    period = period_of(figures)
    if (period.last - period.first).days < DAYS_SHOWN:
        for n in range((period.last - period.first).days + 1):
            on = period.first + n * ONE_DAY
            yield [f"{on.day} {MONTHS[on.month - 1][:3]}", days.get(on.isoformat(), 0)]
        return
    month = Period.holding(period.first, 1)
    while month.first <= period.last:
        of_month = [n for on, n in days.items() if on.startswith(month.code)]
        yield [month.text, sum(of_month)]
        month = Period.holding(month.last + ONE_DAY, 1)


def _hour(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    counts = figures["volume"]["hour"]
    for hour, n in enumerate(counts):
        yield [f"{hour:02d}", n, part(n, sum(counts))]


def _facts(id: str, of: str, kinds: dict[str, str]) -> Builder:
    """Return the builder of a table of single figures, each of its own kind."""

    def build(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
        for key, text in layout()["tables"][id]["rows"].items():
            if key not in figures[of]:  # a report that was sent before it was counted
                continue
            value = figures[of][key]
            if of == "survey" and key == "value":
                text += index_notes({"survey": figures[of]})
            if isinstance(value, str):
                yield [text, value or "–"]
            else:
                yield [text, Measure(value, kinds.get(key, "count"))]

    return build


def period_of(figures: dict[str, Any]) -> Period:
    first, last = figures["first"], figures["last"]
    return Period(date.fromisoformat(first), date.fromisoformat(last))


BUILDERS: dict[str, Builder] = {
    "headline": headline,
    "category": count_table("category", "volume", "category"),
    "standing": count_table("standing", "volume", "standing"),
    "service": service_rows.service,
    "endings": service_rows.endings,
    "durations": service_rows.durations,
    "clarity": _facts("clarity", "clarity", {"median": "hours", "p90": "hours"}),
    "weekday": count_table("weekday", "volume", "weekday"),
    "daily": _daily,
    "hour": _hour,
    "late": service_rows.late,
    "late_reasons": service_rows.late_reasons,
    "institution": count_table("institution", "volume", "institution_kinds"),
    "occupation": count_table("occupation", "volume", "occupations"),
    "channel": count_table("channel", "volume", "channel"),
    "purpose": count_table("purpose", "volume", "purposes"),
    "score": feedback_rows.score,
    "satisfied": count_table("satisfied", "ratings", "satisfied"),
    "rating_facts": _facts(
        "rating_facts", "ratings", {"mean": "score", "response": "share"}
    ),
    "trend": feedback_rows.trend,
    "needs": feedback_rows.needs,
    "survey": feedback_rows.survey,
    "survey_facts": _facts("survey_facts", "survey", {"value": "score"}),
    "themes": feedback_rows.themes,
    "words": pairs("words"),
    "comments": feedback_rows.comments,
    "cause": count_table("cause", "follow_ups", "cause"),
    "progress": count_table("progress", "follow_ups", "progress"),
    "follow_up_service": feedback_rows.follow_up_service,
    "follow_up_list": feedback_rows.follow_up_list,
    "knowledge_facts": _facts(
        "knowledge_facts",
        "knowledge",
        {"without_share": "share", "helpful": "share"},
    ),
    "level": count_table("level", "demand", "levels"),
    "areas": pairs("areas"),
    "codes": pairs("codes"),
    "unpublished": pairs("unpublished"),
    "subjects": pairs("subjects"),
    "missing": pairs("missing"),
    "opened_items": pairs("opened_items"),
}
