"""The rows of the headline figures: now, in the period before, and the change."""

from collections.abc import Iterable
from typing import Any

from pst.reports.figures.disclosure.few_answers import index_notes
from pst.reports.layout.cells import Measure, Row
from pst.reports.layout.texts import layout

# Counts below this are not compared in percent.
MIN_COMPARED = 5
# By key: the kind of value, and its path among the figures.
HEADLINES: dict[str, tuple[str, str]] = {
    "total": ("count", "volume.total"),
    "turn_share": ("share", "service.turns.share"),
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


def headline_keys(figures: dict[str, Any]) -> list[str]:
    """Return which figures stand there; reports sent before have no turns."""
    has_turns = "turns" in figures["service"]
    keys = layout()["tables"]["headline"]["rows"]
    return [key for key in keys if has_turns or key != "turn_share"]


def headline(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    texts = layout()["tables"]["headline"]["rows"]
    for key in headline_keys(figures):
        text = texts[key]
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


def _reach(figures: dict[str, Any], path: str) -> Any:
    value: Any = figures
    for name in path.split("."):
        value = value.get(name) if value else None
    return value


def _change(kind: str, now: Any, before: Any) -> float | None:
    """Return the change: of counts in percent, of all else the difference."""
    if now is None or before is None:
        return None
    if kind != "count":
        return now - before
    return now / before - 1 if before >= MIN_COMPARED else None
