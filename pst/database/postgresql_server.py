"""How a PostgreSQL server is reached, and what it must be like for this service."""

from typing import Any

import sqlalchemy as sa

from pst.server.config_values import BadSetting

LOCK_TIMEOUT_MS = 20_000
# What no statement of a request or job comes near; a lost client ends sooner.
STATEMENT_TIMEOUT_MS = 15 * 60_000
OPTIONS = {
    "lock_timeout": LOCK_TIMEOUT_MS,
    "statement_timeout": STATEMENT_TIMEOUT_MS,
    "idle_in_transaction_session_timeout": 60_000,
    "timezone": "UTC",
    # Not the default of the server: in any other, a writer that waited reads old rows.
    "default_transaction_isolation": r"read\ committed",
    # What the server acknowledged is on disk, also after a power cut.
    "synchronous_commit": "on",
}
# When a machine vanishes: the system's own limits are 15 minutes and two hours.
GONE = {
    "tcp_user_timeout": 15_000,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
OLDEST = 15
# Names stand in the order of their characters, as SQLite has them.
COLLATIONS = ("C", "POSIX", "C.UTF-8", "C.utf8")
OF_SERVER = "b"  # a locale provider of PostgreSQL's own, from 17 on
FACTS = sa.text(
    "SELECT current_setting('server_version_num')::int AS version,"
    " pg_encoding_to_char(encoding) AS encoding, datcollate AS collation,"
    " datlocprovider::text AS provider, to_regclass('data_move') AS unfinished,"
    " EXISTS (SELECT 1 FROM pg_collation WHERE collname = 'und-x-icu') AS has_icu"
    " FROM pg_database WHERE datname = current_database()"
)


def connect_args(**more: object) -> dict[str, Any]:
    """Return how the driver opens a connection."""
    options = " ".join(f"-c {name}={value}" for name, value in (OPTIONS | more).items())
    return {
        "options": options,
        "connect_timeout": 5,
        **GONE,
        "application_name": "pst",
        "client_encoding": "utf8",
    }


def refuse_unfit(address: str) -> None:
    """Raise `BadSetting` when this service would not run right at `address`.

    A server that is away is no wrong setting: it may be back in a moment.
    """
    args = connect_args()
    maker = sa.create_engine(address, connect_args=args, poolclass=sa.pool.NullPool)
    try:
        with maker.connect() as connection:
            facts = connection.execute(FACTS).one()
    except sa.exc.OperationalError:
        return
    if fault := _fault(facts):
        raise BadSetting(f"PST_DATABASE_URL: {fault}")


def _fault(facts: sa.Row[tuple[object, ...]]) -> str:
    if facts.version < OLDEST * 10_000:
        return f"the server must be PostgreSQL {OLDEST} or newer."
    if facts.encoding != "UTF8":
        return f"the database must be in UTF8, not in {facts.encoding}."
    is_plain = facts.provider == "c" and facts.collation in COLLATIONS
    if not is_plain and facts.provider != OF_SERVER:
        return (
            f"the database must be made with LOCALE 'C.UTF-8', not {facts.collation}:"
            " CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"
        )
    if not facts.has_icu:
        return "the server must be built with ICU, as those of distributions are."
    if facts.unfinished:
        return "a move into this database is not finished; see `flask data move`."
    return ""
