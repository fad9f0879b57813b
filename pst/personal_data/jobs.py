"""What the worker does about personal data."""

from pst.consultations.conversation.conversation_index import CONSULTATIONS, MESSAGES
from pst.database import engine, full_text, transaction
from pst.database.word_index import FullText

# How many pages of an index one transaction rewrites while others wait.
PAGES_AT_ONCE = 200


def forget_words() -> None:
    """Remove the words of what was erased from the full-text indexes.

    Doing all of it takes long on a large index, so it is done in steps.
    """
    for index in (MESSAGES, CONSULTATIONS):
        pages = -PAGES_AT_ONCE
        while _forget_some(index, pages):
            pages = PAGES_AT_ONCE
    engine().shorten_log()  # it still holds the pages as they were before


def _forget_some(index: FullText, pages: int) -> bool:
    with transaction():
        engine().wipe_deleted()
        return full_text().forget_removed(index, pages)
