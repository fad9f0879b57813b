"""Links in mails that expire and work once; only their hashes are stored."""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock
from pst.accounts.digests import digest
from pst.accounts.users import User
from pst.database import db


class TokenPurpose(StrEnum):
    """What a link lets its holder do."""

    VERIFY = "verify"
    NEW_PASSWORD = "new_password"
    INVITE = "invite"


LASTS = {
    TokenPurpose.VERIFY: timedelta(days=2),
    TokenPurpose.NEW_PASSWORD: timedelta(hours=1),
    TokenPurpose.INVITE: timedelta(days=7),
}
# For so long a link that a stranger asked for also serves the next request.
FRESH = timedelta(minutes=10)


class LinkToken(db.Model):
    """One link that was mailed."""

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[TokenPurpose]
    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()

    @classmethod
    def issue(cls, user: User, purpose: TokenPurpose) -> tuple[Self, str]:
        """Make a link for `user`.

        Earlier ones go on working to their end: anyone may ask for another. Only what
        the office asks for, an invitation, replaces the one before.
        """
        if purpose is TokenPurpose.INVITE:
            cls.end_all(user, purpose)
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
    def find(cls, purpose: TokenPurpose, token: str) -> Self | None:
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
        query = sa.select(cls).where(
            cls.purpose == TokenPurpose.VERIFY,
            cls.token_hash == digest(token),
            cls.user.has(sa.and_(User.active, User.verified_at.is_not(None))),
        )
        return db.session.scalar(query) is not None

    @classmethod
    def is_fresh(cls, user: User, purpose: TokenPurpose) -> bool:
        """Return whether `user` got a link a moment ago that still works."""
        now = clock.now()
        fresh = cls._unused(user, purpose).where(
            cls.expires_at > now + LASTS[purpose] - FRESH
        )
        return db.session.scalar(sa.select(sa.exists(fresh))) is True

    @classmethod
    def end_all(cls, user: User, purpose: TokenPurpose | None = None) -> None:
        """Make every link that was mailed to `user` invalid."""
        ids = cls._unused(user, *([purpose] if purpose else TokenPurpose))
        statement = sa.update(cls).where(cls.id.in_(ids)).values(used_at=clock.now())
        db.session.execute(
            statement, execution_options={"synchronize_session": "fetch"}
        )

    @classmethod
    def _unused(cls, user: User, *purposes: TokenPurpose) -> sa.Select[int]:
        return sa.select(cls.id).where(
            cls.user_id == user.id, cls.purpose.in_(purposes), cls.used_at.is_(None)
        )
