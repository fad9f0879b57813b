"""Files that belong to an article: checked by content, kept under names of our own."""

import secrets
from datetime import datetime
from pathlib import Path
from typing import Self

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock
from pst.accounts.models import User
from pst.database import db
from pst.errors import WrongState
from pst.knowledge.models import Article
from pst.office import audit

MOST_BYTES = 5_000_000
# How a file of each kind begins, and what it is served as.
KINDS = {
    "pdf": (b"%PDF-", "application/pdf"),
    "png": (b"\x89PNG\r\n\x1a\n", "image/png"),
    "jpg": (b"\xff\xd8\xff", "image/jpeg"),
    "xlsx": (
        b"PK\x03\x04",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "docx": (
        b"PK\x03\x04",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "csv": (b"", "text/csv"),
}
PICTURES = frozenset({"png", "jpg"})


class BadFile(WrongState):
    """A file that may not be attached; its text is shown."""


class ArticleFile(db.Model):
    """One file that an article links to."""

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(sa.ForeignKey("article.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[str] = mapped_column(sa.String(10))
    size: Mapped[int]
    # Where it lies, and its public address: tells nothing and cannot be guessed.
    token: Mapped[str] = mapped_column(sa.String(40), unique=True)
    added_at: Mapped[datetime]
    added_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))

    article: Mapped[Article] = relationship(backref="files")

    @classmethod
    def attach(cls, article: Article, name: str, content: bytes, by: User) -> Self:
        """Keep `content` with the article. Raises `BadFile`."""
        kind = kind_of(name, content)
        file = cls(
            article=article,
            name=Path(name.replace("\\", "/")).name[-200:],
            kind=kind,
            size=len(content),
            token=secrets.token_urlsafe(18),
            added_at=clock.now(),
            added_by_id=by.id,
        )
        file.path.parent.mkdir(parents=True, exist_ok=True)
        file.path.write_bytes(content)
        db.session.add(file)
        db.session.flush()
        audit.record("attach_file", article.audit_subject, by.id, file=file.id)
        return file

    @property
    def path(self) -> Path:
        return Path(current_app.config["PST"].data_dir) / "articles" / self.token

    @property
    def mimetype(self) -> str:
        return KINDS[self.kind][1]

    @property
    def is_picture(self) -> bool:
        return self.kind in PICTURES


def kind_of(name: str, content: bytes) -> str:
    """Tell what a file is by its name and beginning. Raises `BadFile`."""
    ending = name.rpartition(".")[2].lower().replace("jpeg", "jpg")
    if ending not in KINDS:
        raise BadFile(
            "Jenis berkas tidak didukung. Pilih PDF, XLSX, CSV, DOCX, PNG, JPG."
        )
    if not content:
        raise BadFile("Berkas ini kosong.")
    if len(content) > MOST_BYTES:
        raise BadFile("Berkas melebihi 5 MB.")
    is_binary = ending == "csv" and b"\0" in content
    if not content.startswith(KINDS[ending][0]) or is_binary:
        raise BadFile("Isi berkas tidak sesuai dengan jenisnya.")
    return ending
