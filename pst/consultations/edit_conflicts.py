"""Refuse an action on a page that is out of date: read the new messages first."""

import sqlalchemy as sa

from pst.accounts.users import User
from pst.consultations.messages import Kind, Message
from pst.database import db
from pst.rules import Conflict

UNSENT = "Baca dahulu, lalu kirim lagi; tulisan Anda belum terkirim dan tidak hilang."
NOT_CLOSED = "Baca dahulu; konsultasi ini belum ditutup."


def written_since(name: str, advice: str) -> Conflict:
    """Return that `name` wrote after the page was opened, and what to do now."""
    return Conflict(f"{name} menulis sesudah halaman ini Anda buka. {advice}")


def require_seen(
    consultation_id: int, reader: User, seen: int | None, advice: str
) -> None:
    """Raise `Conflict` when another wrote after the entry that `reader` has `seen`.

    `seen` is None where the page did not send its newest entry.
    """
    if seen is not None and (new_messages := missed(consultation_id, reader, seen)):
        author = new_messages[-1].author
        raise written_since(author.name if author else "Pengguna", advice)


def missed(consultation_id: int, reader: User, seen: int) -> list[Message]:
    """Return what others wrote after the entry `seen`, the oldest first."""
    query = sa.select(Message).where(
        Message.consultation_id == consultation_id,
        Message.id > seen,
        Message.kind != Kind.EVENT,
        Message.author_id != reader.id,
    )
    return list(db.session.scalars(query.order_by(Message.id)))
