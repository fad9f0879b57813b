"""A request that Siti has filed."""

import pytest

from tests.journeys.conftest import Browser
from tests.steps import MINE, ask


@pytest.fixture
def asked(siti: Browser) -> None:
    assert ask(siti).location == MINE
