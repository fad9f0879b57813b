"""Log-ins: one row for each device on which a person is signed in."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, composite, mapped_column

from pst import clock
from pst.accounts.digests import digest
from pst.accounts.user_row import UserRow
from pst.database import RowSelect, db
from pst.office import audit
from pst.web.access import Role

# How long a log-in lasts at most, and how long while no one does anything.
LOG_IN_LASTS = {
    Role.USER: timedelta(days=30),
    Role.OFFICER: timedelta(hours=14),
    Role.HEAD: timedelta(hours=14),
    Role.ADMIN: timedelta(hours=10),
}
LOG_IN_IDLES = {
    Role.USER: timedelta(days=14),
    Role.OFFICER: timedelta(hours=4),
    Role.HEAD: timedelta(hours=4),
    Role.ADMIN: timedelta(hours=2),
}
# Being seen is written down no more often than this.
SEEN_EVERY = timedelta(minutes=5)
# On a shared computer, which the next person sits down to.
SHARED_IDLES, SHARED_SEEN_EVERY = timedelta(minutes=30), timedelta(minutes=1)
# For so long after the password or a code, dangerous acts need no other one.
CONFIRMED_FOR = timedelta(minutes=15)
TOKEN_BYTES = 18


@dataclass(frozen=True)
class ProviderLogIn:
    """What is known of a log-in that began at the organisation's provider."""

    session_id: str | None = None
    # The address that ends the log-in there too.
    leave_url: str | None = None
    # Whether the provider says that a second step was taken there.
    has_second_step: bool = False

    @property
    def short_leave(self) -> str | None:
        """Return `leave_url` without the token in it, which no cookie has room for."""
        if self.leave_url is None:
            return None
        parts = urlsplit(self.leave_url)
        pairs = [each for each in parse_qsl(parts.query) if each[0] != "id_token_hint"]
        return parts._replace(query=urlencode(pairs)).geturl()


class LogIn(db.Model):
    """One device on which a person is signed in; deleting the row ends it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    device: Mapped[str] = mapped_column(sa.String(200))
    address: Mapped[str | None] = mapped_column(sa.String(45))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    # When the password or a code was last given, for dangerous acts.
    confirmed_at: Mapped[datetime]
    # The earlier of two ends: of its time, and of its time without activity.
    expires_at: Mapped[datetime]
    # On a shared computer: it ends with the browser, which keeps nothing.
    shared: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    provider_session: Mapped[str | None] = mapped_column(sa.String(255), index=True)
    leave_url: Mapped[str | None] = mapped_column(sa.Text)
    has_second_step: Mapped[bool] = mapped_column(
        default=False, server_default=sa.false()
    )

    if TYPE_CHECKING:
        user: Mapped[UserRow]  # from `User.log_ins`, which knows both

    origin: Mapped[ProviderLogIn] = composite(
        provider_session, leave_url, has_second_step
    )

    @classmethod
    def open(
        cls,
        user: UserRow,
        device: str,
        address: str | None = None,
        *,
        shared: bool = False,
    ) -> tuple[Self, str]:
        """Sign `user` in; return the row and the token, which is stored nowhere."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        now = clock.now()
        log_in = cls(
            token_hash=digest(token),
            user=user,
            device=device[:200],
            address=address,
            created_at=now,
            seen_at=now,
            confirmed_at=now,
            expires_at=now,
            shared=shared,
        )
        log_in.see()
        db.session.add(log_in)
        user.last_log_in_at, user.expiry_told_at = now, None
        audit.record("log_in", user.subject, user.id)
        return log_in, token

    @classmethod
    def with_token(cls, token: str) -> "LogIn | None":
        """Return the log-in that `token` opens, unless it is over."""
        log_in = _OPENED.first(token=digest(token), now=clock.now())
        return log_in if log_in is not None and log_in.user.active else None

    @classmethod
    def of(cls, user: UserRow) -> list[Self]:
        """Return the log-ins of `user` that are not over, the last seen first."""
        query = sa.select(cls).where(
            cls.user_id == user.id, cls.expires_at > clock.now()
        )
        return list(db.session.scalars(query.order_by(cls.seen_at.desc())))

    @classmethod
    def end_others(cls, current: Self | None) -> None:
        """End all other log-ins of the person who has the log-in `current`."""
        if current is not None:
            others = sa.delete(cls).where(cls.user_id == current.user_id)
            db.session.execute(others.where(cls.id != current.id))

    def see(self) -> None:
        """Note that its person is there: it ends later, never after its time."""
        self.seen_at = clock.now()
        idles = SHARED_IDLES if self.shared else LOG_IN_IDLES[self.user.role]
        self.expires_at = min(
            self.created_at + LOG_IN_LASTS[self.user.role],
            self.seen_at + idles,
        )

    def confirm(self) -> None:
        """Note that its person has given the password or a code again."""
        self.confirmed_at = clock.now()

    @property
    def is_seen_long_ago(self) -> bool:
        every = SHARED_SEEN_EVERY if self.shared else SEEN_EVERY
        return clock.now() - self.seen_at >= every

    @property
    def is_confirmed(self) -> bool:
        return clock.now() - self.confirmed_at < CONFIRMED_FOR

    def close(self) -> None:
        """Sign out."""
        audit.record("log_out", self.user.subject, self.user_id)
        db.session.delete(self)


_OPENED = RowSelect(
    LogIn,
    "user",
    where=sa.and_(
        LogIn.token_hash == sa.bindparam("token"),
        LogIn.expires_at > sa.bindparam("now"),
    ),
)
