"""What the worker does about personal data."""

import sqlalchemy as sa

from pst.database import db, shorten_log, transaction
from pst.personal.erasure import WIPE

# The full-text indexes over what people wrote to each other.
INDEXES = ("message_index", "consultation_index")
# How much of an index one transaction writes anew: others wait no longer than that.
PAGES_AT_ONCE = 200


def forget_words() -> None:
    """Have the indexes forget the words of what was erased.

    FTS5 marks a removed text and keeps its words until the pieces of the index are
    merged. Merging all of them takes long on a large index, so it goes by steps.
    """
    for index in INDEXES:
        merge = sa.text(f"INSERT INTO {index}({index}, rank) VALUES ('merge', :pages)")
        pages = -PAGES_AT_ONCE  # below zero: also what needs no merging by itself
        while _does_something(merge, pages):
            pages = PAGES_AT_ONCE
    shorten_log()  # what was overwritten stands in it as it was before


def _does_something(merge: sa.TextClause, pages: int) -> bool:
    """Merge a part; SQLite counts less than two changes when nothing is left to do."""
    counted = sa.text("SELECT total_changes()")
    with transaction():
        db.session.execute(WIPE)
        before = db.session.scalar(counted)
        db.session.execute(merge, {"pages": pages})
        return db.session.scalar(counted) - before >= 2
