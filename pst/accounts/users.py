"""Accounts: registering, verifying, changing and ending them."""

import secrets
from typing import Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship

from pst import clock
from pst.accounts.log_ins import LogIn
from pst.accounts.passwords import UNUSABLE, matches
from pst.accounts.user_row import UserRow
from pst.database import db
from pst.office import audit, setup
from pst.outbox.bad_addresses import BadAddress
from pst.rules import WrongState
from pst.web.access import Role
from pst.web.forms.fields import normal_email

ERASED_NAME = "Pengguna terhapus"
# No mail server has this name, now or ever (RFC 2606).
NOWHERE = "terhapus.invalid"


class AddressTaken(ValueError):
    """An account with this e-mail address exists already."""


class User(UserRow):
    """A person with an account, or a visitor."""

    __table_args__ = (sa.Index("ix_user_role", "role", "name"),)

    log_ins: Mapped[list[LogIn]] = relationship(
        backref="user", cascade="all, delete-orphan", passive_deletes=True
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
        """Add an account, not yet verified; `by` is the admin who makes it.

        `hash_password` is slow: call it before the transaction. Raise `AddressTaken`.
        """
        if cls.with_email(email) is not None:
            raise AddressTaken(email)
        if role is Role.ADMIN and not cls.serving(Role.ADMIN):
            setup.begin()  # the first admin takes the office into use
        user = cls.fresh(email, name, password_hash, role)
        user.institution_kind, user.institution = institution_kind, institution
        user.occupation = occupation
        if consent_version:
            user.consented_at, user.consent_version = clock.now(), consent_version
        db.session.add(user)
        db.session.flush()
        audit.record("register", user.subject, (by or user).id, role=role.value)
        return user

    @classmethod
    def fresh(cls, email: str, name: str, password_hash: str, role: Role) -> Self:
        """Return a row with every field that other verbs read; it is not added yet."""
        return cls(
            email=normal_email(email),
            name=name,
            password_hash=password_hash,
            role=role,
            is_visitor=False,
            wants_notices=True,
            active=True,
            created_at=clock.now(),
            verified_at=None,
            consented_at=None,
            consent_version=None,
        )

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
        """Replace the registration of an address that no one has verified.

        The person who registered it before may not be its owner: their password and
        their log-ins work no more.
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
        """Move a registration that waits for its verification to another address."""
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
        nip: str | None = None,
    ) -> None:
        """Correct what the person said about themselves."""
        self.name = name
        self.nip = nip or None
        self.institution_kind = institution_kind
        self.institution = institution
        self.occupation = occupation
        audit.record("change_profile", self.subject, self.id)

    def erase(self, by: Self | None) -> None:
        """Remove all that names the person; the row stays for the counts.

        What the statistics group by stays too: kind of institution and occupation.
        """
        self.name, self.email = ERASED_NAME, f"terhapus-{self.id}@{NOWHERE}"
        self.institution = self.phone = self.nip = self.reachable_at = None
        self.password_hash = UNUSABLE
        self.active = False
        self.verified_at = self.two_step_at = None
        self.erased_at = clock.now()
        self.log_ins.clear()
        audit.record("erase", self.subject, by.id if by else None)

    def deactivate(self, by: Self) -> None:
        """Close the account to its owner and end every log-in."""
        if by.id == self.id:
            raise WrongState("Akun Anda sendiri tidak dapat dinonaktifkan.")
        if self.active:
            self.active = False
            self.log_ins.clear()
            audit.record("deactivate", self.subject, by.id)

    def activate(self, by: Self) -> None:
        """Let a deactivated account log in again."""
        self._require_account()
        if not self.active:
            self.active = True
            audit.record("activate", self.subject, by.id)

    def change_role(self, role: Role, by: Self) -> None:
        """Give the account another kind of work; end every log-in."""
        if by.id == self.id:
            raise WrongState("Peran akun Anda sendiri tidak dapat diubah.")
        self._require_account()
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

    def choose_notices(self, wants_notices: bool) -> None:
        """Note whether the person wants a mail when an officer has written."""
        if wants_notices is not self.wants_notices:
            self.wants_notices = wants_notices
            audit.record("choose_notices", self.subject, self.id, wanted=wants_notices)

    def _require_account(self) -> None:
        """Raise `WrongState` for a visitor, and for someone who was erased."""
        if self.is_visitor or self.is_erased:
            raise WrongState("Orang ini tidak memiliki akun.")

    def require_uninvited(self) -> None:
        """Raise `WrongState` when an invitation makes no sense any more."""
        if self.has_chosen_password or not self.active:
            raise WrongState("Akun ini tidak menunggu undangan.")

    @classmethod
    def first_admin_id(cls) -> int | None:
        """Return the id of the oldest admin whose account is active."""
        admins = sa.select(sa.func.min(cls.id)).filter_by(role=Role.ADMIN, active=True)
        return db.session.scalar(admins)

    @classmethod
    def with_email(cls, email: str) -> Self | None:
        return db.session.scalar(sa.select(cls).filter_by(email=normal_email(email)))

    @classmethod
    def serving(cls, *roles: Role) -> list[Self]:
        """Return the active people with one of `roles`, by name."""
        return list(
            db.session.scalars(
                sa.select(cls).where(cls.active, cls.role.in_(roles)).order_by(cls.name)
            )
        )


def is_password_of(user: User | None, password: str) -> bool:
    """Return whether `password` is `user`'s; without a user it takes as long."""
    return matches(user.password_hash if user else None, password)


def unused_address() -> str:
    """Return an address that no one has, or ever will."""
    return f"{secrets.token_hex(8)}@{NOWHERE}"
