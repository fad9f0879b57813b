"""Files that go along with a mail; deleted with it."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pst.database import db


@dataclass(frozen=True)
class Enclosure:
    """A file that goes with a mail."""

    name: str
    type: str
    content: bytes


class MailFile(db.Model):
    """One file of a mail, as it is sent."""

    id: Mapped[int] = mapped_column(primary_key=True)
    mail_id: Mapped[int] = mapped_column(
        sa.ForeignKey("outbox_mail.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(sa.String(200))
    type: Mapped[str] = mapped_column(sa.String(80))
    content: Mapped[bytes]
