"""Which account at the provider belongs to which account here."""

from datetime import datetime
from typing import Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock
from pst.accounts.log_ins import LogIn
from pst.accounts.users import User
from pst.database import db
from pst.office import audit

SUBJECT_LENGTH = 255


class SignOnAccount(db.Model):
    """One account at the provider; made when its owner first logs in with it."""

    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    issuer: Mapped[str] = mapped_column(sa.String(300))
    subject: Mapped[str] = mapped_column(sa.String(SUBJECT_LENGTH))
    linked_at: Mapped[datetime]

    user: Mapped[User] = relationship()

    __table_args__ = (sa.UniqueConstraint("issuer", "subject"),)

    @classmethod
    def of(cls, issuer: str, subject: str) -> Self | None:
        """Return the account with this subject."""
        return db.session.scalar(
            sa.select(cls).filter_by(issuer=issuer, subject=subject)
        )

    @classmethod
    def link(cls, user: User, issuer: str, subject: str) -> Self | None:
        """Link `user`; return None when the user has another account there."""
        if db.session.get(cls, user.id) is not None:
            return None
        account = cls(user=user, issuer=issuer, subject=subject, linked_at=clock.now())
        db.session.add(account)
        audit.record("link_sign_on", user.subject, user.id)
        return account


def end_sessions(issuer: str, subject: str, session_id: str) -> None:
    """End one session there, or with only a subject all of that person's."""
    query = sa.select(LogIn)
    if session_id:
        query = query.where(LogIn.provider_session == session_id)
    else:
        mine = sa.select(SignOnAccount.user_id).filter_by(
            issuer=issuer, subject=subject
        )
        query = query.where(
            LogIn.user_id.in_(mine), LogIn.provider_session.is_not(None)
        )
    for row in db.session.scalars(query):
        row.close()
