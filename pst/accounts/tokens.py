"""Links in mails that expire and work once; only their hashes are stored."""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock
from pst.accounts.models import User, digest
from pst.database import db


class Purpose(StrEnum):
    """What a link lets its holder do."""

    VERIFY = "verify"
    NEW_PASSWORD = "new_password"
    INVITE = "invite"


LASTS = {
    Purpose.VERIFY: timedelta(days=2),
    Purpose.NEW_PASSWORD: timedelta(hours=1),
    Purpose.INVITE: timedelta(days=7),
}


class LinkToken(db.Model):
    """One link that was mailed."""

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[Purpose]
    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()

    @classmethod
    def issue(cls, user: User, purpose: Purpose) -> tuple[Self, str]:
        """Make a link for `user`; earlier ones for the same purpose stop working."""
        db.session.execute(
            sa.update(cls)
            .where(
                cls.user_id == user.id, cls.purpose == purpose, cls.used_at.is_(None)
            )
            .values(used_at=clock.now())
        )
        token = secrets.token_urlsafe(24)
        row = cls(
            purpose=purpose,
            token_hash=digest(token),
            user=user,
            expires_at=clock.now() + LASTS[purpose],
            used_at=None,
        )
        db.session.add(row)
        db.session.flush()
        return row, token

    @classmethod
    def find(cls, purpose: Purpose, token: str) -> Self | None:
        """Find a link that still works."""
        return db.session.scalar(
            sa.select(cls).where(
                cls.purpose == purpose,
                cls.token_hash == digest(token),
                cls.used_at.is_(None),
                cls.expires_at > clock.now(),
                cls.user.has(User.active),
            )
        )

    @classmethod
    def has_verified(cls, token: str) -> bool:
        """Return whether `token` was a verification link of a verified account."""
        sent = sa.select(cls).where(
            cls.purpose == Purpose.VERIFY,
            cls.token_hash == digest(token),
            cls.user.has(sa.and_(User.active, User.verified_at.is_not(None))),
        )
        return db.session.scalar(sent) is not None

    @classmethod
    def end_all(cls, user: User) -> None:
        """Have no link that was mailed to `user` work any more."""
        still = sa.update(cls).where(cls.user_id == user.id, cls.used_at.is_(None))
        db.session.execute(still.values(used_at=clock.now()))

    def use(self) -> None:
        """Have it work no more."""
        self.used_at = clock.now()
