"""Rows of models that many requests read or add, by statements written once."""

from functools import cached_property
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, Session, aliased
from sqlalchemy.orm.attributes import instance_state, set_committed_value

from pst.database.base import db
from pst.database.plain.statements import PlainSelect, PlainStatement

Model = TypeVar("Model")


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


class RowInsert(Generic[Model]):
    """An INSERT of one row of `model`, whose key is its `id`.

    The row is in the session as if it had been read. What the session does for one
    that was added to it takes longer than all that the database does for a message.
    """

    def __init__(self, model: type[Model]) -> None:
        self.model = model

    def row(self, **values: Any) -> Model:
        """Store a row with these values, else the defaults of columns; return it."""
        values = {**self._defaults, **values}
        (id,) = self._insert.first(**{f"new_{name}": values[name] for name in values})
        return self._part.stored_row(db.session(), {"id": id, **values})

    @cached_property
    def _part(self) -> "_Part":
        return _Part("", sa.inspect(self.model), 0)

    @cached_property
    def _defaults(self) -> dict[str, Any]:
        columns = self.model.__table__.columns  # type: ignore[attr-defined]
        return {
            name: column.default.arg
            for name, column in columns.items()
            if column.default is not None and column.default.is_scalar
        }

    @cached_property
    def _insert(self) -> PlainStatement:
        table: sa.Table = self.model.__table__  # type: ignore[attr-defined]
        values = {
            name: sa.bindparam(f"new_{name}", type_=column.type)
            for name, column in table.columns.items()
            if name != "id"
        }
        return PlainStatement(sa.insert(table).values(values).returning(table.c.id))


def moved_on(model: type[Any], name: str) -> PlainStatement:
    """Return an INSERT that moves the row with the same key on, where `name` grows.

    Its values are those of all columns. No row comes back when nothing was moved.
    """
    table: sa.Table = model.__table__
    keys = [column.name for column in table.primary_key]
    names = table.c.keys()
    changes = [f"{each} = excluded.{each}" for each in names if each not in keys]
    types = [sa.bindparam(column.name, type_=column.type) for column in table.c]
    text = sa.text(
        f"INSERT INTO {table.name} ({', '.join(names)})"
        f" VALUES ({', '.join(f':{each}' for each in names)})"
        f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {', '.join(changes)}"
        f" WHERE {table.name}.{name} < excluded.{name} RETURNING {name}"
    )
    return PlainStatement(text.bindparams(*types).columns(table.c[name]))


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

    def stored_row(self, session: Session, values: dict[str, Any]) -> Any:
        """Return the row that was stored with these `values`."""
        identity = self.mapper.identity_key_from_primary_key((values["id"],))
        if (old_row := session.identity_map.get(identity)) is not None:
            session.expunge(old_row)  # Its id was free again after a rollback.
        return self._new_row(session, identity, values)

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
