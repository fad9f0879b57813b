"""The database: base class, types, transactions, and one module per engine."""

from flask import Flask
from sqlalchemy.engine import Engine

from pst.database.base import NAMES, Base, UtcDateTime, db, only_where
from pst.database.engines import engine, engine_of, full_text, is_trouble
from pst.database.plain.rows import RowInsert, RowSelect, moved_on
from pst.database.plain.statements import (
    PlainSelect,
    PlainStatement,
    filled_in,
    left_open,
)
from pst.database.sqlite import file_of
from pst.database.transactions import (
    only_read,
    read_columns,
    reading,
    rehearsal,
    transaction,
    write_from_here,
)

__all__ = [
    "NAMES",
    "Base",
    "PlainSelect",
    "PlainStatement",
    "RowInsert",
    "RowSelect",
    "filled_in",
    "left_open",
    "moved_on",
    "UtcDateTime",
    "db",
    "engine",
    "engine_of",
    "file_of",
    "full_text",
    "init_app",
    "is_trouble",
    "only_read",
    "only_where",
    "prepare",
    "reading",
    "rehearsal",
    "read_columns",
    "transaction",
    "write_from_here",
]


def init_app(app: Flask) -> None:
    """Bind the database to `app` and set every connection up alike."""
    of_url = engine_of(app.config["SQLALCHEMY_DATABASE_URI"])
    of_url.refuse_unfit(app.config["SQLALCHEMY_DATABASE_URI"])
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", of_url.engine_options())
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)


def prepare(engine: Engine) -> None:
    """Let the transactions of `engine` begin as they must, each kind in its way."""
    engine_of(engine.dialect.name).prepare(engine)
