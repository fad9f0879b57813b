"""A stored moment as a number, which each engine computes in its way."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


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
