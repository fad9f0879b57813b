"""What the worker does about personal data."""

import sqlalchemy as sa

from pst.database import db, shorten_log, transaction
from pst.personal_data.erasure import WIPE

# The full-text indexes over what people wrote to each other.
INDEXES = ("message_index", "consultation_index")
# How many pages of an index one transaction rewrites while others wait.
PAGES_AT_ONCE = 200


def forget_words() -> None:
    """Remove the words of what was erased from the full-text indexes.

    FTS5 marks a removed text and keeps its words until the segments of the index are
    merged. Merging all of them takes long on a large index, so it is done in steps.
    """
    for index in INDEXES:
        merge = sa.text(f"INSERT INTO {index}({index}, rank) VALUES ('merge', :pages)")
        pages = -PAGES_AT_ONCE  # negative: merge also what FTS5 would leave alone
        while _does_something(merge, pages):
            pages = PAGES_AT_ONCE
    shorten_log()  # it still holds the pages as they were before


def _does_something(merge: sa.TextClause, pages: int) -> bool:
    """Merge a part; return whether there was one, which counts as two changes."""
    counted = sa.text("SELECT total_changes()")
    with transaction():
        db.session.execute(WIPE)
        before = db.session.scalar(counted)
        db.session.execute(merge, {"pages": pages})
        return db.session.scalar(counted) - before >= 2
