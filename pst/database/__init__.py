"""The database: base class, types, transactions, and one module per engine."""

from flask import Flask

from pst.database import sqlite
from pst.database.base import NAMES, Base, UtcDateTime, db
from pst.database.sqlite import file_of, prepare, shorten_log
from pst.database.transactions import only_read, reading, rehearsal, transaction

__all__ = [
    "NAMES",
    "Base",
    "UtcDateTime",
    "db",
    "file_of",
    "init_app",
    "only_read",
    "prepare",
    "reading",
    "rehearsal",
    "shorten_log",
    "transaction",
]


def init_app(app: Flask) -> None:
    """Bind the database to `app` and set every connection up alike."""
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", sqlite.engine_options())
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
