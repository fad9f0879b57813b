"""What the clock does for the IT person."""

import sqlalchemy as sa

from pst.database import db, only_read, transaction
from pst.knowledge import importing, index
from pst.office import workdays


class Unsound(Exception):
    """Something in the data is not as it must be; its text says what."""


def keep_calendar() -> None:
    """Have the days off of this year, the last and the next."""
    with transaction():
        workdays.seed_ahead()


def tend_database() -> None:
    """Look whether the database is sound, and keep it quick and small.

    Raises `Unsound`, which the system screen shows until a later run finds nothing.
    """
    only_read()
    found = db.session.scalars(sa.text("PRAGMA quick_check(5)")).all()
    orphans = db.session.execute(sa.text("PRAGMA foreign_key_check")).all()
    drift = index.check(db.session.connection(), importing.published_documents())
    db.session.rollback()
    only_read(False)
    if found != ["ok"]:
        raise Unsound("; ".join(found))
    if orphans:
        raise Unsound(f"{len(orphans)} rows without their parent in {orphans[0][0]}")
    if drift:
        raise Unsound(f"the search index: {drift}; run: flask search reindex")
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA optimize")
        connection.commit()
    _shorten_log()


def _shorten_log() -> None:
    """Move the write-ahead log into the database; not while somebody reads it."""
    raw = db.engine.raw_connection()
    try:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[attr-defined]
    finally:
        raw.close()
