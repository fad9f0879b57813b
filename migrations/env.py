"""How migrations run: batch mode, our engine, and the full-text tables left alone.

On PostgreSQL also while others serve (deploy/cluster.md). A statement that waits for a
table there lets no one pass, not even readers; so a migration that has to wait takes
back what it did, lets the others go by, and tries again.
"""

import fcntl
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import context

from pst.database import db
from pst.search.storage.index import OWN_TABLES

TRY_MS, PAUSE_S, TRIES = 500, 2, 300
IN_THE_WAY = ("55P03", "40P01")  # SQLSTATE: of a lock, a deadlock
MIGRATION_LOCK = 0x505355  # next to that of writers
log = logging.getLogger("alembic.env")
logging.getLogger("alembic").setLevel(logging.WARNING)


def include_name(name: str | None, kind: str, parents: object) -> bool:
    """Skip the full-text indexes and their tables, which no model knows."""
    if kind == "index":  # on PostgreSQL
        return name not in ("message_index", "consultation_index")
    return not (kind == "table" and name and ("_index" in name or name in OWN_TABLES))


def run() -> None:
    # Another database than the application's, when its data move there.
    engine = context.config.attributes.get("engine") or db.engine
    with engine.connect() as connection:
        driver = connection.connection.dbapi_connection
        if connection.dialect.name == "sqlite":
            # Rebuilding a table in batch mode drops it for a moment; this pragma works
            # only outside a transaction.
            driver.execute("PRAGMA foreign_keys=OFF")
            with alone_in(Path(engine.url.database).parent):
                migrate(connection)
        else:
            connection.detach()  # what is set here is for no other use
            be_alone(driver)
            migrate_patiently(connection, driver)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Wait until no other process migrates; once it has, there is nothing to do."""
    place = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(place, fcntl.LOCK_EX)
        yield
    finally:
        os.close(place)


def be_alone(driver: Any) -> None:
    """Wait until no other machine migrates."""
    driver.execute("SET lock_timeout = 0")
    driver.execute(f"SELECT pg_advisory_lock({MIGRATION_LOCK})")
    driver.execute(f"SET lock_timeout = {TRY_MS}")
    driver.commit()


def migrate_patiently(connection: sa.Connection, driver: Any) -> None:
    for left in reversed(range(TRIES)):
        try:
            return migrate(connection)
        except sa.exc.OperationalError as error:
            state = getattr(error.orig, "sqlstate", None)
            if state not in IN_THE_WAY or not left:
                raise
            connection.rollback()
            driver.rollback()  # also what did not get so far as to begin
            log.warning("A migration gave way to who reads or writes; it tries again.")
        time.sleep(PAUSE_S)


def migrate(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        include_name=include_name,
        render_as_batch=True,
        compare_type=True,
        transaction_per_migration=True,
        # We say BEGIN ourselves, so an interrupted migration leaves nothing.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
