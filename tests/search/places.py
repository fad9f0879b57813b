"""Where the index is: in the database, or in the file of a web server."""

from sqlalchemy.engine import Connection

from pst.database import db
from pst.search.storage import store


def writable() -> Connection:
    """Return a connection to the index that may change it."""
    if not store.has_own_file():
        return db.session.connection()
    store.reading()  # which makes the file
    return store._file().engine.execution_options(pst_writes=True).connect()
