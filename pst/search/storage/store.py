"""Where the index is: in the database on SQLite, else in a file of each web server.

On SQLite it is written in the transaction that changes what it is made of. PostgreSQL
has no such index; there that transaction notes only what changed, and each web server
makes its own index of it before it searches.
"""

from collections.abc import Callable, Sequence

import sqlalchemy as sa
from flask import Flask, current_app, g
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, SessionTransaction

from pst.database import db
from pst.search.storage import node_file
from pst.search.storage.index_changes import IndexChange
from pst.search.storage.node_file import ALL, NodeFile

# Set while a transaction has noted a change that it may yet take back.
NOTED = "index_change"


def init_app(app: Flask) -> None:
    """Give the connections to the file back at the end of each request or job."""
    app.teardown_appcontext(lambda error: _close())


def has_own_file() -> bool:
    """Return whether the index is in a file next to the database's."""
    return db.engine.dialect.name != "sqlite"


def reading() -> Connection:
    """Return a connection to the index, which has all that was committed."""
    if not has_own_file():
        return db.session.connection()
    if "search_node" not in g:
        g.search_node = _file().engine.connect()
    connection: Connection = g.search_node
    connection.rollback()  # what it has read before may be of an earlier moment
    if not db.session.info.get(NOTED):
        _file().catch_up()
    return connection


def change(
    kind: int, ids: Sequence[int], write: Callable[[Connection], object]
) -> None:
    """Let the index follow what this transaction did to `ids` of one kind.

    `write` does it where the index is in the same database.
    """
    if has_own_file():
        IndexChange.note(kind, ids)
        db.session.info[NOTED] = True
    else:
        write(db.session.connection())


def change_all(kind: int) -> None:
    """Let each web server make all of one kind again."""
    change(kind, [ALL], lambda connection: None)


def _file() -> NodeFile:
    path = current_app.config["PST"].data_dir / "search.sqlite3"
    files = current_app.extensions.setdefault("search_node", {})
    if path not in files:
        files[path] = node_file.NodeFile(path)
    file: NodeFile = files[path]
    return file


def _close() -> None:
    if connection := g.pop("search_node", None):
        connection.close()


@sa.event.listens_for(db.session, "after_transaction_end")
def _forget_noted(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:  # no savepoint
        session.info.pop(NOTED, None)
