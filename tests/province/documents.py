"""Documents of a month as an office sends them, and with something changed."""

from typing import Any

from pst.province.contract import FIGURES
from tests.province.conftest import FEBRUARY

GOOD = {
    "contract": "pst-figures/1",
    "office": "BPS Kabupaten",
    "period": FEBRUARY,
    "counted_at": "2026-03-02T01:00:00+00:00",
    "figures": {key: 1 for key in FIGURES},
}


def of(**changed: Any) -> dict[str, Any]:
    return {**GOOD, **changed}


def figures(**changed: Any) -> dict[str, Any]:
    return of(figures={**GOOD["figures"], **changed})
