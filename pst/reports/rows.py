"""The rows of every table of a report, made of its figures."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pst import options
from pst.formatting import MONTHS, day
from pst.reports.layout import label, layout, theme_text
from pst.reports.periods import Period

DAYS_SHOWN = 62
# A change in percent of fewer than this says nothing.
LEAST_COMPARED = 5
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Measure:
    """A value of another kind than its neighbours in the column."""

    value: float | None
    kind: str


Cell = str | int | float | Measure | None
Row = list[Cell]
Builder = Callable[[dict[str, Any], dict[str, Any]], Iterable[Row]]


def _counted(name: str, of: str, labels: str) -> Builder:
    """Make the builder of a table of counts with their shares."""

    def build(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
        group = figures[of]
        pairs = group[name]
        if isinstance(pairs, list):
            pairs = dict(enumerate(pairs))
        total = group["total"] if "total" in group else group["count"]
        for code, n in pairs.items():
            yield [label(labels, str(code)), n, _part(n, total)]

    return build


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
        yield [f"{hour:02d}", n, _part(n, sum(counts))]


def _headline(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    for key, text in layout()["tables"]["headline"]["rows"].items():
        kind, path = HEADLINES[key]
        now, before = _reach(figures, path), _reach(figures["before"], path)
        if key == "survey":
            text += index_notes(figures)
        yield [
            text,
            Measure(now, kind),
            Measure(before, kind),
            Measure(_change(kind, now, before), f"more_{kind}"),
        ]


def _service(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    for key, text in layout()["tables"]["service"]["rows"].items():
        found = figures["service"][key]
        # What was sent before it was counted does not know it.
        unanswered = found.get("unanswered")
        yield [text, found["within"], found["late"], unanswered, found["share"]]


def _durations(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    for key, text in layout()["tables"]["durations"]["rows"].items():
        found = figures["service"][key]
        yield [text, found["count"], found["median"], found["p90"]]


def _late(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    texts = layout()["tables"]["late"]["rows"]
    for row in figures["late"]:
        yield [
            row["number"],
            label("category", row["category"]),
            day(datetime.fromisoformat(row["asked_at"])),
            texts["first" if row["first"] else "final"],
            _told(row) or words.get("late", {}).get(row["number"], ""),
        ]


def _told(row: dict[str, Any]) -> str:
    """Write what the officer told at the consultation about why it was late."""
    known = label("late_reason", row["reason"]) if row["reason"] else ""
    return ": ".join(part for part in (known, row["note"]) if part)


def _late_reasons(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    counts = figures["late_reasons"]
    total = sum(counts.values())
    for code, n in counts.items():
        text = (
            label("late_reason", code) if code else layout()["labels"]["untold"][0][1]
        )
        yield [text, n, _part(n, total)]


def _score(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    counts = figures["ratings"]["score"]
    for score, text in reversed(options.choices("scores")):
        if score not in counts:
            return  # not told score by score
        n = counts[score]
        yield [f"{score} – {text}", n, _part(n, figures["ratings"]["count"])]


def index_notes(figures: dict[str, Any]) -> str:
    """Say next to an index that it comes from fewer answers than are needed."""
    words = layout()["few_answers"]
    notes = [
        words[which].format_map(survey)
        for which, survey in (
            ("now", figures["survey"]),
            ("before", (figures.get("before") or {}).get("survey") or {}),
        )
        if has_few_answers(survey)
    ]
    return f" ({'; '.join(notes)})" if notes else ""


def has_few_answers(survey: dict[str, Any]) -> bool:
    """Return whether an index is told that does not represent all users yet."""
    return survey.get("value") is not None and survey["respondents"] < survey.get(
        "sample", 0
    )


def _facts(id: str, of: str, kinds: dict[str, str]) -> Builder:
    """Make the builder of a table of single figures, each of its own kind."""

    def build(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
        for key, text in layout()["tables"][id]["rows"].items():
            value = figures[of][key]
            if of == "survey" and key == "value":
                text += index_notes({"survey": figures[of]})
            if isinstance(value, str):
                yield [text, value or "–"]
            else:
                yield [text, Measure(value, kinds.get(key, "count"))]

    return build


def _trend(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    for code, month in figures["trend"].items():
        yield [Period.parse(code).text, month["mean"], month["count"]]


def _needs(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    total = sum(figures["needs"].values())
    if total:
        for code, n in figures["needs"].items():
            yield [options.text_of("needs", code), n, _part(n, total)]


def _survey(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    for each in figures["survey"]["elements"]:
        values = each["value"], each["mean"], each["answers"], each["grade"]
        yield [each["name"], *values]


def _themes(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    for row in figures["themes"]:
        yield [theme_text(row["theme"]), row["count"], row["mean"]]


def _pairs(of: str) -> Builder:
    """Make the builder of a table of words and how often they came."""

    def build(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
        return [list(pair) for pair in figures[of]]

    return build


def _comments(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    for row in figures["comments"]:
        yield [
            row["score"],
            label("category", row["category"]),
            theme_text(row["theme"]),
            row["text"],
        ]


def _follow_up_service(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    found = figures["follow_ups"]
    text = layout()["tables"]["follow_up_service"]["rows"]["sent"]
    yield [text, found["within"], found["late"], found["share"]]


def _follow_up_list(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    for row in figures["follow_up_list"]:
        yield [
            row["number"],
            label("cause", row["cause"]),
            day(datetime.fromisoformat(row["opened_at"])),
            label("progress", row["progress"]),
            row["resolution"],
        ]


# By key: the kind of value, and where it stands among the figures.
HEADLINES: dict[str, tuple[str, str]] = {
    "total": ("count", "volume.total"),
    "first_share": ("share", "service.first.share"),
    "final_share": ("share", "service.final.share"),
    "first_median": ("hours", "service.first.median"),
    "final_median": ("hours", "service.final.median"),
    "ratings": ("count", "ratings.count"),
    "mean": ("score", "ratings.mean"),
    "response": ("share", "ratings.response"),
    "survey": ("score", "survey.value"),
    "follow_ups": ("count", "follow_ups.count"),
    "follow_up_share": ("share", "follow_ups.share"),
    "searches": ("count", "knowledge.searches"),
}
BUILDERS: dict[str, Builder] = {
    "headline": _headline,
    "category": _counted("category", "volume", "category"),
    "standing": _counted("standing", "volume", "standing"),
    "service": _service,
    "durations": _durations,
    "weekday": _counted("weekday", "volume", "weekday"),
    "daily": _daily,
    "hour": _hour,
    "late": _late,
    "late_reasons": _late_reasons,
    "institution": _counted("institution", "volume", "institution_kinds"),
    "occupation": _counted("occupation", "volume", "occupations"),
    "channel": _counted("channel", "volume", "channel"),
    "purpose": _counted("purpose", "volume", "purposes"),
    "score": _score,
    "satisfied": _counted("satisfied", "ratings", "satisfied"),
    "rating_facts": _facts(
        "rating_facts", "ratings", {"mean": "score", "response": "share"}
    ),
    "trend": _trend,
    "needs": _needs,
    "survey": _survey,
    "survey_facts": _facts("survey_facts", "survey", {"value": "score"}),
    "themes": _themes,
    "words": _pairs("words"),
    "comments": _comments,
    "cause": _counted("cause", "follow_ups", "cause"),
    "progress": _counted("progress", "follow_ups", "progress"),
    "follow_up_service": _follow_up_service,
    "follow_up_list": _follow_up_list,
    "knowledge_facts": _facts(
        "knowledge_facts",
        "knowledge",
        {"without_share": "share", "helpful": "share"},
    ),
    "level": _counted("level", "demand", "levels"),
    "subjects": _pairs("subjects"),
    "missing": _pairs("missing"),
}


def period_of(figures: dict[str, Any]) -> Period:
    return Period(*(date.fromisoformat(figures[key]) for key in ("first", "last")))


def _reach(figures: dict[str, Any], path: str) -> Any:
    found: Any = figures
    for name in path.split("."):
        found = found.get(name) if found else None
    return found


def _change(kind: str, now: Any, before: Any) -> float | None:
    """Compare: counts by how many percent, all else by the difference."""
    if now is None or before is None:
        return None
    if kind != "count":
        return now - before
    return now / before - 1 if before >= LEAST_COMPARED else None


def _part(n: int | None, total: int | None) -> float | None:
    return n / total if n is not None and total else None
