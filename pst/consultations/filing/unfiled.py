"""Requests that newcomers wrote before their address is verified.

Such a request is in no queue and no one at the office sees it. It belongs to a
registration, and is filed when that takes effect; or, where the address has an account
already, it waits until the owner has logged in and files it.
"""

from datetime import datetime, timedelta
from typing import Any, Self

import sqlalchemy as sa
from flask_login import current_user
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.accounts.registration.registrations import Registration, make_room
from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.consultations.states import Category
from pst.database import db

LASTS = timedelta(days=7)


class UnfiledRequest(db.Model):
    """One request that waits to be filed, or to expire."""

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    category: Mapped[Category]
    subject: Mapped[str] = mapped_column(sa.String(200))
    description: Mapped[str] = mapped_column(sa.Text)
    details: Mapped[dict[str, Any]]
    key: Mapped[str] = mapped_column(sa.String(64))
    network: Mapped[str] = mapped_column(sa.String(50))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    @classmethod
    def keep(
        cls,
        owner: User | Registration,
        category: Category,
        subject: str,
        description: str,
        *,
        details: dict[str, Any],
        key: str,
        network: str,
    ) -> Self:
        """Keep a request for `owner`; one that is sent again is kept once."""
        name = "user_id" if isinstance(owner, User) else "registration_id"
        whose = {name: owner.id}
        rows = list(db.session.scalars(sa.select(cls).filter_by(**whose)))
        row = next((row for row in rows if row.key == key), None)
        if row is None:
            make_room(cls, rows, network)
            row = cls(**whose, key=key, created_at=clock.now())
            db.session.add(row)
        row.category, row.network = category, network
        row.subject, row.description, row.details = subject, description, details
        row.expires_at = clock.now() + LASTS
        db.session.flush()
        return row

    @classmethod
    def waiting_for(cls, owner: User | Registration) -> sa.Select[Self]:
        """Select what may still be filed for `owner`, oldest first."""
        mine = (
            cls.user_id == owner.id
            if isinstance(owner, User)
            else cls.registration_id == owner.id
        )
        return sa.select(cls).where(mine, cls.expires_at > clock.now()).order_by(cls.id)

    @classmethod
    def kept_about(cls, person: User) -> sa.Select[Self]:
        """Select all that is kept for the address of `person`."""
        registered = sa.select(Registration.id).filter_by(user_id=person.id)
        return sa.select(cls).where(
            (cls.user_id == person.id) | cls.registration_id.in_(registered)
        )

    def file(self, user: User) -> Consultation:
        """File it as a request of `user`; it waits no longer."""
        consultation = Consultation.ask(
            user,
            self.category,
            self.subject,
            self.description,
            details=self.details,
            key=self.key,
        )
        db.session.delete(self)
        return consultation


def waiting_count() -> int:
    """Return how many requests wait for the person who is signed in to file them."""
    rows = UnfiledRequest.waiting_for(current_user).order_by(None)
    count_query = sa.select(sa.func.count()).select_from(rows.subquery())
    return db.session.scalar(count_query) or 0
