"""The logo in the head of letters: a picture, kept under its hash for ever.

A letter that was sent names the logo it was sent with; the setting `letter_logo` names
the one that new letters have.
"""

import base64
import hashlib
import struct
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.database import db
from pst.office import settings

MAX_BYTES = 300_000
MAX_SIDE_PIXELS = 2_000
SIGNATURE = b"\x89PNG\r\n\x1a\n"


class BadLogo(ValueError):
    """A file that cannot be the logo; the message says why."""


class LetterLogo(db.Model):
    """One picture that is or was the logo."""

    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
    added_at: Mapped[datetime]

    @classmethod
    def keep(cls, content: bytes, by_id: int) -> None:
        """Make `content` the logo of new letters."""
        sha256 = hashlib.sha256(content).hexdigest()
        if db.session.get(cls, sha256) is None:
            db.session.add(cls(sha256=sha256, content=content, added_at=clock.now()))
        settings.change({"letter_logo": sha256}, by_id=by_id)

    @property
    def svg(self) -> str:
        """The picture inside an SVG, which is text: the typesetter reads only text."""
        width, height = size_of(self.content)
        data = base64.b64encode(self.content).decode()
        return (
            '<svg xmlns="http://www.w3.org/2000/svg"'
            f' width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
            f'<image width="{width}" height="{height}"'
            f' href="data:image/png;base64,{data}"/></svg>'
        )


def refuse_unusable(content: bytes) -> None:
    """Raise `BadLogo` for what is no PNG, or a larger one than a letter needs."""
    if not content:
        raise BadLogo("Pilih berkas logo.")
    if len(content) > MAX_BYTES:
        raise BadLogo(f"Logo paling besar {MAX_BYTES // 1000} KB.")
    if not content.startswith(SIGNATURE) or len(content) < 24:
        raise BadLogo("Logo harus berupa gambar PNG.")
    if not all(0 < side <= MAX_SIDE_PIXELS for side in size_of(content)):
        raise BadLogo("Logo paling besar 2.000 x 2.000 piksel.")


def size_of(content: bytes) -> tuple[int, int]:
    """Return the width and height that a PNG says it has."""
    width, height = struct.unpack(">II", content[16:24])
    return width, height
