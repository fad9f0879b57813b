"""What every model stands on: the base class, the types, the names of constraints."""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.sql.functions import FunctionElement

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware moment, stored as UTC; a naive one is refused."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], datetime | None]:
        read = self.impl_instance.result_processor(dialect, coltype)

        def as_utc(value: Any) -> datetime | None:
            moment = read(value) if read else value
            return moment.replace(tzinfo=UTC) if moment else None

        return as_utc


class epoch(FunctionElement[float]):
    """A stored moment as seconds since 1970, computed by the database."""

    type = sa.Float()
    inherit_cache = True
    name = "epoch"


@compiles(epoch, "sqlite")
def _by_sqlite(element: epoch, compiler: Any, **options: Any) -> str:
    # 1 January 1970 as a Julian day.
    moment = compiler.process(element.clauses, **options)
    return f"((julianday({moment}) - 2440587.5) * 86400.0)"


@compiles(epoch, "postgresql")
def _by_postgresql(element: epoch, compiler: Any, **options: Any) -> str:
    moment = compiler.process(element.clauses, **options)
    return f"CAST(extract(epoch FROM {moment}) AS double precision)"


class Base(DeclarativeBase):
    """What every model stands on."""

    # Inside registry(…): as a class attribute the type map clashes with the
    # registry that Flask-SQLAlchemy adds, and the application does not start.
    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMES),
        type_annotation_map={
            datetime: UtcDateTime,
            dict[str, Any]: sa.JSON,
            list[str]: sa.JSON,
            StrEnum: sa.Enum(
                StrEnum,
                native_enum=False,
                create_constraint=True,
                length=40,
                values_callable=lambda states: [state.value for state in states],
            ),
        },
    )


def only_where(condition: str) -> dict[str, Any]:
    """Return the options of an index over the rows that meet `condition` alone."""
    return {f"{name}_where": sa.text(condition) for name in ("sqlite", "postgresql")}


db = SQLAlchemy(model_class=Base, disable_autonaming=False)
