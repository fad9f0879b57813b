"""A visitor of an office with figures."""

from collections.abc import Callable

import pytest
from flask import Flask

from pst.demo import catalogue
from tests.journeys.conftest import Browser


@pytest.fixture
def visitor(app: Flask, at: Callable[[str], None]) -> Browser:
    at("2026-03-02 09:00+07:00")
    with app.app_context():
        catalogue.load()
    return Browser(app)
