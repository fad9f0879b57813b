"""The row of an account, and what can be read from it."""

from datetime import datetime

import sqlalchemy as sa
from flask_login import UserMixin
from sqlalchemy.orm import Mapped, mapped_column

from pst.accounts.passwords import UNUSABLE
from pst.database import db
from pst.office import settings
from pst.web.access import STAFF_ROLES, Role

# How a mail calls a person whose address no one has proved yet.
UNKNOWN = "Pengguna layanan"


class UserRow(UserMixin, db.Model):
    """The columns of `User`."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    role: Mapped[Role]
    institution_kind: Mapped[str | None] = mapped_column(sa.String(40))
    institution: Mapped[str | None] = mapped_column(sa.String(200))
    occupation: Mapped[str | None] = mapped_column(sa.String(40))
    phone: Mapped[str | None] = mapped_column(sa.String(40))
    # The number of a civil servant, which stands under the name in letters.
    nip: Mapped[str | None] = mapped_column(sa.String(18))
    # A person who came, called or wrote: no account, nothing opens with this row.
    is_visitor: Mapped[bool] = mapped_column(default=False)
    # Where a visitor's mails go; such an address may also have an account.
    reachable_at: Mapped[str | None] = mapped_column(sa.String(254))
    # Whether the person wants a mail when an officer wrote and they were not looking.
    wants_notices: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool]
    created_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]
    consented_at: Mapped[datetime | None]
    consent_version: Mapped[str | None] = mapped_column(sa.String(40))
    last_log_in_at: Mapped[datetime | None]
    # When the owner was warned that an account no one uses will be erased.
    expiry_told_at: Mapped[datetime | None]
    # Since when a second step is asked for; see accounts/twostep.py.
    two_step_at: Mapped[datetime | None]
    # Since when the row names no person any more.
    erased_at: Mapped[datetime | None]

    # Set for one request, when its log-in came from the organisation's provider.
    took_second_step_elsewhere = False

    @property
    def is_active(self) -> bool:
        return self.active

    @property
    def has_chosen_password(self) -> bool:
        return self.password_hash != UNUSABLE

    @property
    def has_two_step(self) -> bool:
        return self.two_step_at is not None

    @property
    def owes_two_step(self) -> bool:
        """Return whether the office asks for a second step that is not set up yet."""
        required = settings.current().require_two_step
        is_done = self.has_two_step or self.took_second_step_elsewhere
        return self.is_staff and required and not is_done

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
        """Return what the audit trail calls this account."""
        return f"user:{self.id}"

    @property
    def mailbox(self) -> tuple[str, str]:
        """Return the name and address that mails go to.

        Anyone can register with any address, under any name. Until a reader of that
        mailbox has confirmed the registration, no mail carries the name.
        """
        is_known = self.is_verified or self.is_staff or self.is_visitor
        return self.name if is_known else UNKNOWN, self.reachable_at or self.email

    @property
    def can_be_mailed(self) -> bool:
        """Return whether mails reach this person: an account in use, or an address."""
        return self.active or bool(self.reachable_at)
