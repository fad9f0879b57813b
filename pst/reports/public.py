"""The public figures of the last twelve months."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app

from pst import clock
from pst.office import settings
from pst.reports.figures.disclosure.few_answers import has_few_answers
from pst.reports.figures.disclosure.suppression import MIN_SHOWN, is_few, suppressed
from pst.reports.figures.period_figures import Figures
from pst.reports.layout.tables import Table, table
from pst.reports.layout.texts import layout
from pst.reports.periods import Period, last_twelve_months
from pst.web.formats.formatting import number, percent

KEPT_FOR = timedelta(hours=1)
TABLES = ("score", "satisfied", "trend", "category", "institution", "survey")
# From this score on a user counts as satisfied.
SATISFIED_FROM = 4


@dataclass(frozen=True)
class PublicFigures:
    """The page of public figures, ready to be written."""

    period: Period
    as_of: datetime
    highlights: list[tuple[str, str, str]]
    tables: list[Table]
    # How reliable the survey is; empty when it is not published.
    survey_note: str

    @property
    def is_empty(self) -> bool:
        return not self.highlights


def performance() -> PublicFigures:
    """Return the public figures, computed once an hour in each process."""
    cache: dict[str, PublicFigures] = current_app.extensions.setdefault(
        "performance", {}
    )
    figures = cache.get("shown")
    now = clock.now()
    if figures is None or not timedelta(0) <= now - figures.as_of < KEPT_FOR:
        period = last_twelve_months(clock.today(settings.current().zone))
        figures = cache["shown"] = show(period, Figures(period, now).public())
    return figures


def show(period: Period, figures: dict[str, Any]) -> PublicFigures:
    """Return what is published of `figures`, ready to be shown."""
    safe = published(figures)
    enough = figures["volume"]["total"] >= MIN_SHOWN
    tables = [table(id, safe) for id in TABLES] if enough else []
    return PublicFigures(
        period,
        datetime.fromisoformat(figures["as_of"]),
        _highlights(safe) if enough else [],
        [each for each in tables if any(row[1] is not None for row in each.rows)],
        _survey_note(safe["survey"]) if enough else "",
    )


def published(figures: dict[str, Any]) -> dict[str, Any]:
    """Hide the counts below 5, and what would give them away."""
    safe = dict(figures)
    volume, ratings, survey = (figures[k] for k in ("volume", "ratings", "survey"))
    safe["volume"] = {
        **volume,
        "category": suppressed(volume["category"]),
        "institution": suppressed(volume["institution"]),
    }
    safe["ratings"] = {**ratings, **_scores(ratings["score"])}
    if ratings["count"] < MIN_SHOWN:
        safe["ratings"] |= {"mean": None, "count": None}
    if survey["respondents"] < MIN_SHOWN:
        safe["survey"] = {**survey, "value": None, "elements": []}
    elif any(each["answers"] < MIN_SHOWN for each in survey["elements"]):
        safe["survey"] = {**survey, "elements": []}
    counts = suppressed({code: m["count"] for code, m in figures["trend"].items()})
    safe["trend"] = {
        code: {"count": n, "mean": figures["trend"][code]["mean"] if n else None}
        for code, n in counts.items()
    }
    return safe


def _scores(counts: dict[str, int]) -> dict[str, Any]:
    """Return the counts that are shown: of each score, of two groups, or none.

    The mean is shown too. With it and the total, one or two hidden scores could be
    computed, so when any is hidden only two groups, satisfied or not, are shown.
    """
    if not any(map(is_few, counts.values())):
        return {"score": counts, "satisfied": {}}
    satisfied = sum(n for score, n in counts.items() if int(score) >= SATISFIED_FROM)
    groups = {"yes": satisfied, "no": sum(counts.values()) - satisfied}
    return {
        "score": {},
        "satisfied": {} if any(map(is_few, groups.values())) else groups,
    }


def _survey_note(survey: dict[str, Any]) -> str:
    """Return the number of answers and the sample that would be enough, in words."""
    if survey["value"] is None:
        return ""
    counts = {key: number(survey[key]) for key in ("respondents", "users", "sample")}
    return layout()["public"]["survey_note"].format_map(counts)


def _of_answers(survey: dict[str, Any]) -> str:
    """Return the grade, the number of answers, and a note when they are few."""
    words, answers = layout()["public"], number(survey["respondents"])
    note: str = words["of_answers"].format(survey["grade"], answers)
    if has_few_answers(survey):
        note += f"; {words['few'].format(number(survey['sample']))}"
    return note


def _highlights(figures: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return the large figures: (text, value, note)."""
    words = layout()["public"]
    service, ratings, survey = (figures[k] for k in ("service", "ratings", "survey"))
    hours = service["first"]["median"]
    values = {
        "total": (number(figures["volume"]["total"]), ""),
        "turns": (percent(service["turns"]["share"]), ""),
        "first": (percent(service["first"]["share"]), ""),
        "final": (percent(service["final"]["share"]), ""),
        "median": (f"{number(hours, 1)}" if hours is not None else "–", ""),
        "mean": (
            number(ratings["mean"], 2),
            words["of_ratings"].format(number(ratings["count"])),
        ),
        "survey": (number(survey["value"], 2), _of_answers(survey)),
    }
    return [
        (text, *values[key])
        for key, text in words["highlights"].items()
        if values[key][0] != "–"
    ]
