"""How migrations run: batch mode, our engine, and the full-text tables left alone."""

import logging

from alembic import context

from pst.database import db
from pst.search.storage.index import OWN_TABLES

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
        # Rebuilding a table in batch mode drops it for a moment; this pragma works
        # only outside a transaction.
        if connection.dialect.name == "sqlite":
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
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
