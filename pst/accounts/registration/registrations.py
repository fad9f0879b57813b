"""Registrations that wait until their address is verified.

Anyone can register with any address, and chooses a password. None takes the place of
another: each waits with what its person typed, and the one counts whose person reads
the mailbox and presses the button. A stranger's registration costs the owner nothing.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.accounts.consents import OPTIONAL, Consent, ConsentPurpose
from pst.accounts.passwords import tail
from pst.accounts.users import User
from pst.database import db

# So many wait for one address at most; the network that made most of them gives way.
MAX_WAITING = 5
KEPT = timedelta(days=14)


class Registration(db.Model):
    """What one person typed to register an address that no one has verified yet."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    name: Mapped[str] = mapped_column(sa.String(200))
    institution_kind: Mapped[str] = mapped_column(sa.String(40))
    institution: Mapped[str] = mapped_column(sa.String(200))
    occupation: Mapped[str] = mapped_column(sa.String(40))
    consent_version: Mapped[str] = mapped_column(sa.String(40))
    wants_survey: Mapped[bool]
    wants_news: Mapped[bool]
    network: Mapped[str] = mapped_column(sa.String(50))
    created_at: Mapped[datetime] = mapped_column(index=True)

    @classmethod
    def put(
        cls,
        user: User,
        about: dict[str, Any],
        purposes: set[ConsentPurpose],
        network: str,
        before: Self | None,
    ) -> Self:
        """Add a registration, or replace `before`, which this browser made earlier."""
        if before is None:
            make_room(cls, cls.of(user), network)
            before = cls(user_id=user.id)
            db.session.add(before)
        for name, value in about.items():
            setattr(before, name, value)
        before.wants_survey = ConsentPurpose.SURVEY in purposes
        before.wants_news = ConsentPurpose.NEWS in purposes
        before.network, before.created_at = network, clock.now()
        db.session.flush()
        return before

    @classmethod
    def of(cls, user: User) -> list[Self]:
        """Return the registrations of the address of `user`, oldest first."""
        query = sa.select(cls).filter_by(user_id=user.id).order_by(cls.id)
        return list(db.session.scalars(query))

    @classmethod
    def made_with(cls, user: User, choice: str | None) -> Self | None:
        """Return the one whose password hash has the name `choice`."""
        rows = (row for row in cls.of(user) if tail(row.password_hash) == choice)
        return next(rows, None)

    @classmethod
    def forget(cls, user: User) -> None:
        """Delete what waited for an address that is verified now, or erased."""
        db.session.execute(sa.delete(cls).where(cls.user_id == user.id))

    def take_effect(self, user: User) -> None:
        """Make the account what this registration says, unless it is already."""
        if user.password_hash == self.password_hash:
            return
        user.register_again(
            name=self.name,
            password_hash=self.password_hash,
            consent_version=self.consent_version,
            institution_kind=self.institution_kind,
            institution=self.institution,
            occupation=self.occupation,
        )
        agree(user, self.consent_version, self.optional_purposes)

    @property
    def optional_purposes(self) -> set[ConsentPurpose]:
        """Return the optional purposes that the person ticked."""
        ticked = {
            ConsentPurpose.SURVEY: self.wants_survey,
            ConsentPurpose.NEWS: self.wants_news,
        }
        return {purpose for purpose, is_wanted in ticked.items() if is_wanted}


def agree(user: User, version: str, purposes: set[ConsentPurpose]) -> None:
    """Note each consent by itself, with the version of the notice."""
    Consent.give(user, ConsentPurpose.SERVICE, version)
    for purpose in OPTIONAL:
        if purpose in purposes:
            Consent.give(user, purpose, version)
        else:
            Consent.withdraw(user, purpose)


def hashes_of(user: User) -> list[str]:
    """Return the password hashes of all who registered the address of `user`."""
    others = [row.password_hash for row in Registration.of(user)]
    return list(dict.fromkeys([user.password_hash, *others]))


def make_room(model: Any, rows: list[Any], network: str) -> None:
    """Delete the oldest row of the network that has most, when all places are taken."""
    if len(rows) < MAX_WAITING:
        return
    most = Counter([row.network for row in rows] + [network]).most_common(1)[0][0]
    oldest = next((row for row in rows if row.network == most), rows[0])
    db.session.execute(sa.delete(model).where(model.id == oldest.id))


# What else is done when an address is verified; each may return where to go on, and
# the sentence that is said there.
Step = Callable[[User, Registration], tuple[str, str] | None]
_steps: list[Step] = []


def on_verification(step: Step) -> Step:
    """Register what else is done with each registration that takes effect."""
    _steps.append(step)
    return step


def complete(user: User, hashed: str) -> tuple[str, str] | None:
    """Let the registration with this password count; return what a step did."""
    registration = Registration.made_with(user, tail(hashed))
    if registration is not None:
        registration.take_effect(user)
    user.verify()
    places = [step(user, registration) for step in _steps] if registration else []
    Registration.forget(user)
    return next(filter(None, places), None)
