"""The full-text index of codes: one row a code, its words apart by where they stand.

What a code excludes is kept in the row but not indexed: no word of it finds the code.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pst.classifications import descriptions
from pst.classifications.activities import examples
from pst.classifications.activities import words as activity_words
from pst.classifications.models import Code
from pst.database import db, transaction
from pst.search.language import indonesian
from pst.search.storage import node_file, store

# As which kind the index of activities is noted; documents have small numbers.
CODE = 1000
INSERT = (
    "INSERT INTO code_index (rowid, title, examples, covers, context, words, excludes, "
    "edition_id, depth, kind) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
DELETE = "DELETE FROM code_index WHERE rowid = ?"
# Openings that every description has.
EMPTY_WORDS = frozenset(
    indonesian.stems(
        "kelompok golongan subgolongan kategori ini mencakup termasuk meliputi usaha"
        " kegiatan juga aktivitas jasa lainnya ytdl dan atau yang di dengan"
    )
)


class IndexableCode(Protocol):
    """What the index needs of a code, from its model or from a row to be written."""

    @property
    def id(self) -> Any: ...
    @property
    def classification_id(self) -> Any: ...
    @property
    def depth(self) -> Any: ...
    @property
    def title(self) -> Any: ...
    @property
    def covers(self) -> Any: ...
    @property
    def excludes(self) -> Any: ...
    @property
    def examples(self) -> Any: ...
    @property
    def parent_id(self) -> Any: ...


def replace(ids: list[int], rows: list[tuple[Any, ...]]) -> None:
    """Take codes out of the index and write rows into it, in one transaction."""
    all_ids = sorted({*ids, *(row[0] for row in rows)})
    if all_ids:
        store.change(CODE, all_ids, partial(_replace, ids=ids, rows=rows))


def _replace(
    connection: Connection, ids: list[int], rows: list[tuple[Any, ...]]
) -> None:
    if ids:
        connection.exec_driver_sql(DELETE, [(id,) for id in ids])
    if rows:
        connection.exec_driver_sql(INSERT, rows)


def _derive(connection: Connection, ids: Sequence[int] | None) -> None:
    """Write some codes into the index of a web server, or all."""
    query = sa.select(Code).where(Code.withdrawn_at.is_(None))
    if ids is not None:
        query = query.where(Code.id.in_(ids))
    every = {code.id: code for code in db.session.scalars(sa.select(Code))}
    learnt = examples.learnt(list(every if ids is None else ids))
    rows = [
        row_of(code, list(above(code, every)), learnt.get(code.id, []))
        for code in db.session.scalars(query)
    ]
    _replace(connection, list(ids or []), rows)


node_file.register(CODE, _derive)


def fill_empty() -> None:
    """Build the index where data came from another engine, which has none."""
    if store.has_own_file():
        return
    with transaction():
        connection = db.session.connection()
        if (
            connection.exec_driver_sql("SELECT 1 FROM code_index LIMIT 1").first()
            is None
        ):
            _derive(connection, None)


def write(code: Code) -> None:
    """Index one code again, after its examples changed."""
    if code.withdrawn_at is not None:
        replace([code.id], [])
        return
    above, parent = [], code.parent
    while parent is not None:
        above.append(parent)
        parent = parent.parent
    words = examples.learnt([code.id]).get(code.id, [])
    replace([code.id], [row_of(code, above, words)])


def above(
    code: IndexableCode, codes: Mapping[int, IndexableCode]
) -> Iterator[IndexableCode]:
    """Yield the codes above one among `codes`, the nearest first."""
    parent = codes.get(code.parent_id or 0)
    while parent is not None:
        yield parent
        parent = codes.get(parent.parent_id or 0)


def row_of(
    code: IndexableCode, above: Sequence[IndexableCode], learnt: list[str]
) -> tuple[Any, ...]:
    """Return the index's row of a code below others."""
    title = descriptions.own_words(code.title)
    lines = [descriptions.own_words(each) for each in code.examples] + learnt
    titles = [title, *(descriptions.own_words(each.title) for each in above)]
    texts = " ".join([title, *lines, code.covers])
    return (
        code.id,
        _stems(title),
        "\n".join(map(_stems, lines)),
        _stems(code.covers),
        _stems(" ".join(titles[1:])),
        " ".join(dict.fromkeys(indonesian.words(texts))),
        _stems(code.excludes),
        code.classification_id,
        code.depth,
        activity_words.kind_of(*titles) if code.depth > 1 else None,
    )


def _stems(text: str) -> str:
    return " ".join(s for s in indonesian.stems(text) if s not in EMPTY_WORDS)
