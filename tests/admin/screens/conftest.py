"""The IT person in a browser, and a stranger in another."""

import pytest
from flask import Flask

from tests.journeys.conftest import Browser


@pytest.fixture
def andi(app: Flask, at: object) -> Browser:
    return Browser(app).log_in("andi")


@pytest.fixture
def stranger(app: Flask) -> Browser:
    return Browser(app)
