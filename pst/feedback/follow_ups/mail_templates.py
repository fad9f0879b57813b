"""Texts that an officer starts a follow-up mail from; officers edit them."""

import re
from datetime import datetime
from typing import Self

import sqlalchemy as sa
from flask import render_template
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock
from pst.accounts.users import User
from pst.database import db
from pst.feedback.follow_ups.models import FollowUp
from pst.office import audit
from pst.rules import WrongState
from pst.web.formats.placeholders import filled

# Where an officer is to write, as "[tulis penyebab]".
UNFINISHED = re.compile(r"\[\s*tulis\b", re.IGNORECASE)


class FollowUpTemplate(db.Model):
    """One text to start from, with places for what differs from mail to mail."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(100), unique=True)
    body: Mapped[str] = mapped_column(sa.Text)
    active: Mapped[bool]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))

    changed_by: Mapped[User | None] = relationship()

    @classmethod
    def add(cls, by: User, name: str, body: str) -> Self:
        """Add a template. Raise `WrongState` when the name is taken."""
        template = cls(active=True)
        template.change(by, name, body)
        db.session.add(template)
        return template

    def change(self, by: User, name: str, body: str) -> None:
        """Replace its name and text. Raise `WrongState` when another has the name."""
        with db.session.no_autoflush:
            other = db.session.scalar(sa.select(FollowUpTemplate).filter_by(name=name))
        if other is not None and other is not self:
            raise WrongState(f"Sudah ada templat bernama “{name}”.")
        self.name, self.body = name, body
        self._touch(by)

    def set_active(self, by: User, active: bool) -> None:
        """Offer it to officers, or stop offering it."""
        self.active = active
        self._touch(by)

    def filled(self, follow_up: FollowUp, writer: User) -> str:
        """Return its text with the places filled in for `follow_up`."""
        values = {
            "nama": follow_up.user.name,
            "nomor": follow_up.consultation.number,
            "subjek": follow_up.consultation.subject,
            "tindak_lanjut": follow_up.number,
            "petugas": writer.name,
        }
        return filled(self.body, values)

    def _touch(self, by: User) -> None:
        self.changed_at, self.changed_by = clock.now(), by
        audit.record("change_template", "follow_up_template", by.id, active=self.active)

    @classmethod
    def all_by_name(cls) -> list[Self]:
        """List the templates to start from, by name."""
        return list(
            db.session.scalars(sa.select(cls).where(cls.active).order_by(cls.name))
        )

    @classmethod
    def all(cls) -> list[Self]:
        """List every template, those on offer first."""
        return list(db.session.scalars(sa.select(cls).order_by(~cls.active, cls.name)))


def is_unfinished(text: str) -> bool:
    """Return whether a place where the officer is to write is still empty."""
    return UNFINISHED.search(text) is not None


def preview(follow_up: FollowUp) -> tuple[str, str]:
    """Return the mail as it would be sent now: its subject and its body."""
    text = render_template(
        "mails/follow_up.txt", name=follow_up.user.name, **follow_up.draft_context
    )
    subject, _, body = text.partition("\n")
    return subject.strip(), body.strip()
