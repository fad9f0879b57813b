"""The figures of a month as other offices may have them: those of `/kinerja`, rounded.

What the public page hides is hidden here by the same function. A page of twelve months
and twelve documents together must not tell more either: so there are no tables, whose
hidden counts would follow from the others, and means are rounded, so that those of the
few cannot be worked out from those of the many.
"""

from datetime import datetime, timedelta
from typing import Any

from flask import current_app

from pst import clock
from pst.office import settings
from pst.province.contract import MAX_NAME_LENGTH, MonthlyFigures
from pst.reports.figures.disclosure.suppression import MIN_SHOWN
from pst.reports.figures.period_figures import Figures
from pst.reports.periods import Period, is_over
from pst.reports.public import published

KEPT_FOR = timedelta(hours=1)
MONTHS_BACK = 36
# By field: where it is among the figures, and its decimals.
PLACES: dict[str, tuple[str, int]] = {
    "consultations": ("volume.total", 0),
    "turns_in_time": ("service.turns.share", 2),
    "first_in_time": ("service.first.share", 2),
    "final_in_time": ("service.final.share", 2),
    "first_answer_hours": ("service.first.median", 1),
    "ratings": ("ratings.count", 0),
    "rating_mean": ("ratings.mean", 1),
    "survey_answers": ("survey.respondents", 0),
    "survey_index": ("survey.value", 1),
}
NOTHING: dict[str, float | None] = dict.fromkeys(PLACES)


def is_offered(period: Period) -> bool:
    """Return whether the figures of this month can be asked for now."""
    today = clock.today(settings.current().zone)
    age = (today.year - period.first.year) * 12 + today.month - period.first.month
    return age <= MONTHS_BACK and is_over(period, clock.now())


def document(period: Period) -> MonthlyFigures:
    """Return the document of a month, counted once an hour in each process."""
    documents: dict[str, MonthlyFigures] = current_app.extensions.setdefault(
        "monthly", {}
    )
    now, latest = clock.now(), documents.get(period.code)
    if latest is None or not timedelta(0) <= now - latest.counted_at < KEPT_FOR:
        if len(documents) > MONTHS_BACK:
            documents.clear()
        latest = documents[period.code] = count(period, now)
    return latest


def count(period: Period, now: datetime) -> MonthlyFigures:
    """Count the figures of a month."""
    figures = Figures(period, now).public()
    return MonthlyFigures(
        settings.current().office_name[:MAX_NAME_LENGTH],
        period.code,
        now,
        publishable(figures),
    )


def publishable(figures: dict[str, Any]) -> dict[str, float | None]:
    """Return what may be published of `figures`; nothing when they are of few."""
    if figures["volume"]["total"] < MIN_SHOWN:
        return dict(NOTHING)
    safe = published(figures)
    values = {key: _rounded(safe, *place) for key, place in PLACES.items()}
    if values["survey_index"] is None:
        values["survey_answers"] = None
    return values


def _rounded(figures: dict[str, Any], path: str, decimals: int) -> float | None:
    value: Any = figures
    for name in path.split("."):
        value = value[name]
    if value is None or decimals == 0:
        return None if value is None else int(value)
    return round(float(value), decimals)
