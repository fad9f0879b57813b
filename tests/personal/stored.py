"""Every word that the database holds, wherever it stands."""

import sqlalchemy as sa

from pst.database import db


def everything_stored() -> str:
    """Read every row of every table, but the last mail and the notes of this test."""
    tables = db.session.scalars(
        sa.text("SELECT name FROM sqlite_master WHERE type = 'table'")
    ).all()
    rows = []
    for table in tables:
        if table == "outbox_mail":
            query = "SELECT * FROM outbox_mail WHERE kind != 'erased'"
        else:
            query = f'SELECT * FROM "{table}"'
        rows += [str(tuple(row)) for row in db.session.execute(sa.text(query))]
    return "\n".join(rows)
