"""What many requests ask of the database: written once, rows read as plain tuples.

What SQLAlchemy does again at every execution takes longer than the database's answer:
it looks up how the statement is written, and how each column is read.
"""

from collections import namedtuple
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.types import TypeEngine

from pst.database.base import db

Converter = Callable[[Any], Any] | None
Statement = (
    sa.Select[*tuple[Any, ...]]
    | sa.CompoundSelect[*tuple[Any, ...]]
    | sa.TextualSelect
    | ReturningInsert[*tuple[Any, ...]]
)


class PlainStatement:
    """A statement that stays the same, but for the values that it leaves open.

    One that writes says with RETURNING what its rows are.
    """

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self._written: _Written | None = None

    def rows(self, **values: Any) -> list[Any]:
        """Return its rows as named tuples, with `values` for what is left open."""
        return [self.row_of(each) for each in self.raw_rows(**values)]

    def raw_rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """Return its rows as the driver gives them: a key for what is kept of each."""
        session = db.session()
        if session.autoflush:
            session.flush()
        connection = session.connection()
        written = self._written
        if written is None or written.dialect is not connection.dialect:
            written = self._written = _Written(self.statement, connection.dialect)
        return written.ask(connection, values)

    def row_of(self, raw_row: tuple[Any, ...]) -> Any:
        """Return one of its raw rows as a named tuple."""
        assert self._written is not None  # It gave the row.
        return self._written.row_of(raw_row)

    def first(self, **values: Any) -> Any:
        """Return its first row, or None."""
        return next(iter(self.rows(**values)), None)


class PlainSelect(PlainStatement):
    """A SELECT that stays the same, but for the values that it leaves open."""


def left_open(name: str, count: int) -> list[sa.BindParameter[Any]]:
    """Leave `count` values open, for a list that a column is in."""
    return [sa.bindparam(f"{name}_{at}") for at in range(count)]


def filled_in(name: str, values: Sequence[Any]) -> dict[str, Any]:
    """Return the values of a list as `left_open` of its length left them open."""
    return {f"{name}_{at}": value for at, value in enumerate(values)}


class _Written:
    """A statement as the driver of one engine takes it."""

    def __init__(self, statement: Statement, dialect: Dialect) -> None:
        self.dialect = dialect
        compiled: Any = statement.compile(dialect=dialect)
        self.text = str(compiled)
        self._order: list[str] | None = compiled.positiontup
        self._open: dict[str, Converter] = {}
        self._fixed: dict[str, Any] = {}
        for bind, name in compiled.bind_names.items():
            convert = self._type_here(bind.type).bind_processor(dialect)
            if bind.required:
                self._open[name] = convert
            else:
                self._fixed[name] = convert(bind.value) if convert else bind.value
        columns = list(statement.exported_columns)
        converters = [
            self._type_here(column.type).result_processor(dialect, None)
            for column in columns
        ]
        # Where a column stands that is not read as the driver gives it.
        self._from_driver = [
            (place, convert) for place, convert in enumerate(converters) if convert
        ]
        keys = [column.key or "" for column in columns]
        self._row = namedtuple("Row", keys, rename=True)  # type: ignore[misc]

    def _type_here(self, type_: TypeEngine[Any]) -> TypeEngine[Any]:
        return type_.dialect_impl(self.dialect)

    def row_of(self, raw_row: tuple[Any, ...]) -> Any:
        columns = list(raw_row)
        for place, convert in self._from_driver:
            if columns[place] is not None:
                columns[place] = convert(columns[place])
        return self._row(*columns)

    def ask(self, connection: sa.Connection, values: dict[str, Any]) -> Any:
        parameters = self._parameters(values)
        cursor = connection.connection.cursor()
        # Those who note what is asked hear of it as from SQLAlchemy.
        for hear in connection.engine.dispatch.before_cursor_execute:
            hear(connection, cursor, self.text, parameters, None, False)
        try:
            cursor.execute(self.text, parameters)
            return cursor.fetchall()
        except self.dialect.loaded_dbapi.Error as error:
            raise self._as_sqlalchemy(error, connection) from error
        finally:
            cursor.close()

    def _as_sqlalchemy(self, error: Any, connection: sa.Connection) -> BaseException:
        """Return `error` as SQLAlchemy names it; give up a connection that is gone."""
        driver, raw = self.dialect.loaded_dbapi, connection.connection
        is_gone = self.dialect.is_disconnect(error, raw, None)
        if is_gone:
            connection.invalidate(error)
        return sa.exc.DBAPIError.instance(
            self.text,
            None,
            error,
            driver.Error,
            hide_parameters=True,
            connection_invalidated=is_gone,
            dialect=self.dialect,
        )

    def _parameters(self, values: dict[str, Any]) -> Any:
        """Return what is left open and what is not, in the way of the driver."""
        by_name = self._fixed.copy()
        for name, convert in self._open.items():
            by_name[name] = convert(values[name]) if convert else values[name]
        if self._order is None:
            return by_name
        return tuple(map(by_name.__getitem__, self._order))
