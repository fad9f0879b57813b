"""What a message answers: a few words of an earlier one, and where that stands.

The words are copied when the message is sent, so that an entry is shown without its
neighbours. They are erased with it (`Message.erase`).
"""

from typing import Any

import sqlalchemy as sa

from pst.consultations.conversation.entries import Entry
from pst.consultations.messages import Kind, Message
from pst.database import db

MAX_LENGTH = 160


def find(consultation_id: int, id: int | None) -> Message | None:
    """Return the message of the conversation that may be quoted; None for any other."""
    if id is None:
        return None
    return db.session.scalar(
        sa.select(Message).filter_by(
            id=id, consultation_id=consultation_id, kind=Kind.MESSAGE
        )
    )


def quote_of(message: Message | Entry, user_id: int) -> dict[str, Any]:
    """Return how an entry points to `message`; `user_id` asked the consultation."""
    text = " ".join(message.body.split())
    if not text:
        text = ", ".join(file.name for file in message.attachments)
    if len(text) > MAX_LENGTH:
        text = text[:MAX_LENGTH].rsplit(" ", 1)[0] + " …"
    return {"id": message.id, "of_user": message.is_from(user_id), "text": text}
