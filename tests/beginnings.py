"""The data that tests begin with: made once a run, and copied for each test."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from pst import config, create_app
from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.consultations.states import Category
from pst.database import db, engine
from tests import s3
from tests.people import email_of
from tests.postgresql import address_for, mark

MORNING = "2026-03-02 09:00+07:00"  # a Monday in service hours
SUBJECT = "Jumlah penduduk Kecamatan Wanadadi"
Result = TypeVar("Result")


def settings_for(folder: Path, **changed: object) -> config.Config:
    """Make the settings of a test server whose data lie in `folder`."""
    made = config.load({"PST_DATA_DIR": str(folder), "PST_TESTING": "1"})
    if address := address_for(folder):
        changed.setdefault("database_url", address)
    if place := s3.place_for(folder):
        changed.setdefault("files", place)
    return replace(made, **changed)  # type: ignore[arg-type]


def copy(built: Path, folder: Path) -> None:
    """Copy the data; the scripts and styles, which nothing changes, are shared."""
    folder.mkdir(exist_ok=True)
    for path in built.iterdir():
        if path.name == "static":
            (folder / path.name).symlink_to(path)
        elif path.is_dir():
            shutil.copytree(path, folder / path.name)
        else:
            shutil.copy2(path, folder)


def fuller(built: Path, folder: Path, fill: Callable[[Flask], Result]) -> Result:
    """Fill a copy of `built` in `folder`, of which tests may have copies."""
    copy(built, folder)
    app = create_app(settings_for(folder))
    with time_machine.travel(MORNING, tick=False):
        result = fill(app)
    with app.app_context():
        engine().shorten_log()
        db.engine.dispose()
    mark(folder, app.config["PST"].database_url)
    return result


# Consultations that many tests begin with: asked and claimed once, and then copied.


def _ask(app: Flask) -> None:
    with app.app_context():
        Consultation.ask(
            person("siti"),
            Category.DATA,
            SUBJECT,
            "Saya memerlukan jumlah penduduk menurut umur, 2020 sampai 2025.",
        )
        db.session.commit()


def _claim(app: Flask) -> None:
    with app.app_context():
        asked_by_siti().claim(person("budi"))
        db.session.commit()


def person(name: str) -> User:
    """Return `siti`, `dewi`, `budi`, `rina`, `hasan` or `andi`."""
    user = User.with_email(email_of(name))
    assert user is not None
    return user


def asked_by_siti() -> Consultation:
    """Return the request that `asked_data` holds."""
    return db.session.scalars(sa.select(Consultation).filter_by(subject=SUBJECT)).one()


@pytest.fixture(scope="session")
def asked_data(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a request of Siti's in the queue."""
    folder = tmp_path_factory.mktemp("asked")
    fuller(built, folder, _ask)
    return folder


@pytest.fixture(scope="session")
def claimed_data(asked_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a request of Siti's that Budi has claimed."""
    folder = tmp_path_factory.mktemp("claimed")
    fuller(asked_data, folder, _claim)
    return folder


@pytest.fixture
def starting_data(request: pytest.FixtureRequest, built: Path) -> Path:
    """The folder that a test has a copy of; where several begin alike, a fuller one."""
    folder = built
    if "consultation" in request.fixturenames:
        folder = request.getfixturevalue("asked_data")
    if "mine" in request.fixturenames:
        folder = request.getfixturevalue("claimed_data")
    return folder


@pytest.fixture
def consultation(at: object, siti: User) -> Consultation:
    """Siti's request, in the queue since Monday 2 March 2026 at 09.00."""
    made = asked_by_siti()
    db.session.commit()  # No transaction is left open, as after asking.
    return made


@pytest.fixture
def mine(consultation: Consultation, budi: User) -> Consultation:
    """Siti's request, claimed by Budi as soon as it came."""
    db.session.commit()
    return consultation
