"""What a row of the worklist says beyond the consultation: the last words in it.

All of it comes with the rows, in the one query that reads them.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pst.accounts.users import User
from pst.consultations.messages import Kind, Message
from pst.consultations.models import Consultation
from pst.consultations.read_marks import ReadMark

# A row shows the beginning only; a list is loaded over a slow line too.
MAX_WORDS_SHOWN_LENGTH = 72


def with_last_words(rows: sa.Select[Any], viewer: User) -> sa.Select[Any]:
    """Add to each row who wrote last, how it begins, and whether `viewer` read it.

    Where no one has written yet, these are the words of the request. Unread is only
    what is the viewer's to read: their own conversations, and the queue.
    """
    last, author, mark = aliased(Message), aliased(User), aliased(ReadMark)
    author_id = sa.func.coalesce(last.author_id, Consultation.user_id)
    words = sa.func.coalesce(last.body, Consultation.description)
    is_theirs = sa.func.coalesce(Consultation.officer_id, viewer.id) == viewer.id
    is_unread = sa.func.coalesce(last.id, 1) > sa.func.coalesce(mark.message_id, 0)
    columns = {
        "officer_id": Consultation.officer_id,
        "warned_at": Consultation.warned_at,
        "last_by_id": author_id,
        "last_by": author.name,
        "last_kind": last.kind,
        "last_words": sa.func.substr(words, 1, MAX_WORDS_SHOWN_LENGTH),
        "last_at": sa.func.coalesce(last.created_at, Consultation.asked_at),
        "is_unread": sa.and_(is_unread, author_id != viewer.id, is_theirs),
    }
    its_mark = [mark.consultation_id == Consultation.id, mark.user_id == viewer.id]
    return (
        rows.add_columns(*(each.label(name) for name, each in columns.items()))
        .outerjoin(last, last.id == _newest_words())
        .outerjoin(author, author.id == author_id)
        .outerjoin(mark, sa.and_(*its_mark))
    )


def _newest_words() -> sa.ScalarSelect[int]:
    """Select the newest entry that a person wrote, along the index of a thread."""
    return (
        sa.select(Message.id)
        .where(Message.consultation_id == Consultation.id, Message.kind != Kind.EVENT)
        .order_by(Message.id.desc())
        .limit(1)
        .correlate(Consultation)
        .scalar_subquery()
    )
