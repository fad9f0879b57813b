"""A newcomer in a browser."""

import pytest

from tests.journeys.conftest import Browser


@pytest.fixture
def tuti(browser) -> Browser:
    return browser()
