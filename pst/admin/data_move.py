"""Move an office to another database: every row, compared at the end.

What was moved is noted in the new database, so a move that was cut off goes on where it
was. The service rests until then; the old database is only read.
"""

import hashlib
import importlib
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pst.config import ROOT
from pst.database import db, engine_of, prepare
from pst.database.copies import copies_of
from pst.database.engines import DatabaseEngine

MIGRATIONS = ROOT / "migrations"
BATCH = 500
# Stands in the new database for as long as a move is not finished.
NOTES = sa.Table(
    "data_move",
    sa.MetaData(),
    sa.Column("name", sa.String(80), primary_key=True),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
)
# Each database notes for itself what its web servers have to index again.
OWN = ("index_change",)
REVISION = sa.text("SELECT version_num FROM alembic_version")


class CannotMove(Exception):
    """A move that was refused or did not come out even; its text says why."""


def move(source: str, target: str, tell: Callable[[str], None]) -> int:
    """Copy every row from one database to the other; return how many there are."""
    _refuse(source, target)
    _migrate(target)
    there, here = copies_of(target), copies_of(source)
    with here.connected(source) as old, there.connected(target) as new:
        _begin(old, new)
        names = set(new.scalars(sa.select(NOTES.c.name)))
        for table in tables():
            if table.name not in names:
                _copy(table, old, new, engine_of(target))
                tell(f"{table.name} …")
        total = _compare(old, new)
        if fault := there.faults(new):
            raise CannotMove(fault)
        NOTES.drop(new)
    return total


def tables() -> list[sa.Table]:
    """Return the tables with rows of the office, each after those it refers to."""
    return [each for each in db.metadata.sorted_tables if each.name not in OWN]


def is_unfinished(connection: Connection) -> bool:
    """Return whether a move into this database was begun and not finished."""
    return sa.inspect(connection).has_table(NOTES.name)


def _refuse(source: str, target: str) -> None:
    if source == target:
        raise CannotMove("That is the present database.")
    for address in (source, target):
        copies = copies_of(address)
        if copies.exists(address) and copies.is_served(address):
            raise CannotMove("The service is running; stop it first, then move.")


def _migrate(target: str) -> None:
    """Make the tables of this version in the new database."""
    maker = sa.create_engine(target, **engine_of(target).engine_options())
    prepare(maker)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    alembic = importlib.import_module("alembic.config")
    settings = alembic.Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.attributes["engine"] = maker
    importlib.import_module("alembic.command").upgrade(settings, "head")
    maker.dispose()


def _begin(old: Connection, new: Connection) -> None:
    """Empty what the migrations filled, once; refuse a database of another office."""
    if old.scalar(REVISION) != new.scalar(REVISION):
        raise CannotMove("The present database is of another version.")
    if is_unfinished(new):
        return
    people = db.metadata.tables["user"]
    if new.scalar(sa.select(sa.func.count()).select_from(people)):
        raise CannotMove("The new database holds an office already.")
    for table in reversed(tables()):
        new.execute(sa.delete(table))
    NOTES.create(new)
    new.commit()


def _copy(
    table: sa.Table, old: Connection, new: Connection, engine: DatabaseEngine
) -> None:
    """Copy one table, from where an earlier move was cut off."""
    own = _references(table)
    for rows in _batches(table, old, _highest(table, new)):
        new.execute(sa.insert(table), [_without_later(row, own) for row in rows])
        new.commit()
    for name in own:
        _refer(table, name, old, new)
    engine.number_after(table, new)
    count, sha256 = summary(table, new)
    new.execute(sa.insert(NOTES).values(name=table.name, rows=count, sha256=sha256))
    new.commit()


def _highest(table: sa.Table, new: Connection) -> int | None:
    """Return the last id that is there; a table without ids begins from its start."""
    if "id" in table.columns:
        return new.scalar(sa.select(sa.func.max(table.c.id)))
    new.execute(sa.delete(table))
    return None


def _batches(
    table: sa.Table, old: Connection, after: int | None
) -> Iterator[list[dict[str, Any]]]:
    query = sa.select(table).order_by(*table.primary_key.columns)
    if after is not None:
        query = query.where(table.c.id > after)
    options = {"yield_per": BATCH}
    for rows in old.execute(query, execution_options=options).mappings().partitions():
        yield [dict(row) for row in rows]


def _references(table: sa.Table) -> list[str]:
    """Return the columns that refer to rows of the same table."""
    return [key.parent.name for key in table.foreign_keys if key.column.table is table]


def _without_later(row: dict[str, Any], own: list[str]) -> dict[str, Any]:
    """Leave out a reference to a row that comes later."""
    later = {name: None for name in own if (row[name] or 0) > row["id"]}
    return {**row, **later}


def _refer(table: sa.Table, name: str, old: Connection, new: Connection) -> None:
    """Write the references that were left out."""
    column = table.c[name]
    later = sa.select(table.c.id, column).where(column > table.c.id)
    for id, other in old.execute(later):
        new.execute(sa.update(table).where(table.c.id == id).values({name: other}))


def _compare(old: Connection, new: Connection) -> int:
    """Compare counts and hashes of every table; return how many rows there are."""
    total = 0
    for table in tables():
        before, after = summary(table, old), summary(table, new)
        if before != after:
            raise CannotMove(
                f"{table.name} differs: {before[0]} rows here, {after[0]} there."
                " Was the service started between? Begin with a new database."
            )
        total += before[0]
    return total


def summary(table: sa.Table, connection: Connection) -> tuple[int, str]:
    """Return how many rows a table has, and a hash of their values."""
    count = total = 0
    rows = connection.execute(sa.select(table), execution_options={"yield_per": BATCH})
    for row in rows:
        text = json.dumps(list(row), default=_written, sort_keys=True)
        # A sum, since each engine has an order of its own.
        total += int.from_bytes(hashlib.sha256(text.encode()).digest())
        count += 1
    return count, f"{total % 2**256:064x}"


def _written(value: Any) -> str:
    """Write a value that JSON has no form for: bytes, a moment, a choice."""
    return value.hex() if isinstance(value, bytes) else str(value)


def forget_index(data_dir: Path) -> None:
    """Let this machine make the index of its searches again."""
    for path in data_dir.glob("search.sqlite3*"):
        path.unlink()
