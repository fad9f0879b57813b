"""Full text on SQLite: FTS5 without text of its own, filled by triggers."""

import sqlalchemy as sa

from pst.database.base import db
from pst.database.word_index import FullText


def find(index: FullText, words: list[str], most: int) -> list[int]:
    """Return the rows with words that begin with all of `words`, newest first."""
    query = sa.text(
        f"SELECT rowid FROM {index.name} WHERE {index.name} MATCH :match"
        " ORDER BY rowid DESC LIMIT :most"
    )
    # Each word quoted, so that none is an operator of FTS5.
    values = {"match": " ".join(f'"{word}"*' for word in words), "most": most}
    return list(db.session.scalars(query, values))


def rebuild(index: FullText) -> None:
    """Index every row again."""
    name = index.name
    db.session.execute(sa.text(f"INSERT INTO {name}({name}) VALUES('rebuild')"))


def forget_removed(index: FullText, pages: int) -> bool:
    """Remove some words of rows that were changed or deleted; False when none is left.

    FTS5 marks a removed text and keeps its words until the segments of the index are
    merged. A negative number of pages merges also what FTS5 would leave alone. What a
    merge does counts as two changes.
    """
    name, query = index.name, sa.text("SELECT total_changes()")
    merge = sa.text(f"INSERT INTO {name}({name}, rank) VALUES ('merge', :pages)")
    before = db.session.scalar(query)
    db.session.execute(merge, {"pages": pages})
    return db.session.scalar(query) - before >= 2
