"""Accounts and log-ins."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Self

import sqlalchemy as sa
from flask_login import UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock
from pst.access import STAFF_ROLES, Role
from pst.accounts.passwords import UNUSABLE, matches
from pst.accounts.passwords import hash_password as hash_password
from pst.database import db
from pst.errors import WrongState
from pst.fields import normal_email
from pst.office import audit, settings, setup
from pst.outbox.bad_addresses import BadAddress

# How long a log-in lasts at most, and how long while nobody does anything.
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
ERASED_NAME = "Pengguna terhapus"
# No mail server has this name, now or ever (RFC 2606).
NOWHERE = "terhapus.invalid"
VISITORS = "pengunjung.invalid"
# How a mail calls somebody whose address nobody has proved yet.
UNKNOWN = "Pengguna layanan"
UNNAMED = "Pengunjung"


class AddressTaken(ValueError):
    """An account with this e-mail address exists already."""


class User(UserMixin, db.Model):
    """A person with an account."""

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    role: Mapped[Role]
    institution_kind: Mapped[str | None] = mapped_column(sa.String(40))
    institution: Mapped[str | None] = mapped_column(sa.String(200))
    occupation: Mapped[str | None] = mapped_column(sa.String(40))
    phone: Mapped[str | None] = mapped_column(sa.String(40))
    # Somebody who came, called or wrote: no account, nothing opens with this row.
    is_visitor: Mapped[bool] = mapped_column(default=False)
    # Where a visitor's mails go; such an address may have an account beside this row.
    reachable_at: Mapped[str | None] = mapped_column(sa.String(254))
    # Whether the person wants a mail when an officer wrote and they were not looking.
    wants_notices: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool]
    created_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]
    consented_at: Mapped[datetime | None]
    consent_version: Mapped[str | None] = mapped_column(sa.String(40))
    last_log_in_at: Mapped[datetime | None]
    # When the owner was told that an account nobody uses will be erased.
    expiry_told_at: Mapped[datetime | None]
    # Since when a second step is asked for; see accounts/twostep.py.
    two_step_at: Mapped[datetime | None]
    # Since when nobody can tell any more who this was.
    erased_at: Mapped[datetime | None]

    log_ins: Mapped[list["LogIn"]] = relationship(
        back_populates="user", cascade="all, delete-orphan", passive_deletes=True
    )

    @classmethod
    def register(
        cls,
        email: str,
        name: str,
        password_hash: str,
        *,
        role: Role = Role.USER,
        by: "User | None" = None,
        consent_version: str | None = None,
        institution_kind: str | None = None,
        institution: str | None = None,
        occupation: str | None = None,
    ) -> Self:
        """Make an account, not yet verified; `by` is the admin who makes it.

        `password_hash` comes from `hash_password`, made before the transaction: it is
        slow on purpose. Raises `AddressTaken`.
        """
        if cls.with_email(email) is not None:
            raise AddressTaken(email)
        if role is Role.ADMIN and not cls.serving(Role.ADMIN):
            setup.begin()  # whoever is admin first takes the office into use
        now = clock.now()
        user = cls(
            email=normal_email(email),
            name=name,
            password_hash=password_hash,
            role=role,
            institution_kind=institution_kind,
            institution=institution,
            occupation=occupation,
            is_visitor=False,
            wants_notices=True,
            active=True,
            created_at=now,
            verified_at=None,
            consented_at=now if consent_version else None,
            consent_version=consent_version,
        )
        db.session.add(user)
        db.session.flush()
        audit.record(
            "register", user.subject, by.id if by else user.id, role=role.value
        )
        return user

    @classmethod
    def visit(
        cls,
        key: str,
        name: str = "",
        *,
        institution_kind: str | None = None,
        institution: str | None = None,
        occupation: str | None = None,
        phone: str | None = None,
        reachable_at: str | None = None,
    ) -> Self:
        """Note who came, called or wrote, as far as they said; nobody can log in.

        `key` is of the form that told it; one form makes one visitor.
        """
        visitor = cls(
            email=visitor_address(key),
            name=name or UNNAMED,
            password_hash=UNUSABLE,
            role=Role.USER,
            institution_kind=institution_kind,
            institution=institution,
            occupation=occupation,
            phone=phone,
            is_visitor=True,
            reachable_at=reachable_at,
            wants_notices=False,
            active=False,
            created_at=clock.now(),
            verified_at=None,
            consented_at=None,
            consent_version=None,
        )
        db.session.add(visitor)
        db.session.flush()
        return visitor

    def register_again(
        self,
        name: str,
        password_hash: str,
        *,
        consent_version: str,
        institution_kind: str,
        institution: str,
        occupation: str,
    ) -> None:
        """Take the last registration of an address that nobody has verified.

        Whoever registered it before may not be its owner: their password and their
        log-ins work no more.
        """
        assert self.verified_at is None
        self.change_profile(name, institution_kind, institution, occupation)
        self.consented_at, self.consent_version = clock.now(), consent_version
        self.change_password(password_hash)

    def verify(self) -> None:
        """Note that the e-mail address is this person's, and that mails arrive."""
        BadAddress.prove(self.email)
        if self.verified_at is None:
            self.verified_at = clock.now()
            audit.record("verify", self.subject, self.id)

    def correct_address(self, email: str) -> None:
        """Have a registration wait for its verification at another address."""
        assert self.verified_at is None
        self.email = normal_email(email)
        audit.record("correct_address", self.subject, self.id)

    def log_out_everywhere(self) -> None:
        """End every log-in (*keluar dari semua perangkat*)."""
        self.log_ins.clear()
        audit.record("log_out_everywhere", self.subject, self.id)

    def change_password(self, password_hash: str) -> None:
        """Set a new password and end every log-in."""
        self.password_hash = password_hash
        self.log_ins.clear()
        audit.record("change_password", self.subject, self.id)

    def renew_hash(self, password_hash: str) -> None:
        """Keep the same password, hashed with today's parameters."""
        self.password_hash = password_hash

    def change_profile(
        self,
        name: str,
        institution_kind: str | None = None,
        institution: str | None = None,
        occupation: str | None = None,
    ) -> None:
        """Correct what the person told about themselves."""
        self.name = name
        self.institution_kind = institution_kind
        self.institution = institution
        self.occupation = occupation
        audit.record("change_profile", self.subject, self.id)

    def erase(self, by: Self | None) -> None:
        """Have nobody be able to tell who this was; the row stays for the counts.

        What the statistics group by stays too: kind of institution and occupation.
        """
        self.name, self.email = ERASED_NAME, f"terhapus-{self.id}@{NOWHERE}"
        self.institution = self.phone = self.reachable_at = None
        self.password_hash = UNUSABLE
        self.active = False
        self.verified_at = self.two_step_at = None
        self.erased_at = clock.now()
        self.log_ins.clear()
        audit.record("erase", self.subject, by.id if by else None)

    def deactivate(self, by: Self) -> None:
        """Have the account open nothing any more; end every log-in."""
        if by.id == self.id:
            raise WrongState("Akun Anda sendiri tidak dapat dinonaktifkan.")
        if self.active:
            self.active = False
            self.log_ins.clear()
            audit.record("deactivate", self.subject, by.id)

    def activate(self, by: Self) -> None:
        """Let a deactivated account log in again."""
        if self.is_visitor or self.is_erased:
            raise WrongState("Orang ini tidak memiliki akun.")
        if not self.active:
            self.active = True
            audit.record("activate", self.subject, by.id)

    def change_role(self, role: Role, by: Self) -> None:
        """Give the account another kind of work; end every log-in."""
        if by.id == self.id:
            raise WrongState("Peran akun Anda sendiri tidak dapat diubah.")
        if self.is_visitor or self.is_erased:
            raise WrongState("Orang ini tidak memiliki akun.")
        if role is not self.role:
            before, self.role = self.role, role
            self.log_ins.clear()
            audit.record(
                "change_role",
                self.subject,
                by.id,
                before=before.value,
                after=role.value,
            )

    def choose_notices(self, wanted: bool) -> None:
        """Say whether mails are wanted when an officer wrote."""
        if wanted is not self.wants_notices:
            self.wants_notices = wanted
            audit.record("choose_notices", self.subject, self.id, wanted=wanted)

    def check_password(self, password: str) -> bool:
        """Say whether `password` is right; takes some tens of milliseconds."""
        return matches(self.password_hash, password)

    @property
    def has_chosen_password(self) -> bool:
        return self.password_hash != UNUSABLE

    def require_uninvited(self) -> None:
        """Raise `WrongState` when an invitation makes no sense any more."""
        if self.has_chosen_password or not self.active:
            raise WrongState("Akun ini tidak menunggu undangan.")

    @property
    def is_active(self) -> bool:
        return self.active

    @property
    def has_two_step(self) -> bool:
        return self.two_step_at is not None

    @property
    def owes_two_step(self) -> bool:
        """Say whether the office asks for a second step that is not set up yet."""
        required = settings.current().require_two_step
        return self.is_staff and required and not self.has_two_step

    @property
    def is_erased(self) -> bool:
        return self.erased_at is not None

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None

    @property
    def is_officer(self) -> bool:
        return self.role is Role.OFFICER

    @property
    def is_head(self) -> bool:
        return self.role is Role.HEAD

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF_ROLES

    @property
    def subject(self) -> str:
        """What the audit trail calls this account."""
        return f"user:{self.id}"

    @property
    def mailbox(self) -> tuple[str, str]:
        """The name and address that mails go to.

        Anybody can register with any address, under any name. Until somebody who reads
        the mails there has said that they did, no mail carries that name.
        """
        is_known = self.is_verified or self.is_staff or self.is_visitor
        return self.name if is_known else UNKNOWN, self.reachable_at or self.email

    @property
    def can_be_mailed(self) -> bool:
        """Say whether mails reach this person: an account in use, or an address."""
        return self.active or bool(self.reachable_at)

    @classmethod
    def with_email(cls, email: str) -> Self | None:
        return db.session.scalar(sa.select(cls).filter_by(email=normal_email(email)))

    def visits(self) -> list[Self]:
        """List the rows of this person's visits: those with the address that is theirs.

        Only of who has proved that it is.
        """
        if self.is_visitor or not self.is_verified:
            return []
        cls = type(self)
        return list(
            db.session.scalars(
                sa.select(cls).where(
                    cls.is_visitor, sa.func.lower(cls.reachable_at) == self.email
                )
            )
        )

    @classmethod
    def serving(cls, *roles: Role) -> list[Self]:
        """List the active people with one of `roles`, by name."""
        return list(
            db.session.scalars(
                sa.select(cls).where(cls.active, cls.role.in_(roles)).order_by(cls.name)
            )
        )


class LogIn(db.Model):
    """One device on which somebody is signed in; deleting the row ends it."""

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
    # The earlier of two ends: of its time, and of its time without anybody there.
    expires_at: Mapped[datetime]
    # On a shared computer: it ends with the browser, which keeps nothing.
    shared: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    user: Mapped[User] = relationship(back_populates="log_ins")

    @classmethod
    def open(
        cls,
        user: User,
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
    def with_token(cls, token: str) -> Self | None:
        """Find the log-in that `token` opens, unless it is over."""
        query = (
            sa.select(cls)
            .options(sa.orm.joinedload(cls.user))
            .where(cls.token_hash == digest(token), cls.expires_at > clock.now())
        )
        log_in = db.session.scalar(query)
        return log_in if log_in is not None and log_in.user.active else None

    @classmethod
    def of(cls, user: User) -> list[Self]:
        """List where `user` is signed in, the last seen first."""
        query = sa.select(cls).where(
            cls.user_id == user.id, cls.expires_at > clock.now()
        )
        return list(db.session.scalars(query.order_by(cls.seen_at.desc())))

    @classmethod
    def end_others(cls, kept: Self | None) -> None:
        """End every log-in of the person of `kept` but this one."""
        if kept is not None:
            others = sa.delete(cls).where(cls.user_id == kept.user_id)
            db.session.execute(others.where(cls.id != kept.id))

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


def is_password_of(user: User | None, password: str) -> bool:
    """Say whether `password` is `user`'s, in the same time when there is nobody."""
    return matches(user.password_hash if user else None, password)


def visitor_address(key: str) -> str:
    """Make the address, nobody's, under which a visitor is kept."""
    return f"{hashlib.sha256(key.encode()).hexdigest()[:24]}@{VISITORS}"


def nobody() -> str:
    """Make an address that nobody has, or ever will."""
    return f"{secrets.token_hex(8)}@{NOWHERE}"


def digest(token: str) -> bytes:
    """Turn a token into what is stored of it."""
    return hashlib.sha256(token.encode()).digest()
