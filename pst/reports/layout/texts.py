"""How a report is laid out: sections, tables, words for codes; reference data."""

import json
from functools import cache
from typing import Any

from pst import reference_lists
from pst.reports.figures.themes import themes

UNKNOWN = "unknown"
UNDECIDED = "undecided"


@cache
def layout() -> dict[str, Any]:
    """Return the reference data of `data/report.json`."""
    return json.loads((reference_lists.DATA / "report.json").read_text())


def label(name: str, code: str) -> str:
    """Return the words for a code of the list `name`."""
    if code == "":
        return layout()["labels"][UNKNOWN][0][1]
    if name in layout()["labels"]:
        return dict(layout()["labels"][name]).get(code, code)
    return reference_lists.text_of(name, code)


def theme_text(code: str | None) -> str:
    texts = {theme.code: theme.text for theme in themes()}
    return texts.get(code or "", code or layout()["labels"][UNDECIDED][0][1])
