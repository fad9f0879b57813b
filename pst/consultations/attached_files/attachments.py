"""The files of conversations, and the removal of those that no row names."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.accounts.users import User
from pst.database import db, reading, transaction
from pst.office import audit
from pst.uploads.file_types import MEDIA_TYPES, Format
from pst.uploads.scanning import empty_quarantine
from pst.uploads.storage import FOLDER, StoredFile, name_of
from pst.uploads.sweeping import sweep
from pst.web.forms import form_keys

MAX_BYTES_A_DAY = 200_000_000
# A file that was uploaded for a message that never came.
FORGOTTEN_AFTER = timedelta(days=2)
# A file that waits with a draft, which may last longer; its key begins with this.
DRAFT_FORGOTTEN_AFTER = timedelta(days=30)
DRAFT_MARK = "draf:"


class Attachment(db.Model):
    """A file of a conversation; without a message as long as that is being written."""

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("consultation.id"), index=True
    )
    message_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("message.id"), index=True
    )
    uploader_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    key: Mapped[str] = mapped_column(sa.String(64))
    name: Mapped[str] = mapped_column(sa.String(200))
    format: Mapped[Format]
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    preview_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    created_at: Mapped[datetime]
    finding: Mapped[str | None] = mapped_column(sa.String(80))

    __table_args__ = (
        sa.UniqueConstraint("uploader_id", "key", name="uq_attachment_key"),
    )

    @classmethod
    def keep(
        cls,
        file: StoredFile,
        *,
        consultation_id: int,
        uploader: User,
        key: str,
        mark: str = "",
    ) -> "Attachment":
        """Note a stored file; a repeat of `key` and content returns the first one.

        A key of any length counts whole, and in its conversation only. The stored key
        begins with `mark`, which tells the files of drafts.
        """
        digest = form_keys.with_content(key, consultation_id, file.name, file.sha256)
        key = f"{mark}{digest}"[:64]
        first = db.session.scalar(
            sa.select(cls).filter_by(uploader_id=uploader.id, key=key)
        )
        return first or cls._add(file, consultation_id, uploader.id, key)

    @classmethod
    def _add(
        cls, file: StoredFile, consultation_id: int, uploader_id: int, key: str
    ) -> "Attachment":
        attachment = cls(
            consultation_id=consultation_id,
            message_id=None,
            uploader_id=uploader_id,
            key=key,
            name=file.name,
            format=file.format,
            size=file.size,
            sha256=file.sha256,
            preview_sha256=file.preview_sha256,
            created_at=clock.now(),
            finding=file.finding,
        )
        db.session.add(attachment)
        db.session.flush()
        if attachment.finding:
            audit.record(
                "hold_back_file",
                f"attachment:{attachment.id}",
                uploader_id,
                consultation=consultation_id,
                finding=attachment.finding,
            )
        return attachment

    @classmethod
    def uploaded(
        cls, ids: list[int], consultation_id: int, uploader: User
    ) -> list["Attachment"]:
        """Return the uploads of `uploader` that may go with a message."""
        if not ids:
            return []
        query = sa.select(cls).where(
            cls.id.in_(ids),
            cls.consultation_id == consultation_id,
            cls.uploader_id == uploader.id,
        )
        return list(db.session.scalars(query.order_by(cls.id)))

    def go_with(self, message_id: int) -> None:
        """Attach the file to a message; a copy, if another one already has it."""
        if self.message_id is None:
            self.message_id = message_id
        elif self.message_id != message_id:
            copy = Attachment.keep(
                self._stored,
                consultation_id=self.consultation_id,
                uploader=db.session.get_one(User, self.uploader_id),
                key=f"{self.id}:{message_id}",
            )
            copy.message_id = message_id

    @property
    def _stored(self) -> StoredFile:
        return StoredFile(
            self.name, self.format, self.size, self.sha256, self.preview_sha256
        )

    @classmethod
    def has_room_for(cls, uploader: User) -> bool:
        """Return whether a user may send more today; staff always may."""
        if uploader.is_staff:
            return True
        lately = cls.created_at > clock.now() - timedelta(days=1)
        query = sa.select(sa.func.sum(cls.size)).where(
            cls.uploader_id == uploader.id, lately
        )
        return (db.session.scalar(query) or 0) < MAX_BYTES_A_DAY

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.format]

    @property
    def file_name(self) -> str:
        """Its name in the store of files."""
        return name_of(self.sha256)


def sweep_files() -> None:
    """Delete uploads that went with no message, and files that no row names."""
    now, waits = clock.now(), Attachment.key.startswith(DRAFT_MARK)
    before = now - FORGOTTEN_AFTER
    with transaction():
        db.session.execute(
            sa.delete(Attachment).where(
                Attachment.message_id.is_(None),
                Attachment.created_at
                < sa.case((waits, now - DRAFT_FORGOTTEN_AFTER), else_=before),
            )
        )
    with reading():
        in_use = set(db.session.scalars(sa.select(Attachment.sha256)))
        previews = sa.select(Attachment.preview_sha256)
        in_use |= {each for each in db.session.scalars(previews) if each}
    empty_quarantine()
    sweep(FOLDER, before, in_use)
