"""Notes on an index that comes from fewer answers than represent all users."""

from typing import Any

from pst.reports.layout.texts import layout


def index_notes(figures: dict[str, Any]) -> str:
    """Return the note next to an index from fewer answers than are needed."""
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
    """Return whether there is an index that does not represent all users yet."""
    return survey.get("value") is not None and survey["respondents"] < survey.get(
        "sample", 0
    )
