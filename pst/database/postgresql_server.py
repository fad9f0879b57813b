"""What a PostgreSQL server must be like for this service."""

import sqlalchemy as sa

from pst.server.config_values import BadSetting

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


def refuse_unfit(address: str, connect_args: dict[str, object]) -> None:
    """Raise `BadSetting` when this service would not run right at `address`.

    A server that is away is no wrong setting: it may be back in a moment.
    """
    maker = sa.create_engine(
        address, connect_args=connect_args, poolclass=sa.pool.NullPool
    )
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
