"""Visitors: people who came, called or wrote, and have no account."""

import hashlib

import sqlalchemy as sa

from pst.accounts.passwords import UNUSABLE
from pst.accounts.users import User
from pst.database import db
from pst.web.access import Role

VISITORS = "pengunjung.invalid"
UNNAMED = "Pengunjung"


def visit(
    key: str,
    name: str = "",
    *,
    institution_kind: str | None = None,
    institution: str | None = None,
    occupation: str | None = None,
    phone: str | None = None,
    reachable_at: str | None = None,
) -> User:
    """Add a visitor, with what they said of themselves; the row opens no log-in.

    `key` is the key of the form that was filled in; one form makes one visitor.
    """
    visitor = User.fresh(visitor_address(key), name or UNNAMED, UNUSABLE, Role.USER)
    visitor.is_visitor, visitor.reachable_at = True, reachable_at
    visitor.wants_notices = visitor.active = False
    visitor.institution_kind, visitor.institution = institution_kind, institution
    visitor.occupation, visitor.phone = occupation, phone
    db.session.add(visitor)
    db.session.flush()
    return visitor


def visits_of(person: User) -> list[User]:
    """Return the visitors who left the address of `person`, who has proved it."""
    if person.is_visitor or not person.is_verified:
        return []
    has_address = sa.func.lower(User.reachable_at) == person.email
    return list(db.session.scalars(sa.select(User).where(User.is_visitor, has_address)))


def visitor_address(key: str) -> str:
    """Return the address, of no mailbox, under which a visitor is kept."""
    return f"{hashlib.sha256(key.encode()).hexdigest()[:24]}@{VISITORS}"
