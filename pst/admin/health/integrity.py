"""Whether the data are as they must be, looked at every night.

SQLite's STRICT tables would refuse a value of another type when it is written. The
migration tool cannot make them (it knows VARCHAR and DATETIME, which STRICT does not),
so the models see to it, and this finds what came another way.
"""

from collections.abc import Iterator

import sqlalchemy as sa

from pst.database import db
from pst.search import sources

TEXT, NUMBER, BYTES = "'text'", "'integer','real'", "'blob'"


class Unsound(Exception):
    """Something in the data is not as it must be; its text says what."""


def look() -> None:
    """Read everything once; raise `Unsound` at the first thing that is wrong."""
    found = db.session.scalars(sa.text("PRAGMA integrity_check(5)")).all()
    if found != ["ok"]:
        raise Unsound("; ".join(found))
    orphans = db.session.execute(sa.text("PRAGMA foreign_key_check")).all()
    if orphans:
        raise Unsound(f"{len(orphans)} rows without their parent in {orphans[0][0]}")
    for table, column, count in _of_another_type():
        raise Unsound(f"{count} values of another type in {table}.{column}")
    if drift := sources.drift():
        raise Unsound(f"the search index: {drift}; run: flask search reindex")


def _of_another_type() -> Iterator[tuple[str, str, int]]:
    for table in db.metadata.sorted_tables:
        sums = ", ".join(
            f"sum(typeof(\"{column.name}\") NOT IN ({_storage(column)}, 'null'))"
            for column in table.columns
        )
        counts = db.session.execute(sa.text(f'SELECT {sums} FROM "{table.name}"')).one()
        for column, count in zip(table.columns, counts, strict=True):
            if count:
                yield table.name, column.name, count


def _storage(column: sa.Column[object]) -> str:
    """Return the type by which SQLite keeps the values of `column`."""
    kind = column.type
    if isinstance(kind, sa.types.TypeDecorator):
        kind = kind.impl_instance
    if isinstance(kind, sa.LargeBinary):
        return BYTES
    if isinstance(kind, (sa.Integer, sa.Boolean, sa.Numeric, sa.Float)):
        return NUMBER
    return TEXT
