"""Files of an article: checked by content, and kept under unguessable names."""

import logging
import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock
from pst.accounts.users import User
from pst.database import db
from pst.knowledge.models import Article
from pst.office import audit
from pst.rules import EMPTY_FILE, WrongState
from pst.uploads.file_types import (
    MEDIA_TYPES,
    Format,
    Refused,
    clean_image,
    recognise,
    tidy_name,
)
from pst.uploads.formats import UNKNOWN
from pst.uploads.scanning import find_virus

log = logging.getLogger(__name__)
MAX_BYTES = 5_000_000
KINDS = frozenset({"pdf", "png", "jpg", "xlsx", "docx", "csv"})
PICTURES = frozenset({"png", "jpg"})


class BadFile(WrongState):
    """A file that may not be attached; its text says why, for people."""


class ArticleFile(db.Model):
    """One file that an article links to."""

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(sa.ForeignKey("article.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[str] = mapped_column(sa.String(10))
    size: Mapped[int]
    # Its name on disk and in its public address; it cannot be guessed.
    token: Mapped[str] = mapped_column(sa.String(40), unique=True)
    added_at: Mapped[datetime]
    added_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))

    article: Mapped[Article] = relationship(backref="files")

    @classmethod
    def of(cls, article: Article) -> list[Self]:
        """Return the files of `article`."""
        return list(db.session.scalars(_OF, {"article": article.id}))

    @classmethod
    def attach(cls, article: Article, checked: "Checked", by: User) -> Self:
        """Save a file for the article; the same one again is there already."""
        same = cls._same(article, checked)
        if same is not None:
            return same
        file = cls(
            article=article,
            name=checked.name,
            kind=checked.format.value,
            size=len(checked.content),
            token=secrets.token_urlsafe(18),
            added_at=clock.now(),
            added_by_id=by.id,
        )
        file.path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(file.path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as out:
            out.write(checked.content)
            out.flush()
            os.fsync(out.fileno())
        db.session.add(file)
        db.session.flush()
        audit.record("attach_file", article.audit_subject, by.id, file=file.id)
        return file

    @classmethod
    def _same(cls, article: Article, checked: "Checked") -> Self | None:
        alike = sa.select(cls).filter_by(
            article=article, name=checked.name, size=len(checked.content)
        )
        files = db.session.scalars(alike)
        return next((file for file in files if file._holds(checked.content)), None)

    def _holds(self, content: bytes) -> bool:
        return self.path.exists() and self.path.read_bytes() == content

    @property
    def path(self) -> Path:
        return Path(current_app.config["PST"].data_dir) / "articles" / self.token

    @property
    def mimetype(self) -> str:
        return MEDIA_TYPES[Format(self.kind)]

    @property
    def is_picture(self) -> bool:
        return self.kind in PICTURES


_OF = (
    sa.select(ArticleFile)
    .where(ArticleFile.article_id == sa.bindparam("article"))
    .order_by(ArticleFile.id)
)
TAKEN = (
    "Yang diterima: PDF, XLSX, CSV, DOCX, PNG, JPG, paling besar 5 MB. Ubah foto jenis"
    " lain (misalnya HEIC) menjadi JPG, dan dokumen lain menjadi PDF."
)


@dataclass(frozen=True)
class Checked:
    """A file whose kind is known from its content, and which is harmless."""

    name: str
    format: Format
    content: bytes


def checked(name: str, content: bytes) -> Checked:
    """Return the file with its kind, by its content, and made harmless.

    Raises `BadFile`. It is slow: never call it while a transaction is open.
    """
    if not name:
        raise BadFile("Pilih berkasnya dahulu.")
    if not content:
        raise BadFile(EMPTY_FILE)
    if len(content) > MAX_BYTES:
        raise BadFile(f"Berkas melebihi 5 MB. {TAKEN}")
    try:
        format = recognise(content, name)
        if format.value not in KINDS:
            raise BadFile(f"{UNKNOWN} {TAKEN}")
        if finding := find_virus(content):
            log.warning("file of an article held back: %s", finding)
            raise BadFile(f"Berkas ditahan: pemeriksa virus menemukan {finding}.")
        if format.value in PICTURES:
            content, _ = clean_image(content, format)
    except Refused as error:
        raise BadFile(f"{error} {TAKEN}") from error
    return Checked(tidy_name(name, format), format, content)
