"""What every test stands on: a database built by the migrations, people, a clock."""

import gc
import json
import logging
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache

from pst import create_app
from pst.accounts.passwords import hash_password
from pst.accounts.users import User
from pst.database import db, engine, transaction
from pst.demo.people import PASSWORD, PEOPLE, register
from pst.office import days_off, settings
from tests import built_once
from tests.beginnings import (
    MORNING,
    asked_data,
    claimed_data,
    consultation,
    copy,
    fuller,
    mine,
    person,
    settings_for,
    starting_data,
)
from tests.built_once import costly_hashes
from tests.postgresql import (
    TEMPLATE,
    Server,
    mark,
    postgresql,
    quick_place,
)

__all__ = [  # fixtures, and what several modules take from here
    "MORNING",
    "asked_data",
    "claimed_data",
    "consultation",
    "copy",
    "costly_hashes",
    "fuller",
    "mine",
    "postgresql",
    "settings_for",
    "starting_data",
]
OFFICE = Path(__file__).parent.parent / "pst" / "data" / "office_banjarnegara.json"
OBJECTS_AT_ONCE = 20_000
built_once.share()


def pytest_configure() -> None:
    """Keep what tests write in memory, where there is room and no disk to wait for.

    Each application is some ten thousand objects: no search for circles among them
    after every few hundred.
    """
    if place := quick_place():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(place))
    gc.set_threshold(OBJECTS_AT_ONCE)


class Kept(logging.Handler):
    """Keeps what is logged, in words."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        why = record.exc_info[1] if record.exc_info else ""
        self.lines.append(f"{record.getMessage()}: {why!r}")


@pytest.fixture(autouse=True)
def nothing_set_aside(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test in which a job put an item aside, unless it is marked so.

    A job goes on with the next item; only the log and a row tell that one failed.
    """
    kept, log = Kept(), logging.getLogger("pst.dead_letters")
    log.addHandler(kept)
    yield
    log.removeHandler(kept)
    if kept.lines and request.node.get_closest_marker("sets_aside") is None:
        pytest.fail("A job put aside " + "; ".join(kept.lines))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, postgresql: Server | None) -> Path:
    """A data folder whose database was made by the migrations, with the people."""
    folder = tmp_path_factory.mktemp("built")
    address = postgresql and {"database_url": postgresql.create(name=TEMPLATE)}
    app = create_app(settings_for(folder, **address or {}))
    mark(folder, app.config["PST"].database_url)
    with time_machine.travel(MORNING, tick=True), app.app_context():
        upgrade()
        hashed = hash_password(PASSWORD)
        with transaction():
            settings.change(json.loads(OFFICE.read_text()))
            days_off.seed_ahead()
            for person in PEOPLE:
                register(person, hashed)
        engine().shorten_log()
        db.engine.dispose()
    return folder


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("templates")


@pytest.fixture
def app(
    starting_data: Path, tmp_path: Path, compiled: Path, postgresql: Server | None
) -> Iterator[Flask]:
    """An application with a fresh copy of the database."""
    copy(starting_data, tmp_path)
    of_test = settings_for(tmp_path)
    app = create_app(of_test)
    # Templates are compiled once for all tests, not once for each.
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(compiled))
    yield app
    with app.app_context():
        db.engine.dispose()
    if postgresql:
        postgresql.drop(of_test.database_url)


@pytest.fixture
def at() -> Iterator[Callable[[str | datetime], None]]:
    """Move the clock: `at("2026-03-02 09:00+07:00")`."""
    travels: list[time_machine.travel] = []

    def move(moment: str | datetime) -> None:
        while travels:
            travels.pop().stop()
        travel = time_machine.travel(moment, tick=False)
        travel.start()
        travels.append(travel)

    move(MORNING)
    yield move
    while travels:
        travels.pop().stop()


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    """An application context, for tests that call verbs, queries and jobs."""
    with app.app_context():
        yield
        db.session.rollback()


@pytest.fixture
def siti(context: None) -> User:
    return person("siti")


@pytest.fixture
def dewi(context: None) -> User:
    return person("dewi")


@pytest.fixture
def budi(context: None) -> User:
    return person("budi")


@pytest.fixture
def rina(context: None) -> User:
    return person("rina")


@pytest.fixture
def hasan(context: None) -> User:
    return person("hasan")


@pytest.fixture
def andi(context: None) -> User:
    return person("andi")
