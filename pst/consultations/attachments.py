"""What may be uploaded, where it lies, and its previews.

A file is known by its content, not by its name; it lies outside the web root under its
hash, so that the same file is kept once and no name of a stranger becomes a path.
"""

import hashlib
import os
import tempfile
import unicodedata
import warnings
import zipfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from flask import current_app
from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock
from pst.accounts.models import User
from pst.consultations.messages import Message
from pst.database import db

PREVIEW_PIXELS = 320
PREVIEW_BYTES = 20_000
MOST_PIXELS = 50_000_000
MOST_UNPACKED_BYTES = 400_000_000
LONGEST_NAME = 120
# A file that was uploaded for a message that never came.
FORGOTTEN_AFTER = timedelta(days=2)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Format(StrEnum):
    """A kind of file by its content; the value is its ending."""

    PDF = "pdf"
    XLSX = "xlsx"
    XLS = "xls"
    CSV = "csv"
    DOCX = "docx"
    DOC = "doc"
    ODS = "ods"
    ODT = "odt"
    TXT = "txt"
    PNG = "png"
    JPG = "jpg"
    WEBP = "webp"


MEDIA_TYPES = {
    Format.PDF: "application/pdf",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.XLS: "application/vnd.ms-excel",
    Format.CSV: "text/csv; charset=utf-8",
    Format.DOCX: (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ),
    Format.DOC: "application/msword",
    Format.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    Format.ODT: "application/vnd.oasis.opendocument.text",
    Format.TXT: "text/plain; charset=utf-8",
    Format.PNG: "image/png",
    Format.JPG: "image/jpeg",
    Format.WEBP: "image/webp",
}
IMAGES = {"PNG": Format.PNG, "JPEG": Format.JPG, "WEBP": Format.WEBP}
IMAGE_NAMES = {format: name for name, format in IMAGES.items()}


class Refused(ValueError):
    """A file that is not taken; its text is shown."""


@dataclass(frozen=True)
class Stored:
    """A file that lies in its place, before any row speaks of it."""

    name: str
    format: Format
    size: int
    sha256: str
    preview_sha256: str | None


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

    message: Mapped[Message | None] = relationship(back_populates="attachments")

    __table_args__ = (
        sa.UniqueConstraint("uploader_id", "key", name="uq_attachment_key"),
    )

    @classmethod
    def keep(
        cls, stored: Stored, *, consultation_id: int, uploader: User, key: str
    ) -> "Attachment":
        """Note a stored file; a repeat with the same `key` finds the first."""
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
        )
        db.session.add(made)
        db.session.flush()
        return made

    @classmethod
    def waiting(
        cls, ids: list[int], consultation_id: int, uploader: User
    ) -> list["Attachment"]:
        """List the uploads of `uploader` that a message may take along."""
        query = sa.select(cls).where(
            cls.id.in_(ids),
            cls.consultation_id == consultation_id,
            cls.uploader_id == uploader.id,
            cls.message_id.is_(None),
        )
        return list(db.session.scalars(query))

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


def store(stream: IO[bytes], name: str, limit: int, allowed: set[str]) -> Stored:
    """Check a file by its content and put it in its place.

    `limit` is in bytes. Raises `Refused` with a sentence; then nothing is kept. Slow:
    never call it while a transaction is open.
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
    if format in IMAGES.values():
        content, small = _clean_image(content, format)
        preview = _put(small)
    return Stored(
        name=tidy_name(name, format),
        format=format,
        size=len(content),
        sha256=_put(content),
        preview_sha256=preview,
    )


def recognise(content: bytes, name: str) -> Format:
    """Tell what kind of file `content` is; raise `Refused` when it is none of ours."""
    if b"%PDF-" in content[:1024]:
        return Format.PDF
    if content.startswith(OLE):
        return _recognise_ole(content)
    if content.startswith(b"PK\x03\x04"):
        return _recognise_zip(content)
    if content[:4] in (b"\x89PNG", b"RIFF") or content[:3] == b"\xff\xd8\xff":
        return _recognise_image(content)
    return _recognise_text(content, name)


def tidy_name(name: str, format: Format) -> str:
    """Make a harmless file name with the ending that belongs to the content."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if c.isprintable() and c not in '<>:"|?*;')
    stem, dot, ending = name.rpartition(".")
    stem = (stem if dot and len(ending) <= 5 else name).strip(" .")
    return f"{stem[:LONGEST_NAME] or 'berkas'}.{format.value}"


def _recognise_ole(content: bytes) -> Format:
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise Refused("Berkas berisi makro. Simpan tanpa makro, lalu unggah lagi.")
    if "WordDocument".encode("utf-16-le") in content:
        return Format.DOC
    if any(word.encode("utf-16-le") in content for word in ("Workbook", "Book")):
        return Format.XLS
    raise Refused("Jenis berkas tidak didukung.")


def _recognise_zip(content: bytes) -> Format:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
            if sum(i.file_size for i in archive.infolist()) > MOST_UNPACKED_BYTES:
                raise Refused("Berkas terlalu besar setelah dibuka.")
            mimetype = archive.read("mimetype")[:200] if "mimetype" in names else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise Refused("Berkas rusak atau terkunci kata sandi.") from error
    if any("vbaproject" in n.lower() or n.startswith("Basic/") for n in names):
        raise Refused("Berkas berisi makro. Simpan tanpa makro, lalu unggah lagi.")
    if "[Content_Types].xml" in names:
        if any(name.startswith("xl/") for name in names):
            return Format.XLSX
        if any(name.startswith("word/") for name in names):
            return Format.DOCX
    if mimetype == MEDIA_TYPES[Format.ODS].encode():
        return Format.ODS
    if mimetype == MEDIA_TYPES[Format.ODT].encode():
        return Format.ODT
    raise Refused("Jenis berkas tidak didukung. Arsip ZIP tidak diterima.")


def _open_image(content: bytes) -> Image.Image:
    """Open a picture without unpacking it; refuse one that would fill the memory."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            image = Image.open(BytesIO(content), formats=list(IMAGES))
        except (
            UnidentifiedImageError,
            Image.DecompressionBombError,
            Image.DecompressionBombWarning,
            OSError,
            SyntaxError,
            ValueError,
        ) as error:
            raise Refused("Gambar rusak atau tidak didukung.") from error
    if image.width * image.height > MOST_PIXELS:
        raise Refused("Gambar terlalu besar. Kecilkan ukurannya, lalu unggah lagi.")
    return image


def _recognise_image(content: bytes) -> Format:
    return IMAGES[str(_open_image(content).format)]


def _recognise_text(content: bytes, name: str) -> Format:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
        if "\ufffd" in text:
            raise Refused("Jenis berkas tidak didukung.") from None
    if any(ord(c) < 32 and c not in "\t\n\r\f" for c in text):
        raise Refused("Jenis berkas tidak didukung.")
    return Format.CSV if name.lower().endswith(".csv") else Format.TXT


def _clean_image(content: bytes, format: Format) -> tuple[bytes, bytes]:
    """Take where and with what a picture was made out of it; make its preview."""
    image = _open_image(content)
    try:
        image.load()
        turned = ImageOps.exif_transpose(image)
        if _tells_more(image):
            turned.info = {}
            out = BytesIO()
            options = {} if format is Format.PNG else {"quality": 92}
            turned.save(out, IMAGE_NAMES[format], **options)
            content = out.getvalue()
        turned.thumbnail((PREVIEW_PIXELS, PREVIEW_PIXELS))
        return content, _small(turned.convert("RGB"))
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise Refused("Gambar rusak atau tidak didukung.") from error


def _tells_more(image: Image.Image) -> bool:
    """Say whether a picture carries more than itself: place, device, comments."""
    carried = {"exif", "xmp", "comment", "photoshop", "XML:com.adobe.xmp"}
    carried |= set(getattr(image, "text", ()))
    return bool(image.getexif()) or not carried.isdisjoint(image.info)


def _small(image: Image.Image) -> bytes:
    for quality in (60, 40, 20, 5):
        out = BytesIO()
        image.save(out, "WEBP", quality=quality, method=4)
        if out.tell() <= PREVIEW_BYTES:
            break
    return out.getvalue()


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
    before = clock.now() - FORGOTTEN_AFTER
    db.session.execute(
        sa.delete(Attachment).where(
            Attachment.message_id.is_(None), Attachment.created_at < before
        )
    )
    known: set[str | None] = set(db.session.scalars(sa.select(Attachment.sha256)))
    known |= set(db.session.scalars(sa.select(Attachment.preview_sha256)))
    gone = 0
    for path in folder().glob("??/*"):
        if path.name not in known and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
            gone += 1
    return gone
