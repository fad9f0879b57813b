"""All that an application has in its database, whichever the engine."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from pst.database import db
from tests.postgresql import IS_ASKED

Row = dict[str, Any]


def rows(app: Flask) -> Iterator[tuple[str, list[Row]]]:
    """Read every table: of the database, and of the index that a node has in a file."""
    for path in sorted(Path(app.config["PST"].data_dir).glob("*.sqlite3")):
        yield from _of_file(path)
    if IS_ASKED:
        yield from _of_server(app.config["PST"].database_url)


def _of_file(path: Path) -> Iterator[tuple[str, list[Row]]]:
    with closing(sqlite3.connect(path)) as file:
        file.row_factory = sqlite3.Row
        query = "SELECT name FROM sqlite_master WHERE type = 'table'"
        for (name,) in file.execute(query).fetchall():
            found = file.execute(f'SELECT * FROM "{name}"').fetchall()
            yield name, [dict(row) for row in found]


def _of_server(address: str) -> Iterator[tuple[str, list[Row]]]:
    engine = sa.create_engine(address)
    with engine.connect() as connection:
        for name in sa.inspect(connection).get_table_names():
            found = connection.exec_driver_sql(f'SELECT * FROM "{name}"').mappings()
            yield name, sorted((dict(row) for row in found), key=str)
    engine.dispose()


def without_triggers(table: str) -> None:
    """Let a forger change a table that may only grow."""
    if IS_ASKED:
        db.session.execute(sa.text(f'ALTER TABLE "{table}" DISABLE TRIGGER ALL'))
        return
    query = sa.text(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"
    )
    for name in db.session.scalars(query, {"table": table}).all():
        db.session.execute(sa.text(f'DROP TRIGGER "{name}"'))


def scalar(sql: str) -> object:
    value = db.session.scalar(sa.text(sql))
    db.session.rollback()
    return value
