"""Values in SQLite that are of another type than their column.

SQLite's STRICT tables would refuse a value of another type when it is written. The
migration tool cannot make them (it knows VARCHAR and DATETIME, which STRICT does not),
so the models see to it, and this finds what came another way.
"""

from collections.abc import Iterator

import sqlalchemy as sa

from pst.database.base import db

TEXT, NUMBER, BYTES = "'text'", "'integer','real'", "'blob'"


def of_another_type() -> Iterator[str]:
    """Return in which columns such values are, and how many."""
    for table in db.metadata.sorted_tables:
        sums = ", ".join(
            f"sum(typeof(\"{column.name}\") NOT IN ({_storage(column)}, 'null'))"
            for column in table.columns
        )
        counts = db.session.execute(sa.text(f'SELECT {sums} FROM "{table.name}"')).one()
        for column, count in zip(table.columns, counts, strict=True):
            if count:
                yield f"{count} values of another type in {table.name}.{column.name}"


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
