"""The starter articles, in the index."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Connection

from pst.database import db, engine, reading, transaction
from pst.knowledge.exchange import entries, importing
from pst.knowledge.models import Article
from pst.reference_lists import DATA
from pst.search.storage import store

STARTER = DATA / "kb_starter.json"


@pytest.fixture(scope="session")
def filled(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that holds the starter articles in an index, of the database or a node."""
    from pst import create_app
    from tests.conftest import copy, settings_for

    folder = tmp_path_factory.mktemp("filled")
    copy(built, folder)
    app = create_app(settings_for(folder))
    with app.app_context():
        with transaction():
            importing.load(entries.read(json.loads(STARTER.read_text())))
        with reading():
            name = store.reading().engine.url.database
        engine().shorten_log()
        db.engine.dispose()
    assert name is not None
    return Path(name)


@pytest.fixture(scope="session")
def starter(filled: Path) -> Iterator[Connection]:
    """A connection to the starter articles that changes nothing."""
    maker = sa.create_engine(f"sqlite:///{filled}")
    with maker.connect() as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def articles(app: Flask, context: None) -> list[Article]:
    """The starter articles, in the database of this test."""
    with transaction():
        importing.load(entries.read(json.loads(STARTER.read_text())))
    return list(db.session.scalars(sa.select(Article).order_by(Article.id)))
