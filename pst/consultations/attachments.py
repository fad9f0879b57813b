"""What may be uploaded, where it lies, and its previews.

A file is known by its content, not by its name; it lies outside the web root under its
hash, so that the same file is kept once and no name of a stranger becomes a path.
"""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock, keys
from pst.accounts.users import User
from pst.consultations.kinds import (
    IMAGES,
    MEDIA_TYPES,
    Format,
    Refused,
    clean_image,
    recognise,
    tidy_name,
)
from pst.consultations.scanning import empty_quarantine, find_virus
from pst.database import db
from pst.office import audit

MOST_BYTES_A_DAY = 200_000_000
# A file that was uploaded for a message that never came.
FORGOTTEN_AFTER = timedelta(days=2)
# One that waits with a draft, which may lie over a long weekend; its key begins so.
DRAFT_FORGOTTEN_AFTER = timedelta(days=30)
DRAFT_MARK = "draf:"
HELD_BACK = "Berkas ini ditahan oleh pemeriksa virus.\n"


@dataclass(frozen=True)
class Stored:
    """A file that lies in its place, before any row speaks of it."""

    name: str
    format: Format
    size: int
    sha256: str
    preview_sha256: str | None
    # What the virus scanner found; then a note lies in place of the file.
    finding: str | None = None


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
        stored: Stored,
        *,
        consultation_id: int,
        uploader: User,
        key: str,
        mark: str = "",
    ) -> "Attachment":
        """Note a stored file; a repeat with the same `key` and content finds the first.

        A key of any length counts whole, and in its conversation only. What is kept
        begins with `mark`, by which those that wait for something are found.
        """
        digest = keys.with_content(key, consultation_id, stored.name, stored.sha256)
        key = f"{mark}{digest}"[:64]
        known = db.session.scalar(
            sa.select(cls).filter_by(uploader_id=uploader.id, key=key)
        )
        if known is not None:
            return known
        made = cls(
            consultation_id=consultation_id,
            message_id=None,
            uploader_id=uploader.id,
            key=key,
            name=stored.name,
            format=stored.format,
            size=stored.size,
            sha256=stored.sha256,
            preview_sha256=stored.preview_sha256,
            created_at=clock.now(),
            finding=stored.finding,
        )
        db.session.add(made)
        db.session.flush()
        if made.finding:
            audit.record(
                "hold_back_file",
                f"attachment:{made.id}",
                uploader.id,
                consultation=consultation_id,
                finding=made.finding,
            )
        return made

    @classmethod
    def uploaded(
        cls, ids: list[int], consultation_id: int, uploader: User
    ) -> list["Attachment"]:
        """List the uploads of `uploader` that a message may take along."""
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
            again = Attachment.keep(
                self._stored,
                consultation_id=self.consultation_id,
                uploader=db.session.get_one(User, self.uploader_id),
                key=f"{self.id}:{message_id}",
            )
            again.message_id = message_id

    @property
    def _stored(self) -> Stored:
        return Stored(
            self.name, self.format, self.size, self.sha256, self.preview_sha256
        )

    @classmethod
    def has_room_for(cls, uploader: User) -> bool:
        """Say whether a user has not yet sent so much today that the disk may fill."""
        if uploader.is_staff:
            return True
        lately = cls.created_at > clock.now() - timedelta(days=1)
        sent = sa.select(sa.func.sum(cls.size)).where(
            cls.uploader_id == uploader.id, lately
        )
        return (db.session.scalar(sent) or 0) < MOST_BYTES_A_DAY

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.format]

    @property
    def path(self) -> Path:
        return path_of(self.sha256)


def folder() -> Path:
    return Path(current_app.config["PST"].data_dir) / "attachments"


def path_of(sha256: str) -> Path:
    return folder() / sha256[:2] / sha256


def store(
    stream: IO[bytes], name: str, limit: int, allowed: set[str], sender: str = ""
) -> Stored:
    """Check a file by its content and put it in its place.

    `limit` is in bytes; pictures of one `sender` wait for each other. Raises `Refused`
    with a sentence; then nothing is kept. Slow: never call it while a transaction is
    open.
    """
    content = stream.read(limit + 1)
    if len(content) > limit:
        raise Refused(f"Berkas melebihi {limit // 1_000_000} MB.")
    if not content:
        raise Refused("Berkas kosong.")
    format = recognise(content, name)
    if format.value not in allowed:
        raise Refused("Jenis berkas tidak didukung.")
    preview = None
    size = len(content)
    finding = find_virus(content)
    if finding:
        content = HELD_BACK.encode()
    elif format in IMAGES:
        content, small = clean_image(content, format, sender)
        preview = _put(small)
    return Stored(
        name=tidy_name(name, format),
        format=format,
        size=size if finding else len(content),
        sha256=_put(content),
        preview_sha256=preview,
        finding=finding,
    )


def _put(content: bytes) -> str:
    """Write `content` under its hash, whole and on disk, or not at all."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(sha256)
    if path.exists():
        os.utime(path)  # younger than any sweeping of files that no row speaks of
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
    return sha256


def sweep() -> int:
    """Remove uploads that no message took, and files that no row speaks of.

    Returns how many files went. Safe beside uploads: only what is old goes.
    """
    now, waits = clock.now(), Attachment.key.startswith(DRAFT_MARK)
    before = now - FORGOTTEN_AFTER
    db.session.execute(
        sa.delete(Attachment).where(
            Attachment.message_id.is_(None),
            Attachment.created_at
            < sa.case((waits, now - DRAFT_FORGOTTEN_AFTER), else_=before),
        )
    )
    empty_quarantine()
    known: set[str | None] = set(db.session.scalars(sa.select(Attachment.sha256)))
    known |= set(db.session.scalars(sa.select(Attachment.preview_sha256)))
    gone = 0
    for path in folder().glob("??/*"):
        if path.name not in known and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
            gone += 1
    return gone
