"""The file in which a web server keeps its index, when the database has none."""

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection

from pst.database import db, engine
from pst.database.sqlite import close_to_others
from pst.search.storage.index_changes import IndexChange

# Another number when an index made before must be made again.
VERSION = 2
# An older form of the file notes less of its state.
STATE_COLUMNS = 3
# Stands for every source of a kind.
ALL = 0
CITY = "SELECT value FROM office_setting WHERE key = 'city'"
# The tables as the migrations make them on SQLite, and copies of what a query reads
# with them.
TABLES = """
CREATE TABLE search_document (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL,
    category TEXT NOT NULL,
    title TEXT NOT NULL,
    labels TEXT NOT NULL,
    body TEXT NOT NULL,
    title_stems TEXT NOT NULL,
    label_stems TEXT NOT NULL,
    body_stems TEXT NOT NULL,
    fingerprint BLOB NOT NULL
);
CREATE VIRTUAL TABLE search_index USING fts5(
    title, labels, body, title_stems, label_stems, body_stems,
    content='search_document', content_rowid='id',
    tokenize='unicode61 remove_diacritics 2'
);
CREATE TABLE search_word (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    form TEXT NOT NULL,
    documents INTEGER NOT NULL,
    UNIQUE (kind, form)
);
CREATE INDEX search_word_unused ON search_word (id) WHERE documents <= 0;
CREATE TABLE search_deletion (
    hash INTEGER NOT NULL,
    word_id INTEGER NOT NULL,
    PRIMARY KEY (hash, word_id)
) WITHOUT ROWID;
CREATE TABLE search_state (
    kind INTEGER PRIMARY KEY,
    documents INTEGER NOT NULL,
    title_length INTEGER NOT NULL,
    body_length INTEGER NOT NULL,
    version TEXT NOT NULL
);
CREATE VIRTUAL TABLE code_index USING fts5(
    title, examples, covers, context, words,
    excludes UNINDEXED, edition_id UNINDEXED, depth UNINDEXED, kind UNINDEXED,
    tokenize='unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE code_index_vocabulary USING fts5vocab(code_index, row);
CREATE TABLE synonym_group (
    id INTEGER PRIMARY KEY, terms TEXT, weight FLOAT, expands BOOLEAN
);
CREATE TABLE office_setting (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE node_state (
    version INTEGER NOT NULL, position INTEGER NOT NULL, database TEXT NOT NULL
);
"""

# Writes some sources of a kind into the index again; None: all of them.
Derive = Callable[[Connection, Sequence[int] | None], None]
_derived: dict[int, Derive] = {}


def register(kind: int, derive: Derive) -> None:
    """Set how the index of one kind is made."""
    _derived[kind] = derive


class NodeFile:
    """The index of one web server, shared by its processes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.engine = sa.create_engine(
            f"sqlite:///{path}", connect_args={"timeout": 60}, hide_parameters=True
        )
        close_to_others(self.engine)
        event.listen(self.engine, "connect", _set_up)
        event.listen(self.engine, "begin", _begin)

    def catch_up(self) -> None:
        """Bring the index to what the database says now."""
        now = IndexState(
            version=VERSION,
            position=IndexChange.newest(),
            database=engine().incarnation(),
            city=db.session.scalar(sa.text(CITY)),
        )
        with self.engine.connect() as connection:
            if _state(connection) == now:
                return
        writing = self.engine.execution_options(pst_writes=True)
        with writing.begin() as connection:
            self._follow(connection, now)

    def _follow(self, connection: Connection, now: "IndexState") -> None:
        """Do again what changed; or all, in a new file or after a restored backup."""
        before = _state(connection)
        is_of_another = (before.version, before.database) != (VERSION, now.database)
        if is_of_another or before.position > now.position:
            _empty(connection)
            changes = {kind: [ALL] for kind in _derived}
        else:
            changes = IndexChange.after(before.position, now.position)
        for kind, ids in changes.items():
            if kind in _derived:
                _derived[kind](connection, None if ALL in ids else ids)
        _note(connection, now)


class IndexState(NamedTuple):
    """What an index was made of."""

    version: int
    position: int
    database: str
    city: str | None


def _state(connection: Connection) -> IndexState:
    columns = "SELECT count(*) FROM pragma_table_info('node_state')"
    if connection.exec_driver_sql(columns).scalar_one() < STATE_COLUMNS:
        return IndexState(0, 0, "", None)
    query = f"SELECT version, position, database, ({CITY}) FROM node_state"
    return IndexState(*connection.exec_driver_sql(query).one())


def _note(connection: Connection, state: IndexState) -> None:
    connection.exec_driver_sql("DELETE FROM node_state")
    connection.exec_driver_sql("INSERT INTO node_state VALUES (?, ?, ?)", state[:3])
    connection.exec_driver_sql("DELETE FROM office_setting")
    if state.city is not None:
        connection.exec_driver_sql(
            "INSERT INTO office_setting VALUES ('city', ?)", (state.city,)
        )


def _empty(connection: Connection) -> None:
    own = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql"
    for kind in ("LIKE 'CREATE VIRTUAL%' ORDER BY rowid DESC", "IS NOT NULL"):
        for name in connection.exec_driver_sql(f"{own} {kind}").scalars().all():
            connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{name}"')
    for statement in filter(str.strip, TABLES.split(";")):
        connection.exec_driver_sql(statement)


def _set_up(connection: sqlite3.Connection, record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    # What a power cut takes from it is made again.
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA temp_store=MEMORY")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("pst_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
