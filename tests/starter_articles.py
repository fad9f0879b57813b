"""The starter articles, in the index."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Connection

from pst.database import db, prepare, transaction
from pst.knowledge.exchange import entries, importing
from pst.knowledge.models import Article
from pst.reference_lists import DATA

STARTER = DATA / "kb_starter.json"


@pytest.fixture(scope="session")
def filled(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file that holds the starter articles."""
    from pst import create_app
    from tests.conftest import settings_for

    folder = tmp_path_factory.mktemp("filled")
    for path in built.iterdir():
        if path.is_file():
            shutil.copy(path, folder / path.name)
    app = create_app(settings_for(folder))
    with app.app_context():
        with transaction():
            importing.load(entries.read(json.loads(STARTER.read_text())))
        name = db.engine.url.database
        with db.engine.connect() as connection:
            driver = connection.connection.dbapi_connection
            assert driver is not None
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    assert name is not None
    return Path(name)


@pytest.fixture(scope="session")
def starter(filled: Path) -> Iterator[Connection]:
    """A connection to the starter articles that changes nothing."""
    engine = sa.create_engine(f"sqlite:///{filled}")
    prepare(engine)
    with engine.connect() as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def articles(app: Flask, context: None) -> list[Article]:
    """The starter articles, in the database of this test."""
    with transaction():
        importing.load(entries.read(json.loads(STARTER.read_text())))
    return list(db.session.scalars(sa.select(Article).order_by(Article.id)))
