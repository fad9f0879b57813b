"""Copies of a SQLite database: made while others write, checked, put in its place."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa

from pst.database.sqlite import file_of

NAME = "pst.sqlite3"
LOGS = ("-wal", "-shm")


@contextmanager
def copied(address: str, target: Path) -> Iterator[sa.Connection]:
    """Copy what is committed now, while others write; give what was copied."""
    source = file_of(address)
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as live,
        closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    with connected(opened(target, address)) as connection:
        yield connection


def opened(copy: Path, address: str) -> str:
    """Return the address of a database that holds what `copy` does."""
    return f"sqlite:///{copy}"


def drop(fresh: str) -> None:
    """Leave the file to the folder that it lies in."""


@contextmanager
def connected(address: str) -> Iterator[sa.Connection]:
    """Connect to a database that no one else uses, and commit at the end."""
    engine = sa.create_engine(address, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        yield connection
        connection.commit()


def faults(connection: sa.Connection) -> str:
    """Return what is wrong with a copy, if anything is."""
    if connection.exec_driver_sql("PRAGMA integrity_check").scalar() != "ok":
        return "The database in it is damaged."
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        return "Rows in it have lost what they belong to."
    return ""


def counts(connection: sa.Connection) -> dict[str, int]:
    """Count the rows of every table."""
    names = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE"
        " 'sqlite_%' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    ).scalars()
    count = 'SELECT count(*) FROM "{}"'
    return {
        name: connection.exec_driver_sql(count.format(name)).scalar_one()
        for name in names.all()
    }


def exists(address: str) -> bool:
    """Return whether there is a database to replace."""
    return file_of(address).exists()


def is_served(address: str) -> bool:
    """Return whether another process has the database open."""
    database = file_of(address)
    with closing(sqlite3.connect(database, timeout=1, isolation_level=None)) as file:
        try:
            file.execute("PRAGMA locking_mode=EXCLUSIVE")
            file.execute("BEGIN EXCLUSIVE")
            file.execute("ROLLBACK")
        except sqlite3.OperationalError:
            return True
        except sqlite3.DatabaseError:
            pass  # the file is no database any more, so no process serves it
    return False


def take_place(fresh: str, address: str, aside: Path) -> str:
    """Move the database into the folder `aside`, and `fresh` into its place.

    Return where the replaced one is; "" when there was none.
    """
    database = file_of(address)
    old_path = ""
    # Litestream's notes about the replaced database do not fit the new one.
    following = database.with_name(f".{database.name}-litestream")
    logs = [Path(f"{database}{ending}") for ending in LOGS]
    for path in (database, *logs, following):
        if path.exists():
            aside.mkdir(mode=0o700, exist_ok=True)
            os.replace(path, aside / path.name)
            old_path = old_path or str(aside / path.name)
    os.replace(file_of(fresh), database)
    return old_path
