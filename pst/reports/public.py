"""What everybody may see of the figures of the last twelve months."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app

from pst import clock
from pst.formatting import number, percent
from pst.office import settings
from pst.reports.figures import Figures
from pst.reports.layout import layout
from pst.reports.periods import Period, last_twelve_months
from pst.reports.rows import has_few_answers
from pst.reports.suppression import LEAST_SHOWN, is_few, suppressed
from pst.reports.tables import Table, table

KEPT_FOR = timedelta(hours=1)
TABLES = ("score", "satisfied", "trend", "category", "institution", "survey")
# From here on a score says that somebody was satisfied.
SATISFIED_FROM = 4


@dataclass(frozen=True)
class Shown:
    """The page of public figures, ready to be written."""

    period: Period
    as_of: datetime
    highlights: list[tuple[str, str, str]]
    tables: list[Table]
    # How far the survey can be relied on; empty when it is not published.
    survey_note: str

    @property
    def is_empty(self) -> bool:
        return not self.highlights


def performance() -> Shown:
    """Tell the public figures, computed once an hour in each process."""
    kept: dict[str, Shown] = current_app.extensions.setdefault("performance", {})
    shown = kept.get("shown")
    now = clock.now()
    if shown is None or not timedelta(0) <= now - shown.as_of < KEPT_FOR:
        period = last_twelve_months(clock.today(settings.current().zone))
        shown = kept["shown"] = show(period, Figures(period, now).public())
    return shown


def show(period: Period, figures: dict[str, Any]) -> Shown:
    """Choose what is published of `figures`."""
    safe = published(figures)
    enough = figures["volume"]["total"] >= LEAST_SHOWN
    found = [table(id, safe) for id in TABLES] if enough else []
    return Shown(
        period,
        datetime.fromisoformat(figures["as_of"]),
        _highlights(safe) if enough else [],
        [each for each in found if any(row[1] is not None for row in each.rows)],
        _survey_note(safe["survey"]) if enough else "",
    )


def published(figures: dict[str, Any]) -> dict[str, Any]:
    """Hide the counts below 5, and what would give them away."""
    safe = dict(figures)
    volume, ratings, survey = (figures[k] for k in ("volume", "ratings", "survey"))
    safe["volume"] = {
        **volume,
        **{name: suppressed(volume[name]) for name in ("category", "institution")},
    }
    few = ratings["count"] < LEAST_SHOWN
    safe["ratings"] = {
        **ratings,
        **_scores(ratings["score"]),
        **({"mean": None, "count": None} if few else {}),
    }
    if survey["respondents"] < LEAST_SHOWN:
        safe["survey"] = {**survey, "value": None, "elements": []}
    elif any(each["answers"] < LEAST_SHOWN for each in survey["elements"]):
        safe["survey"] = {**survey, "elements": []}
    shown = suppressed({code: m["count"] for code, m in figures["trend"].items()})
    safe["trend"] = {
        code: {"count": n, "mean": figures["trend"][code]["mean"] if n else None}
        for code, n in shown.items()
    }
    return safe


def _scores(counts: dict[str, int]) -> dict[str, Any]:
    """Choose how the ratings are told: score by score, or in two groups, or not.

    The mean is shown too. With it and the total, one or two hidden scores could be
    reckoned out, so when any is to be hidden only satisfied and not are told apart.
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
    """Tell the answers and the sample that would be enough, with the legend."""
    if survey["value"] is None:
        return ""
    told = {key: number(survey[key]) for key in ("respondents", "users", "sample")}
    return layout()["public"]["survey_note"].format_map(told)


def _of_answers(survey: dict[str, Any]) -> str:
    """Tell the grade, how many answered, and whether that is enough."""
    words, answers = layout()["public"], number(survey["respondents"])
    told = words["of_answers"].format(survey["grade"], answers)
    if has_few_answers(survey):
        told += f"; {words['few'].format(number(survey['sample']))}"
    return told


def _highlights(figures: dict[str, Any]) -> list[tuple[str, str, str]]:
    """The large figures: (text, value, note)."""
    words = layout()["public"]
    service, ratings, survey = (figures[k] for k in ("service", "ratings", "survey"))
    hours = service["first"]["median"]
    values = {
        "total": (number(figures["volume"]["total"]), ""),
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
