"""The register of breaches: what was disclosed, and who was notified by when.

UU 27/2022 pasal 46: the controller notifies the persons concerned and the authority in
writing, at the latest 3 x 24 hours after a breach is known: which data, when and how,
and what is done about it.
"""

from datetime import datetime, timedelta
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.accounts.users import User
from pst.database import db
from pst.office import audit
from pst.outbox.models import OutboxMail
from pst.web.access import Role

TELL_WITHIN = timedelta(days=3)
# Not empty, which would mean all users.
NO_ADDRESS_LEFT = "terhapus@terhapus.invalid"
TEXTS = ("what", "which_data", "how", "measures", "advice")


class Breach(db.Model):
    """One breach, from when it was known until all persons concerned were notified."""

    id: Mapped[int] = mapped_column(primary_key=True)
    known_at: Mapped[datetime]
    what: Mapped[str] = mapped_column(sa.Text)
    which_data: Mapped[str] = mapped_column(sa.Text)
    how: Mapped[str] = mapped_column(sa.Text)
    measures: Mapped[str] = mapped_column(sa.Text)
    advice: Mapped[str] = mapped_column(sa.Text)
    # Addresses of the people concerned, one a line; empty: all users.
    concerned: Mapped[str] = mapped_column(sa.Text)
    reported_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    told_count: Mapped[int]
    closed_at: Mapped[datetime | None]
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))

    @classmethod
    def open(cls, by: User, known_at: datetime, texts: dict[str, str]) -> Self:
        """Enter a breach into the register; its deadline counts from `known_at`."""
        breach = cls(
            known_at=known_at,
            reported_at=None,
            told_at=None,
            told_count=0,
            closed_at=None,
            created_by_id=by.id,
            **texts,
        )
        db.session.add(breach)
        db.session.flush()
        audit.record("open_breach", breach.subject, by.id)
        return breach

    def change(self, by: User, texts: dict[str, str]) -> None:
        for name, text in texts.items():
            setattr(self, name, text)
        audit.record("change_breach", self.subject, by.id)

    def note_report(self, by: User) -> None:
        """Note that the authority was notified."""
        if self.reported_at is None:
            self.reported_at = clock.now()
            audit.record("report_breach", self.subject, by.id)

    def tell(self, by: User) -> int:
        """Put a notice to each person concerned into the outbox; return how many.

        Repeated, it sends no one a second notice.
        """
        people = self.people()
        for person in people:
            OutboxMail.put(
                "breach",
                to=person.mailbox,
                cause=f"{self.id}:{person.id}",
                breach=self,
            )
        self.told_at, self.told_count = clock.now(), len(people)
        audit.record("tell_breach", self.subject, by.id, people=len(people))
        return len(people)

    @classmethod
    def forget(cls, address: str) -> None:
        """Remove an erased person's address from the register; the counts stay."""
        query = sa.select(cls).where(cls.concerned.icontains(address, autoescape=True))
        for breach in db.session.scalars(query):
            others = [other for other in breach.addresses if other != address.lower()]
            breach.concerned = "\n".join(others) or NO_ADDRESS_LEFT

    def close(self, by: User) -> None:
        if self.closed_at is None:
            self.closed_at = clock.now()
            audit.record("close_breach", self.subject, by.id)

    def people(self) -> list[User]:
        """Return the persons concerned who still have an account."""
        query = sa.select(User).where(User.erased_at.is_(None))
        if addresses := self.addresses:
            query = query.where(
                sa.or_(
                    User.email.in_(addresses),
                    sa.func.lower(User.reachable_at).in_(addresses),
                )
            )
        else:
            has_address = sa.func.coalesce(User.reachable_at, "") != ""
            unreachable = User.is_visitor & ~has_address
            query = query.where(User.role == Role.USER, ~unreachable)
        return list(db.session.scalars(query.order_by(User.id)))

    @property
    def addresses(self) -> list[str]:
        return [line.strip().lower() for line in self.concerned.split() if line.strip()]

    @property
    def due_at(self) -> datetime:
        return self.known_at + TELL_WITHIN

    @property
    def is_done(self) -> bool:
        return self.reported_at is not None and self.told_at is not None

    @property
    def is_late(self) -> bool:
        return not self.is_done and clock.now() > self.due_at

    @property
    def hours_left(self) -> int:
        return int((self.due_at - clock.now()).total_seconds() // 3600)

    @property
    def subject(self) -> str:
        return f"breach:{self.id}"

    @classmethod
    def all(cls) -> list[Self]:
        query: Any = sa.select(cls).order_by(cls.known_at.desc())
        return list(db.session.scalars(query))

    @classmethod
    def running(cls) -> list[Self]:
        """Return those of which a person or the authority is still to be notified."""
        return [breach for breach in cls.all() if not breach.is_done]
