"""The full-text index: writing documents into it, and comparing it with them.

The tables are written in the same transaction as the source of the document. FTS5
keeps no text of its own (external content): deleting a row from it takes exactly the
words that went in, which are kept in `search_document`.
"""

import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy.engine import Connection

from . import word_counts
from .documents import Document, DocumentKind, Drift, kind_of, source_of

BATCH = 2_000

# The tables that no model knows, next to those of FTS5 ("…_index…").
OWN_TABLES = frozenset(
    ["search_document", "search_word", "search_deletion", "search_state"]
)

TEXTS = "title, labels, body, title_stems, label_stems, body_stems"
FIELDS = f"id, slug, category, {TEXTS}, fingerprint"
INSERT_DOCUMENT = (
    f"INSERT INTO search_document ({FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
INSERT_INDEX = f"INSERT INTO search_index (rowid, {TEXTS}) VALUES (?, ?, ?, ?, ?, ?, ?)"
DELETE_INDEX = (
    f"INSERT INTO search_index (search_index, rowid, {TEXTS}) "
    "VALUES ('delete', ?, ?, ?, ?, ?, ?, ?)"
)
DELETE_KIND = (
    f"INSERT INTO search_index (search_index, rowid, {TEXTS}) "
    f"SELECT 'delete', id, {TEXTS} FROM search_document WHERE id BETWEEN ? AND ?"
)
NEW_STATE = (
    "INSERT OR IGNORE INTO search_state "
    "(kind, documents, title_length, body_length, version) VALUES (?, 0, 0, 0, '')"
)
MOVE_STATE = (
    "UPDATE search_state SET version = ?, documents = documents + ?, "
    "title_length = title_length + ?, body_length = body_length + ? "
    "WHERE kind = ? RETURNING documents"
)


def write(connection: Connection, document: Document) -> None:
    """Write one document into the index, replacing an earlier version."""
    remove(connection, document.kind, document.source_id)
    row = document.row()
    connection.exec_driver_sql(INSERT_DOCUMENT, row)
    connection.exec_driver_sql(INSERT_INDEX, (row[0], *row[3:9]))
    word_counts.add(connection, row, _move_state(connection, +1, row))


def remove(connection: Connection, kind: DocumentKind, source_id: int) -> None:
    """Remove one document from the index, if it is there."""
    row_id = kind.row_id(source_id)
    row = connection.exec_driver_sql(
        f"SELECT {FIELDS} FROM search_document WHERE id = ?", (row_id,)
    ).one_or_none()
    if row is None:
        return
    connection.exec_driver_sql(DELETE_INDEX, (row[0], *row[3:9]))
    connection.exec_driver_sql("DELETE FROM search_document WHERE id = ?", (row_id,))
    word_counts.subtract(connection, row)
    _move_state(connection, -1, row)


def rebuild(
    connection: Connection, kind: DocumentKind, documents: Iterable[Document]
) -> int:
    """Index all documents of one kind again, and return how many there are."""
    _clear(connection, kind)
    counts: Counter[tuple[int, str]] = Counter()
    total, title_length, body_length = 0, 0, 0
    for batch in _batches(documents):
        rows = [document.row() for document in batch]
        connection.exec_driver_sql(INSERT_DOCUMENT, rows)
        connection.exec_driver_sql(INSERT_INDEX, [(r[0], *r[3:9]) for r in rows])
        for row in rows:
            counts.update(word_counts.forms_of(row))
            total += 1
            title_length += _length(row[6])
            body_length += _length(row[8])
    word_counts.write_all(connection, kind, counts, total)
    connection.exec_driver_sql(
        "REPLACE INTO search_state "
        "(kind, documents, title_length, body_length, version) VALUES (?, ?, ?, ?, ?)",
        (kind.number, total, title_length, body_length, new_version()),
    )
    connection.exec_driver_sql(
        "INSERT INTO search_index (search_index) VALUES ('optimize')"
    )
    return total


def check(
    connection: Connection, kind: DocumentKind, documents: Iterable[Document]
) -> Drift:
    """Compare the index with the documents of one kind that should be in it."""
    fingerprints = {
        id: fingerprint
        for id, fingerprint in connection.exec_driver_sql(
            "SELECT id, fingerprint FROM search_document WHERE id BETWEEN ? AND ?",
            kind.rows,
        )
    }
    missing, stale = [], []
    for document in documents:
        fingerprint = fingerprints.pop(document.id, None)
        if fingerprint is None:
            missing.append(document.source_id)
        elif fingerprint != document.fingerprint():
            stale.append(document.source_id)
    surplus = tuple(map(source_of, fingerprints))
    return Drift(
        tuple(missing), tuple(stale), surplus, _counts_are_off(connection, kind)
    )


def ask(connection: Connection, statement: str, *lists: Collection[Any]) -> list[Any]:
    """Return the rows of `statement`, in which each `(*)` is one of the lists.

    A search runs half a dozen such statements, which differ by their number of words.
    They go to the driver, since SQLAlchemy would take longer to compile them than
    SQLite to run them.
    """
    if not connection.in_transaction():
        connection.begin()
    for values in lists:
        marks = "(" + ",".join("?" * len(values)) + ")"
        statement = statement.replace("(*)", marks, 1)
    parameters = tuple(value for values in lists for value in values)
    cursor = connection.connection.cursor()
    try:
        return list(cursor.execute(statement, parameters).fetchall())
    finally:
        cursor.close()


def is_empty(connection: Connection, kind: DocumentKind) -> bool:
    """Return whether a migration left the index of `kind` empty, to be built."""
    state = connection.exec_driver_sql(
        "SELECT version FROM search_state WHERE kind = ?", (kind.number,)
    )
    return state.scalar() == "empty"


def count(connection: Connection, kind: DocumentKind) -> int:
    """Return how many documents of `kind` the index has."""
    state = connection.exec_driver_sql(
        "SELECT documents FROM search_state WHERE kind = ?", (kind.number,)
    )
    return state.scalar() or 0


def new_version() -> str:
    """Return a name for the index after a change that was never used before."""
    return secrets.token_hex(8)


def _clear(connection: Connection, kind: DocumentKind) -> None:
    """Take every document of `kind` out of the index."""
    others = connection.exec_driver_sql(
        "SELECT 1 FROM search_document WHERE id NOT BETWEEN ? AND ? LIMIT 1", kind.rows
    )
    if others.first() is None:
        connection.exec_driver_sql(
            "INSERT INTO search_index (search_index) VALUES ('delete-all')"
        )
    else:
        connection.exec_driver_sql(DELETE_KIND, kind.rows)
    connection.exec_driver_sql(
        "DELETE FROM search_document WHERE id BETWEEN ? AND ?", kind.rows
    )


def _counts_are_off(connection: Connection, kind: DocumentKind) -> bool:
    rows, total, expected_total, most = connection.exec_driver_sql(
        "SELECT (SELECT count(*) FROM search_index_docsize WHERE id BETWEEN ? AND ?), "
        "(SELECT count(*) FROM search_document WHERE id BETWEEN ? AND ?), "
        "coalesce((SELECT documents FROM search_state WHERE kind = ?), 0), "
        "(SELECT coalesce(max(documents), 0) FROM search_word WHERE kind IN (?, ?))",
        (*kind.rows, *kind.rows, kind.number, *kind.word_forms),
    ).one()
    return not (rows == expected_total == total >= most)


def _move_state(connection: Connection, by: int, row: Any) -> int:
    """Change the totals by one row; return how many documents there are now."""
    lengths = (by * _length(row[6]), by * _length(row[8]))
    kind = kind_of(row[0]).number
    connection.exec_driver_sql(NEW_STATE, (kind,))
    values = (new_version(), by, *lengths, kind)
    result = connection.exec_driver_sql(MOVE_STATE, values)
    total: int = result.scalar_one()
    return total


def _length(roots: str) -> int:
    return roots.count(" ") + 1


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    rest = iter(documents)
    while batch := list(islice(rest, BATCH)):
        yield batch
