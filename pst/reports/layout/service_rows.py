"""The rows of the tables on how soon users were answered, and on late answers."""

from collections.abc import Iterable
from typing import Any

from pst.reports.layout.cells import Row, local_day, part
from pst.reports.layout.texts import label, layout


def service(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    for key, text in layout()["tables"]["service"]["rows"].items():
        if key not in figures["service"]:
            continue  # sent before turns were counted
        step = figures["service"][key]
        # Reports sent before this was counted do not have it.
        unanswered = step.get("unanswered")
        yield [text, step["within"], step["late"], unanswered, step["share"]]


def endings(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    counts = figures["endings"]
    total = sum(each["count"] for each in counts.values())
    for code, text in layout()["tables"]["endings"]["rows"].items():
        n = counts[code]["count"]
        yield [text, n, counts[code]["within"], counts[code]["late"], part(n, total)]


def durations(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    for key, text in layout()["tables"]["durations"]["rows"].items():
        hours = figures["service"][key]
        yield [text, hours["count"], hours["median"], hours["p90"]]


def late(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    texts = layout()["tables"]["late"]["rows"]
    for row in figures["late"]:
        yield [
            row["number"],
            label("category", row["category"]),
            local_day(row["asked_at"]),
            texts["first" if row["first"] else "final"],
            _explained(row) or words.get("late", {}).get(row["number"], ""),
        ]


def _explained(row: dict[str, Any]) -> str:
    """Return why it was late, as the officer explained at the consultation."""
    reason = label("late_reason", row["reason"]) if row["reason"] else ""
    return ": ".join(text for text in (reason, row["note"]) if text)


def late_reasons(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    counts = figures["late_reasons"]
    total = sum(counts.values())
    for code, n in counts.items():
        text = (
            label("late_reason", code) if code else layout()["labels"]["untold"][0][1]
        )
        yield [text, n, part(n, total)]
