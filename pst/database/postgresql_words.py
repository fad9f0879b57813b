"""Full text on PostgreSQL: an index over `words_of` (migration 0013), plain words."""

import sqlalchemy as sa

from pst.database.base import db
from pst.database.word_index import FullText, fold


def find(index: FullText, words: list[str], most: int) -> list[int]:
    """Return the rows with words that begin with all of `words`, newest first."""
    begins = [prefix for word in words if (prefix := fold(word))]
    query = sa.text(
        f"SELECT id FROM {index.table}"
        f" WHERE words_of({joined(index)}) @@ CAST(:match AS tsquery)"
        " ORDER BY id DESC LIMIT :most"
    )
    values = {"match": " & ".join(f"'{each}':*" for each in begins), "most": most}
    return list(db.session.scalars(query, values))


def joined(index: FullText) -> str:
    """Return the expression that the index is made of."""
    return " || ' ' || ".join(f"coalesce({name}, '')" for name in index.columns)


def rebuild(index: FullText) -> None:
    """Index every row again."""
    db.session.execute(sa.text(f"REINDEX INDEX {index.name}"))


def forget_removed(index: FullText, pages: int) -> bool:
    """Leave words of removed rows to VACUUM, which the server runs by itself."""
    return False
