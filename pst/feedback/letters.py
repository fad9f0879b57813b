"""Texts that an officer starts a follow-up mail from; officers edit them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst.accounts.models import User
from pst.database import db


class FollowUpTemplate(db.Model):
    """One text to start from, with places for what differs from mail to mail."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(100), unique=True)
    body: Mapped[str] = mapped_column(sa.Text)
    active: Mapped[bool]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))

    changed_by: Mapped[User | None] = relationship()
