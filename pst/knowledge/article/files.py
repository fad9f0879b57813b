"""Files of an article: checked by content, and kept under unguessable names."""

import hashlib
import hmac
import logging
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock
from pst.accounts.users import User
from pst.consultations.messages import Kind, Message
from pst.consultations.models import Consultation
from pst.database import db
from pst.knowledge.article.revisions import Revision
from pst.knowledge.models import Article
from pst.office import audit
from pst.rules import EMPTY_FILE, WrongState
from pst.uploads.file_store import files
from pst.uploads.file_types import (
    MEDIA_TYPES,
    FileRefusal,
    Format,
    clean_image,
    recognise,
    tidy_name,
)
from pst.uploads.formats import UNKNOWN, kinds_taken
from pst.uploads.scanning import find_virus

log = logging.getLogger(__name__)
FOLDER = "articles"
MAX_BYTES = 5_000_000
KINDS = frozenset({"pdf", "png", "jpg", "xlsx", "docx", "csv"})
PICTURES = frozenset({"png", "jpg"})
# How the public address of a file begins, before its token.
ADDRESS = "/artikel/berkas/"
TOKEN = re.compile(rf"{ADDRESS}([\w-]{{24}})/")


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
    def named_in(cls, text: str) -> list[Self]:
        """Return the files whose addresses stand in `text`."""
        tokens = tokens_in(text)
        return list(db.session.scalars(_WITH, {"tokens": tokens})) if tokens else []

    @classmethod
    def attach(cls, article: Article, checked: "SafeFile", by: User) -> Self:
        """Note a file, which was kept, for the article; the same one again is there."""
        token = checked.token_for(article.id)
        if same := db.session.scalar(sa.select(cls).filter_by(token=token)):
            same.added_at = clock.now()  # so that the sweep finds it new
            return same
        file = cls(
            article=article,
            name=checked.name,
            kind=checked.format.value,
            size=len(checked.content),
            token=token,
            added_at=clock.now(),
            added_by_id=by.id,
        )
        db.session.add(file)
        db.session.flush()
        audit.record("attach_file", article.audit_subject, by.id, file=file.id)
        return file

    @property
    def file_name(self) -> str:
        """Its name in the store of files."""
        return f"{FOLDER}/{self.token}"

    @property
    def mimetype(self) -> str:
        return MEDIA_TYPES[Format(self.kind)]

    @property
    def is_picture(self) -> bool:
        return self.kind in PICTURES

    @property
    def is_public(self) -> bool:
        """Return whether a text names it that the public reads now.

        Its own article is asked first: only there is one text to look through.
        """
        texts = sa.select(Article.id).join(Article.published)
        own = texts.where(Article.id == self.article_id)
        return any(self._is_named_in(Revision.body, each) for each in (own, texts))

    def is_in_an_answer_to(self, person: User) -> bool:
        """Return whether a message names it in one of the person's conversations."""
        texts = sa.select(Message.id).filter_by(kind=Kind.MESSAGE)
        own = Consultation.owned_by(person).with_only_columns(Consultation.id)
        return self._is_named_in(
            Message.body, texts.where(Message.consultation_id.in_(own))
        )

    def _is_named_in(self, column: Mapped[str], texts: sa.Select[Any]) -> bool:
        names_it = column.contains(self.token, autoescape=True)
        return db.session.scalar(texts.where(names_it).limit(1)) is not None


def tokens_in(text: str) -> set[str]:
    """Return the tokens of the files whose addresses stand in `text`."""
    return set(TOKEN.findall(text))


_WITH = (
    sa.select(ArticleFile)
    .where(ArticleFile.token.in_(sa.bindparam("tokens", expanding=True)))
    .order_by(ArticleFile.id)
)
TAKEN = kinds_taken("PDF, XLSX, CSV, DOCX, PNG, JPG", 5)


@dataclass(frozen=True)
class SafeFile:
    """A file whose kind is known from its content, and which is harmless."""

    name: str
    format: Format
    content: bytes

    def token_for(self, article_id: int) -> str:
        """Return the name of the file in an article: the same for the same file.

        No one without our key can guess it.
        """
        digest = hashlib.sha256(self.content).hexdigest()
        text = f"{article_id}:{digest}:{self.name}"
        key = current_app.config["SECRET_KEY"].encode()
        return urlsafe_b64encode(
            hmac.digest(key, text.encode(), "sha256")[:18]
        ).decode()

    def keep(self, article_id: int) -> None:
        """Put the file in its place for an article, before any row names it.

        Slow: never call it while a transaction is open. Raises `StoreAway`.
        """
        files().put(f"{FOLDER}/{self.token_for(article_id)}", self.content)


def check(name: str, content: bytes) -> SafeFile:
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
    except FileRefusal as error:
        raise BadFile(f"{error} {TAKEN}") from error
    return SafeFile(tidy_name(name, format), format, content)
