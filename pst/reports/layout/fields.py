"""The fields that words may hold for figures, such as `{jawaban_pertama}`."""

from typing import Any

from pst.reports.layout.headline_rows import headline_keys
from pst.reports.layout.tables import table
from pst.reports.layout.texts import layout
from pst.reports.periods import Period


def figures_by_field(period: Period, figures: dict[str, Any]) -> dict[str, str]:
    """Return the figure of each field, as text: now and in the period before."""
    keys = headline_keys(figures)
    rows = dict(zip(keys, table("headline", figures).written, strict=True))
    of_before = layout()["field_of_before"].format
    now = {name: rows[key][1] for name, key in layout()["fields"].items()}
    before = {of_before(name): rows[key][2] for name, key in layout()["fields"].items()}
    spans = {"periode": period.text, of_before("periode"): period.before.text}
    return {**spans, **now, **before}
