"""Another e-mail address for an account: proved first, and undone by the old one."""

import secrets
from datetime import datetime, timedelta
from typing import Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock
from pst.accounts.digests import digest
from pst.accounts.log_in.two_step import TwoStep
from pst.accounts.passwords import UNUSABLE
from pst.accounts.tokens import LinkToken
from pst.accounts.users import User, unused_address
from pst.database import db
from pst.office import audit
from pst.outbox.bad_addresses import BadAddress
from pst.rules import ADDRESS_TAKEN, WrongState
from pst.web.formats.formatting import moment
from pst.web.forms.fields import normal_email

PROVED_WITHIN = timedelta(days=2)
UNDONE_WITHIN = timedelta(days=7)


class AddressChange(db.Model):
    """One change of an address, from being asked for until it is beyond undoing."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    before: Mapped[str] = mapped_column(sa.String(254))
    after: Mapped[str] = mapped_column(sa.String(254))
    # Of the link that works now: first the new address's, then the old one's.
    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    expires_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()

    @classmethod
    def ask(cls, user: User, email: str) -> tuple[Self, str]:
        """Ask the owner to prove `email`; return the row and the token of the link.

        Raise `WrongState` while an earlier change may be undone.
        """
        cls.require_settled(user)
        for change in db.session.scalars(cls._open_of(user)):
            change.ended_at = clock.now()  # only the newest wish counts
        change, token = cls._begin(user, email, PROVED_WITHIN)
        audit.record("ask_address", user.subject, user.id)
        return change, token

    @classmethod
    def order(cls, user: User, email: str, by: User, why: str) -> str:
        """Give `user` another address, as an admin; return the token that undoes it.

        An admin may correct a change that can still be undone: the oldest of the
        addresses takes the account back from all that came after it.
        """
        change, token = cls._begin(user, email, UNDONE_WITHIN)
        change._take_effect()
        user.verified_at = None  # the admin says so, its reader has not yet
        audit.record("change_address", user.subject, by.id, why=why)
        return token

    @classmethod
    def find(cls, token: str, *, is_made: bool) -> Self | None:
        """Return the change that a link proves, or undoes when it `is_made`."""
        stage = cls.made_at.is_not(None) if is_made else cls.made_at.is_(None)
        return db.session.scalar(
            sa.select(cls).where(
                cls.token_hash == digest(token),
                stage,
                cls.ended_at.is_(None),
                cls.expires_at > clock.now(),
                cls.user.has(User.erased_at.is_(None)),
            )
        )

    @classmethod
    def undoable_until(cls, user: User) -> datetime | None:
        """Return until when an earlier address may take the account back, if any."""
        changes = cls._open_of(user).where(cls.made_at.is_not(None))
        newest = changes.order_by(cls.expires_at.desc()).limit(1)
        change = db.session.scalar(newest)
        return change.expires_at if change else None

    @classmethod
    def undoable_users(cls) -> sa.Select[int]:
        """Select the accounts that an earlier address may take back."""
        return sa.select(cls.user_id).where(cls.made_at.is_not(None), *cls._is_open())

    @classmethod
    def require_settled(cls, user: User) -> None:
        """Raise `WrongState` while an earlier address may take the account back."""
        if (words := cls.undoable_notice(user)) is not None:
            raise WrongState(words)

    @classmethod
    def undoable_notice(cls, user: User) -> str | None:
        """Return what waits until an earlier address cannot take the account back."""
        until = cls.undoable_until(user)
        if until is None:
            return None
        return (
            "Alamat email akun ini baru diganti. Sampai"
            f" {moment(until)} alamat lama masih dapat membatalkannya;"
            " sesudah itu akun dapat dihapus atau alamatnya diganti lagi."
        )

    @classmethod
    def is_taken(cls, user: User) -> bool:
        """Return whether no new registration may take the place of this account.

        Its owner has proved an address, or an admin has given it another one.
        """
        if user.is_verified or user.is_staff:
            return True
        changes = sa.select(cls.id).where(
            cls.user_id == user.id, cls.made_at.is_not(None)
        )
        return db.session.scalar(changes.limit(1)) is not None

    def prove(self) -> str:
        """Change the address; return the token with which the old one undoes it."""
        self.require_settled(self.user)
        if User.with_email(self.after) is not None:
            raise WrongState("Alamat ini tidak dapat dipakai. Pilih alamat lain.")
        token = secrets.token_urlsafe(24)
        self.token_hash = digest(token)
        self.expires_at = clock.now() + UNDONE_WITHIN
        self._take_effect()
        self.user.verify()
        audit.record("change_address", self.user.subject, self.user_id)
        return token

    def undo(self) -> None:
        """Give the account back to the reader of the old address.

        The one who changed it may know the password: that, every log-in and every link
        end, and so do the changes made since and a second step set up since.
        """
        holder = User.with_email(self.before)
        if holder is not None and holder is not self.user:
            if self.is_taken(holder):
                raise WrongState(ADDRESS_TAKEN)
            holder.email, holder.active = (
                unused_address(),
                False,
            )  # registered, never proved
            db.session.flush()
        for change in db.session.scalars(self._open_of(self.user)):
            if change.id >= self.id:
                change.ended_at = clock.now()
        self._move(self.before)
        self.user.change_password(UNUSABLE)
        self._end_second_step()
        self.user.verified_at = clock.now()
        BadAddress.prove(self.before)
        audit.record("undo_address", self.user.subject, None)

    @classmethod
    def _begin(cls, user: User, email: str, lasts: timedelta) -> tuple[Self, str]:
        token = secrets.token_urlsafe(24)
        change = cls(
            user=user,
            before=user.email,
            after=normal_email(email),
            token_hash=digest(token),
            expires_at=clock.now() + lasts,
            made_at=None,
            ended_at=None,
        )
        db.session.add(change)
        db.session.flush()
        return change, token

    @classmethod
    def _open_of(cls, user: User) -> sa.Select[Self]:
        return sa.select(cls).where(cls.user_id == user.id, *cls._is_open())

    @classmethod
    def _is_open(cls) -> tuple[sa.ColumnElement[bool], ...]:
        return cls.ended_at.is_(None), cls.expires_at > clock.now()

    def _end_second_step(self) -> None:
        """Ask for no code of an app that was set up after the change."""
        row, since = TwoStep.of(self.user), self.user.two_step_at
        if row and since and self.made_at and since >= self.made_at:
            row.disable(by=self.user)

    def _take_effect(self) -> None:
        self.made_at = clock.now()
        self._move(self.after)

    def _move(self, email: str) -> None:
        """Move the account to `email`; end its log-ins and the links mailed to it."""
        self.user.email = email
        self.user.log_ins.clear()
        LinkToken.end_all(self.user)
