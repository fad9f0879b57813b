"""A period, and the one that it is compared with."""

from typing import Any

import pytest

from pst.reports.periods import Period
from tests.reports.conftest import FEBRUARY


@pytest.fixture(params=["this period", "the one before"])
def looked_at(
    request: pytest.FixtureRequest, figures: dict[str, Any]
) -> tuple[Period, dict[str, Any]]:
    """The period and its figures; then the one that it is compared with."""
    if request.param == "this period":
        return FEBRUARY, figures
    return FEBRUARY.before, figures["before"]
