"""An installation without anyone in it, and its admin."""

from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade

from pst import create_app
from pst.database import db, transaction
from pst.office import days_off
from tests.conftest import settings_for
from tests.journeys.conftest import Browser
from tests.journeys.first_visit.steps import EMAIL, OPEN, PASSWORD, make_admin


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a service that was just installed: no one, and no article."""
    folder = tmp_path_factory.mktemp("installed")
    app = create_app(settings_for(folder))
    with app.app_context():
        upgrade()
        db.engine.dispose()
    return folder


@pytest.fixture
def app(migrated: Path, tmp_path: Path, at: object) -> Flask:
    for name in ("pst.sqlite3", "secret_key"):
        (tmp_path / name).write_bytes((migrated / name).read_bytes())
    app = create_app(settings_for(tmp_path))
    with app.app_context(), transaction():
        days_off.seed_ahead()
    return app


@pytest.fixture
def admin(app: Flask) -> Browser:
    """The IT person, for whom the installer made an account."""
    make_admin(app, EMAIL)
    browser = Browser(app)
    answer = browser.post("/masuk", {"email": EMAIL, "password": PASSWORD})
    assert answer.location == OPEN, "the log-in leads to the set-up"
    return browser
