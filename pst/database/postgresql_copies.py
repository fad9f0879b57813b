"""Copies of a PostgreSQL database, by `pg_dump` and `pg_restore` of the same server.

A copy is looked at in a scratch database of the server, so the role needs CREATEDB.
"""

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pst.database.postgresql import READS
from pst.database.postgresql_server import connect_args

NAME = "pst.dump"
PROGRAMS = Path("/usr/lib/postgresql")  # where Debian puts those of each version
# What takes minutes is no request.
PATIENT = {"statement_timeout": 0, "idle_in_transaction_session_timeout": 0}
MAINTENANCE = "postgres"
CREATE = (
    "CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'"
    " LC_COLLATE '{collate}' LC_CTYPE '{ctype}'"
)
LOCALE = (
    "SELECT datcollate, datctype FROM pg_database WHERE datname = current_database()"
)
LOOKS = 10
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)


class CannotCopy(Exception):
    """A copy that was not made or does not open; its text says why."""


@contextmanager
def copied(address: str, target: Path) -> Iterator[sa.Connection]:
    """Copy what is committed now, while others write; give what was copied."""
    with connected(address) as connection:
        connection.exec_driver_sql(READS)
        export = "SELECT pg_export_snapshot()"
        snapshot = connection.exec_driver_sql(export).scalar_one()
        # The archive packs it.
        form = ("--format=custom", "--compress=0", f"--snapshot={snapshot}")
        bare = ("--no-owner", "--no-privileges")
        _run("pg_dump", address, *form, *bare, "--file", target)
        yield connection


def opened(copy: Path, address: str) -> str:
    """Return the address of a new database that holds what `copy` does."""
    with connected(address) as connection:
        collate, ctype = connection.exec_driver_sql(LOCALE).one()
    name = f"pst_copy_{secrets.token_hex(6)}"
    fresh = sa.make_url(address).set(database=name).render_as_string(False)
    _command(address, CREATE.format(name=name, collate=collate, ctype=ctype))
    try:
        _run("pg_restore", fresh, "--no-owner", "--single-transaction", copy)
    except CannotCopy:
        drop(fresh)
        raise
    return fresh


def drop(fresh: str) -> None:
    """Drop a database that was made of a copy, where it is still there."""
    name = sa.make_url(fresh).database
    _command(fresh, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def connected(address: str) -> Iterator[sa.Connection]:
    """Connect without the lock of writers, and commit at the end."""
    args = connect_args(**PATIENT)
    engine = sa.create_engine(address, connect_args=args, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        yield connection
        connection.commit()


def faults(connection: sa.Connection) -> str:
    """Return nothing: what was restored has met every constraint."""
    return ""


def counts(connection: sa.Connection) -> dict[str, int]:
    """Count the rows of every table."""
    names = sorted(sa.inspect(connection).get_table_names())
    count = 'SELECT count(*) FROM "{}"'
    return {
        name: connection.exec_driver_sql(count.format(name)).scalar_one()
        for name in names
    }


def exists(address: str) -> bool:
    """Return whether there is a database to replace: the server has made one."""
    return True


def is_served(address: str) -> bool:
    """Return whether anyone else is connected to the database, and stays so.

    The server needs a moment to see that a connection of ours was closed.
    """
    with connected(address) as connection:
        for _ in range(LOOKS):
            connection.exec_driver_sql("SELECT pg_stat_clear_snapshot()")
            if not connection.exec_driver_sql(OTHERS).scalar():
                return False
            connection.exec_driver_sql("SELECT pg_sleep(0.2)")
    return True


def take_place(fresh: str, address: str, aside: Path) -> str:
    """Rename the database as the folder `aside`, and `fresh` as it was.

    Both or neither, in one transaction. Return the new name of the replaced one.
    """
    name, new = sa.make_url(address).database, sa.make_url(fresh).database
    old_name = f"{name}_{aside.name.lower()}_{secrets.token_hex(2)}".replace("-", "_")
    with _from_maintenance(address) as connection, connection.begin():
        for old, fresh_name in ((name, old_name), (new, name)):
            statement = f'ALTER DATABASE "{old}" RENAME TO "{fresh_name}"'
            connection.exec_driver_sql(statement)
    return old_name


def _command(address: str, statement: str) -> None:
    """Run a statement outside a transaction, from another database."""
    with _from_maintenance(address, isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(statement)


@contextmanager
def _from_maintenance(address: str, **options: Any) -> Iterator[sa.Connection]:
    engine = sa.create_engine(
        sa.make_url(address).set(database=MAINTENANCE),
        connect_args=connect_args(**PATIENT),
        poolclass=sa.pool.NullPool,
        **options,
    )
    try:
        with engine.connect() as connection:
            yield connection
    except sa.exc.DBAPIError as error:
        raise CannotCopy(str(error.orig).strip()) from error


def _run(program: str, address: str, *words: str | Path) -> None:
    """Run a program of PostgreSQL; the password is in its environment alone."""
    url = sa.make_url(address)
    bare = url.set(drivername="postgresql", password=None).render_as_string()
    command = [_path_of(program), f"--dbname={bare}", *words]
    env = {**os.environ, **({"PGPASSWORD": url.password} if url.password else {})}
    try:
        result = subprocess.run(command, env=env, capture_output=True, text=True)
    except OSError as error:
        raise CannotCopy(f"{program} of PostgreSQL is not installed.") from error
    if result.returncode:
        raise CannotCopy(f"{program}: {result.stderr.strip()[-500:]}")


def _path_of(program: str) -> str:
    """Return the newest of a program: one older than its server refuses to work."""
    versions = PROGRAMS.glob(f"*/bin/{program}")
    newest = max(versions, key=lambda path: float(path.parts[-3]), default=None)
    return str(newest or shutil.which(program) or program)
