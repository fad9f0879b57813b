"""A busy desk, and the statements that it runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from pst.database import db, engine, transaction
from pst.demo.office import BusyOffice
from tests.conftest import fuller
from tests.consultations.desk_costs.steps import CLOSED


@pytest.fixture(scope="module")
def starting_data(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A busy office, made once."""
    folder = tmp_path_factory.mktemp("busy")
    fuller(built, folder, make_busy)
    return folder


def make_busy(app: Flask) -> None:
    with app.app_context(), transaction():
        BusyOffice(opened=150, closed=CLOSED).make()
    with app.app_context(), db.engine.connect() as connection:
        # As the nightly job does it: the plans are those of an office in use.
        engine().tend(connection)
        connection.commit()


@pytest.fixture
def busy(app: Flask, at: object) -> None:
    """An office at work: what `starting_data` holds, on its first morning."""


@pytest.fixture
def statements_run(app: Flask) -> Iterator[list[tuple[str, object]]]:
    """Gather the statements of the application."""
    statements: list[tuple[str, object]] = []

    def note(_c: object, _u: object, text: str, values: object, *_: object) -> None:
        statements.append((text, values))

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield statements
    sa.event.remove(engine, "before_cursor_execute", note)
