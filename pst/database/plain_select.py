"""SELECTs that many requests ask: written once, their rows read as plain tuples.

What SQLAlchemy does again at every execution takes longer than the database's answer:
it looks up how the statement is written, and how each column is read.
"""

from collections import namedtuple
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapper, Session, aliased
from sqlalchemy.orm.attributes import instance_state, set_committed_value
from sqlalchemy.types import TypeEngine

from pst.database.base import db

Converter = Callable[[Any], Any] | None
Model = TypeVar("Model")
Query = sa.Select[*tuple[Any, ...]] | sa.CompoundSelect[*tuple[Any, ...]]


class PlainSelect:
    """A SELECT that stays the same, but for the values that it leaves open."""

    def __init__(self, statement: Query) -> None:
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


def left_open(name: str, count: int) -> list[sa.BindParameter[Any]]:
    """Leave `count` values open, for a list that a column is in."""
    return [sa.bindparam(f"{name}_{at}") for at in range(count)]


def filled_in(name: str, values: Sequence[Any]) -> dict[str, Any]:
    """Return the values of a list as `left_open` of its length left them open."""
    return {f"{name}_{at}": value for at, value in enumerate(values)}


class RowSelect(Generic[Model]):
    """A SELECT of rows of `model`, each with its `related` rows.

    They are in the session as if it had read them itself: what it has of these rows
    already stays, unless it is outdated.
    """

    def __init__(
        self,
        model: type[Model],
        *related: str,
        where: sa.ColumnElement[bool],
        order_by: Any = None,
    ) -> None:
        self.model, self.related = model, related
        self.where, self.order_by = where, order_by

    def rows(self, **values: Any) -> list[Model]:
        """Return its rows, with `values` for what is left open."""
        columns = self._select.rows(**values)
        return [self._row(db.session(), each) for each in columns]

    def first(self, **values: Any) -> Model | None:
        """Return its first row, or None."""
        return next(iter(self.rows(**values)), None)

    def _row(self, session: Session, columns: tuple[Any, ...]) -> Any:
        main, *others = self._parts
        row, is_read = main.row(session, columns)
        for other in others:
            its_row, _ = other.row(session, columns)
            if is_read:
                set_committed_value(row, other.name, its_row)
        return row

    @cached_property
    def _parts(self) -> list["_Part"]:
        parts = [_Part("", sa.inspect(self.model), 0)]
        for name in self.related:
            mapper = getattr(self.model, name).mapper
            parts.append(_Part(name, mapper, parts[-1].end))
        return parts

    @cached_property
    def _select(self) -> PlainSelect:
        statement: Any = sa.select(*_columns(self.model)).select_from(self.model)
        for name in self.related:
            relation = getattr(self.model, name)
            other = aliased(relation.mapper)
            statement = statement.add_columns(*_columns(other))
            statement = statement.outerjoin(relation.of_type(other))
        return PlainSelect(statement.where(self.where).order_by(self.order_by))


def _columns(entity: Any) -> list[Any]:
    attributes = sa.inspect(entity).mapper.column_attrs
    return [getattr(entity, each.key) for each in attributes]


class _Part:
    """The columns from `begin` on that are a row of one model, as `name` related."""

    def __init__(self, name: str, mapper: Mapper[Any], begin: int) -> None:
        self.name, self.mapper = name, mapper
        self.keys = mapper.column_attrs.keys()
        self.begin, self.end = begin, begin + len(self.keys)
        names = [mapper.get_property_by_column(each).key for each in mapper.primary_key]
        self.primary = [begin + self.keys.index(name) for name in names]

    def row(self, session: Session, columns: tuple[Any, ...]) -> tuple[Any, bool]:
        """Return the row, and whether the session had not read it yet."""
        key = tuple(columns[place] for place in self.primary)
        if key[0] is None:  # of an outer join
            return None, False
        identity = self.mapper.identity_key_from_primary_key(key)
        row = session.identity_map.get(identity)
        if row is None:
            return self._new_row(session, identity, self._values(columns)), True
        is_outdated = instance_state(row).expired
        if is_outdated:
            for name, value in self._values(columns).items():
                set_committed_value(row, name, value)
        return row, is_outdated

    def _values(self, columns: tuple[Any, ...]) -> dict[str, Any]:
        return dict(zip(self.keys, columns[self.begin : self.end], strict=True))

    def _new_row(self, session: Session, identity: Any, values: dict[str, Any]) -> Any:
        """Make what the session would have read: the steps of its own loading.

        `session.add` takes three times as long: it looks along all relationships.
        """
        row = self.mapper.class_manager.new_instance()
        vars(row).update(values)
        state = instance_state(row)
        state.key, state.session_id = identity, session.hash_key
        session.identity_map.add(state)
        return row


class _Written:
    """A statement as the driver of one engine takes it."""

    def __init__(self, statement: Query, dialect: Dialect) -> None:
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
        columns = list(statement.selected_columns)
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
        for hear in connection.dispatch.before_cursor_execute:
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
        return tuple(by_name[name] for name in self._order)
