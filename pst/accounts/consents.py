"""What a person agreed to, to which version of the notice, and what they took back.

UU 27/2022: consent is given for each purpose by itself (pasal 20-22) and can be taken
back (pasal 9). The service itself rests on the first; the others are optional.
"""

from datetime import datetime
from enum import StrEnum
from typing import Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.accounts.users import User
from pst.database import db
from pst.office import audit


class ConsentPurpose(StrEnum):
    """What personal data may be used for."""

    SERVICE = "service"
    SURVEY = "survey"
    NEWS = "news"


OPTIONAL = (ConsentPurpose.SURVEY, ConsentPurpose.NEWS)


class Consent(db.Model):
    """One consent, from when it was given until it was taken back; never changed."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    purpose: Mapped[ConsentPurpose]
    version: Mapped[str] = mapped_column(sa.String(40))
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    @classmethod
    def give(cls, user: User, purpose: ConsentPurpose, version: str) -> None:
        """Note that `user` agrees to `version` of the notice for `purpose`."""
        current = cls.current(user).get(purpose)
        if current is not None and current.version == version:
            return
        if current is not None:
            current.withdrawn_at = clock.now()
        consent = cls(
            user_id=user.id,
            purpose=purpose,
            version=version,
            given_at=clock.now(),
            withdrawn_at=None,
        )
        db.session.add(consent)
        _record("give_consent", user, purpose)

    @classmethod
    def withdraw(cls, user: User, purpose: ConsentPurpose) -> None:
        """Note that `user` takes a consent back."""
        current = cls.current(user).get(purpose)
        if current is not None:
            current.withdrawn_at = clock.now()
            _record("withdraw_consent", user, purpose)

    @classmethod
    def current(cls, user: User) -> dict[ConsentPurpose, Self]:
        """Return the consents of `user` that hold now."""
        query = sa.select(cls).filter_by(user_id=user.id, withdrawn_at=None)
        return {row.purpose: row for row in db.session.scalars(query)}

    @classmethod
    def history(cls, user: User) -> list[Self]:
        query = sa.select(cls).filter_by(user_id=user.id).order_by(cls.id)
        return list(db.session.scalars(query))


def _record(action: str, user: User, purpose: ConsentPurpose) -> None:
    audit.record(action, user.subject, user.id, purpose=purpose.value)
