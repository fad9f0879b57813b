"""Nobody acts over what another wrote since they looked: read that first."""

from typing import TYPE_CHECKING

import sqlalchemy as sa

from pst.accounts.users import User
from pst.consultations.messages import Kind, Message
from pst.database import db
from pst.errors import WrongState

if TYPE_CHECKING:
    from pst.consultations.models import Consultation

UNSENT = "Baca dahulu, lalu kirim lagi; tulisan Anda belum terkirim dan tidak hilang."
NOT_CLOSED = "Baca dahulu; konsultasi ini belum ditutup."


class Overtaken(WrongState):
    """Somebody else wrote since the officer looked; read that before answering."""

    @classmethod
    def by(cls, name: str, advice: str) -> "Overtaken":
        return cls(f"{name} menulis sesudah halaman ini Anda buka. {advice}")


def require_seen(
    consultation: "Consultation", reader: User, seen: int | None, advice: str
) -> None:
    """Raise `Overtaken` when another wrote after the entry that `reader` has `seen`.

    None where the page did not say what stood on it.
    """
    if seen is not None and (written := missed(consultation, reader, seen)):
        author = written[-1].author
        raise Overtaken.by(author.name if author else "Pengguna", advice)


def missed(consultation: "Consultation", reader: User, seen: int) -> list[Message]:
    """List what others wrote after the entry `seen`, the last one last."""
    query = sa.select(Message).where(
        Message.consultation_id == consultation.id,
        Message.id > seen,
        Message.kind != Kind.EVENT,
        Message.author_id != reader.id,
    )
    return list(db.session.scalars(query.order_by(Message.id)))
