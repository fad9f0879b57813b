"""When a transaction may write, when it ends, and what is left of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVarTuple

import sqlalchemy as sa
from sqlalchemy.sql.selectable import TypedReturnsRows

from pst.database.base import db

Ts = TypeVarTuple("Ts")
_only_reads: ContextVar[bool] = ContextVar("only_reads", default=False)


def is_read_only() -> bool:
    """Return whether what runs now is marked as reading."""
    return _only_reads.get()


def only_read(value: bool = True) -> None:
    """Mark what follows in this request as reading, so that it takes no lock."""
    _only_reads.set(value)


def write_from_here() -> None:
    """Let what follows write, and let go of what was read without the lock."""
    db.session.rollback()
    _only_reads.set(False)


@contextmanager
def reading() -> Iterator[None]:
    """Read without the write lock, and let go of everything read at the end.

    For the look-up before slow work (a password hash) inside a POST.
    """
    before = _only_reads.set(True)
    try:
        yield
    finally:
        db.session.rollback()
        _only_reads.reset(before)


@contextmanager
def rehearsal() -> Iterator[None]:
    """Do what the block does, and take it back: so that nothing takes as long."""
    nested = db.session.begin_nested()
    try:
        yield
        db.session.flush()
    finally:
        nested.rollback()


@contextmanager
def transaction() -> Iterator[None]:
    """Commit what the block did, or nothing of it; for jobs and commands."""
    before = _only_reads.set(False)
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _only_reads.reset(before)


def read_columns(
    statement: TypedReturnsRows[*Ts] | sa.TextClause,
    values: dict[str, Any] | None = None,
) -> sa.CursorResult[*Ts]:
    """Read columns; what the session adds for objects takes longer than the reading."""
    db.session.flush()
    return db.session.connection().execute(statement, values)
