"""PostgreSQL: how its connections are set up, and how a transaction begins.

As on SQLite one transaction of an office writes at a time: it takes a lock of the
database first, and READ COMMITTED lets it see all that was committed before. So what a
verb has read is still true when it writes. What only reads sees one moment of the
database, and may write nothing.
"""

import re
from functools import cache
from importlib import import_module
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine

from pst.database import postgresql_server
from pst.database.base import db
from pst.database.postgresql_server import LOCK_TIMEOUT_MS, connect_args
from pst.database.transactions import is_read_only

# After so long an idle poll is left to Flask.
POLL_TIMEOUT_MS = 1000
# "PST": the one lock of the database, whose key another program hardly takes.
WRITE_LOCK = 0x505354
READS = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
WRITES = f"SELECT pg_advisory_xact_lock({WRITE_LOCK})"
# SQLSTATE: of a lock, a deadlock, a server that stops or starts, too many clients.
PASSING = ("55P03", "40P01", "40001", "57014", "57P01", "57P02", "57P03", "53300")
# Of a full disk, an error of the disk, a server that is only a copy.
NOT_WRITABLE = ("53100", "58030", "25006")


def engine_options() -> dict[str, Any]:
    """Return how SQLAlchemy makes the engine."""
    return {
        "connect_args": connect_args(),
        "hide_parameters": True,  # a log never quotes what a person wrote
        "pool_size": 6,
        "max_overflow": 6,
        "pool_timeout": LOCK_TIMEOUT_MS / 1000,
        # A connection may have died with a restart of the server.
        "pool_pre_ping": True,
    }


def refuse_unfit(address: str) -> None:
    """Raise `BadSetting` when this service would not run right at `address`."""
    postgresql_server.refuse_unfit(address)


def prepare(engine: Engine) -> None:
    """Make each transaction of `engine` wait for its turn to write, or only read."""
    # An integer goes to the server by its size: a number that no row can have, typed
    # into an address, finds none there, as on SQLite.
    engine.dialect.colspecs = {**engine.dialect.colspecs, sa.Integer: sa.Integer}
    event.listen(engine, "connect", _leave_out_nulls)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", _say_too_great)


def _leave_out_nulls(connection: Any, record: object) -> None:
    """Write and ask for texts without the character that PostgreSQL stores nowhere."""
    connection.adapters.register_dumper(str, _text_dumper())


@cache
def _text_dumper() -> type:
    # Installed only where it is needed.
    adapt = import_module("psycopg.adapt")

    class TextDumper(adapt.Dumper):
        def dump(self, obj: str) -> bytes:
            return obj.replace("\0", "").encode()

    return TextDumper


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql(READS if is_read_only() else WRITES)


def _say_too_great(context: sa.engine.ExceptionContext) -> None:
    """Raise what SQLite's driver raises for a number that no column holds."""
    if getattr(context.original_exception, "sqlstate", None) == "22003":
        raise OverflowError("a number is out of range")


def is_passing(error: BaseException) -> bool:
    """Return whether `error` of the driver will not come again in a moment."""
    state = getattr(error, "sqlstate", None)
    # Without a state there was no answer: the server is away.
    return state is None or state in PASSING or state.startswith("08")


def is_not_writable(error: BaseException) -> bool:
    """Return whether `error` of the driver says that nothing can be stored."""
    return getattr(error, "sqlstate", None) in NOT_WRITABLE


def shorten_log() -> None:
    """Leave the log to the server, which keeps as much of it as it is configured to."""


def wipe_deleted() -> None:
    """Leave freed pages to VACUUM, which the server runs by itself."""


def tend(connection: sa.Connection) -> None:
    """Let the planner count again."""
    connection.exec_driver_sql("ANALYZE")


def unsound() -> str:
    """Return what is wrong with the database itself; the server checks its keys."""
    invalid = db.session.scalars(
        sa.text("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid")
    ).all()
    return f"invalid indexes: {', '.join(invalid)}" if invalid else ""


def incarnation() -> str:
    """Return a mark that is another one in a database restored in place of this one.

    Also after a return to a point in time, and after a failover that may have lost
    what was written last: then the timeline of the server is another one.
    """
    query = (
        "SELECT d.oid || '.' || c.timeline_id FROM pg_database AS d,"
        " pg_control_checkpoint() AS c WHERE d.datname = current_database()"
    )
    return db.session.scalar(sa.text(query)) or ""


def number_after(table: sa.Table, connection: sa.Connection | None = None) -> None:
    """Let the next row of `table` come after those whose ids were given."""
    if "id" not in table.columns:
        return
    name = f'"{table.name}"'
    (connection or db.session).execute(
        sa.text(
            f"SELECT setval(pg_get_serial_sequence('{name}', 'id'),"
            f" (SELECT coalesce(max(id), 0) + 1 FROM {name}), false)"
        )
    )


def why_not_writable(address: str, patience_s: float) -> str:
    """Write to the database and take it back; return the error, if there is one."""
    args = connect_args(lock_timeout=max(int(patience_s * 1000), 1))  # 0: no limit
    maker = sa.create_engine(address, connect_args=args, poolclass=sa.pool.NullPool)
    try:
        with maker.connect() as connection:
            connection.exec_driver_sql(WRITES)
            connection.exec_driver_sql(
                "UPDATE alembic_version SET version_num = version_num"
            )
            connection.rollback()
    except sa.exc.DBAPIError as error:
        return str(error.orig)
    return ""


def size(address: str) -> int:
    """Return how many bytes the database takes."""
    query = sa.text("SELECT pg_database_size(current_database())")
    return db.session.scalar(query) or 0


def reader(address: str) -> "PostgresqlReadPool":
    """Return what reads the database at `address` for the idle poll."""
    return PostgresqlReadPool(address)


class PostgresqlReadPool:
    """Connections that only read, each statement by itself, without SQLAlchemy."""

    def __init__(self, address: str) -> None:
        args = connect_args(statement_timeout=POLL_TIMEOUT_MS)
        self.pool = sa.create_engine(
            address,
            connect_args=args,
            # A thread that finds none free waits for one: opening another, and making
            # the statement there, takes the server ninety times as long as a read.
            pool_size=4,
            max_overflow=0,
            pool_timeout=POLL_TIMEOUT_MS / 1000,
            pool_use_lifo=True,
            # Each statement stands by itself: there is nothing to take back.
            pool_reset_on_return=None,
        )
        event.listen(self.pool, "connect", _let_only_read)
        driver_error = self.pool.dialect.loaded_dbapi.Error
        self.errors = (sa.exc.DBAPIError, sa.exc.TimeoutError, driver_error)

    def written(self) -> str:
        """Return a mark that is another one once anything was written."""
        row = self.row("SELECT CAST(pg_current_wal_insert_lsn() AS text)", {})
        assert row is not None
        return str(row[0])

    def row(self, query: str, values: dict[str, Any]) -> tuple[Any, ...] | None:
        """Return the first row of `query`, in which `:name` is a parameter."""
        connection = self.pool.raw_connection()
        try:
            driver: Any = connection.driver_connection
            cursor = driver.execute(_as_driver(query), values, prepare=True)
            row: tuple[Any, ...] | None = cursor.fetchone()
        except self.errors:
            connection.invalidate()  # the next one asks a server that may be back
            raise
        connection.close()
        return row


def _let_only_read(connection: Any, record: object) -> None:
    """Make each statement a transaction that only reads.

    Asked for while connecting, that would be no session for an address which names
    several servers and wants the one that takes writes.
    """
    connection.autocommit = True
    connection.execute("SET default_transaction_read_only = on")


@cache
def _as_driver(query: str) -> str:
    return re.sub(r":(\w+)", r"%(\1)s", query)
