"""Answers that an officer has begun, kept on the server."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.accounts.users import User
from pst.consultations.attached_files.attachments import DRAFT_MARK, Attachment
from pst.consultations.messages import Message
from pst.consultations.models import Consultation
from pst.database import RowSelect, db
from pst.rules import WrongState
from pst.text.visible import is_visible
from pst.uploads.storage import StoredFile


class DraftOfAnotherPage(WrongState):
    """A draft would replace what its writer wrote on another page."""

    def __init__(self, body: str) -> None:
        super().__init__(
            f"Draf Anda dari halaman lain sudah tersimpan: “{body}”. Gabungkan bila"
            " perlu, lalu simpan lagi untuk menggantinya dengan tulisan di bawah."
        )


class Draft(db.Model):
    """An answer that an officer has begun; gone as soon as it is sent."""

    consultation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("consultation.id"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), primary_key=True)
    body: Mapped[str] = mapped_column(sa.Text)
    saved_at: Mapped[datetime]

    @classmethod
    def of(cls, consultation: Consultation, writer: User) -> "Draft | None":
        return OF.first(consultation=consultation.id, writer=writer.id)

    @classmethod
    def keep(
        cls,
        consultation: Consultation,
        writer: User,
        body: str,
        key: str | None,
        base: str | None = None,
    ) -> str:
        """Keep what is written so far; nothing written, nothing kept.

        A draft that arrives after its message, which has the same form `key`, is late
        and is not kept. `base` is the version that the writer went on from. Returns
        the version that is kept now. Raises `DraftOfAnotherPage`, and `WrongState`
        once the consultation is erased.
        """
        consultation.require_kept()
        draft = cls.of(consultation, writer)
        twin = sa.select(Message.id).filter_by(consultation_id=consultation.id, key=key)
        if key and db.session.scalar(twin):
            return draft.version if draft else ""
        if draft is not None and not draft.is_in(body, base):
            raise DraftOfAnotherPage(draft.body)
        if not is_visible(body):
            cls.drop(consultation, writer)
            return ""
        draft = draft or cls(consultation_id=consultation.id, user_id=writer.id)
        draft.body, draft.saved_at = body, clock.now()
        db.session.add(draft)
        return draft.version

    @property
    def version(self) -> str:
        return self.saved_at.isoformat()

    def is_in(self, body: str, base: str | None) -> bool:
        """Return whether `body` holds these words or was written on from them."""
        return base in (None, self.version) or self.body.strip() in body

    @classmethod
    def become(
        cls,
        consultation: Consultation,
        writer: User,
        body: str,
        base: str | None = None,
    ) -> None:
        """Delete the draft and the files that were sent; those of other pages stay."""
        draft = cls.of(consultation, writer)
        if draft is None or draft.is_in(body, base):
            cls.drop(consultation, writer)
            cls.drop_files(consultation, writer)

    @classmethod
    def keep_files(
        cls, consultation: Consultation, writer: User, files: list[StoredFile], key: str
    ) -> None:
        """Keep files that were chosen for it; the form's `key` keeps each once."""
        consultation.require_kept()
        for each in files:
            Attachment.keep(
                each,
                consultation_id=consultation.id,
                uploader=writer,
                key=key,
                mark=DRAFT_MARK,
            )

    @classmethod
    def files_of(cls, consultation: Consultation, writer: User) -> list[Attachment]:
        """Return the files that wait with it."""
        return FILES.rows(consultation=consultation.id, writer=writer.id)

    @classmethod
    def drop_files(
        cls, consultation: Consultation, writer: User, *, but: Collection[int] = ()
    ) -> None:
        """Delete the files that wait with it, except those still wanted."""
        for file in cls.files_of(consultation, writer):
            if file.id not in but:
                db.session.delete(file)

    @classmethod
    def drop(cls, consultation: Consultation, writer: User) -> None:
        draft = cls.of(consultation, writer)
        if draft is not None:
            db.session.delete(draft)


# What each opening of an officer's page asks is made once, with its values left open.
OF = RowSelect(
    Draft,
    where=sa.and_(
        Draft.consultation_id == sa.bindparam("consultation"),
        Draft.user_id == sa.bindparam("writer"),
    ),
)
FILES = RowSelect(
    Attachment,
    where=sa.and_(
        Attachment.consultation_id == sa.bindparam("consultation"),
        Attachment.uploader_id == sa.bindparam("writer"),
        Attachment.message_id.is_(None),
        Attachment.key.startswith(DRAFT_MARK),
    ),
    order_by=Attachment.id,
)
