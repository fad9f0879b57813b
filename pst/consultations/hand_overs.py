"""Handing over the work of an officer, and getting it back afterwards."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

import sqlalchemy as sa
from sqlalchemy.orm import (
    Mapped,
    joinedload,
    mapped_column,
    relationship,
    selectinload,
)

from pst import clock
from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.database import db
from pst.office import audit
from pst.rules import WrongState


class HandOverItem(db.Model):
    """One consultation that changed hands."""

    hand_over_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hand_over.id"), primary_key=True
    )
    consultation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("consultation.id"), primary_key=True
    )

    consultation: Mapped[Consultation] = relationship()


class HandOver(db.Model):
    """What one officer gave to another at once; it can be given back at once."""

    id: Mapped[int] = mapped_column(primary_key=True)
    giver_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    taker_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    made_at: Mapped[datetime]
    given_back_at: Mapped[datetime | None] = mapped_column(index=True)

    giver: Mapped[User] = relationship(foreign_keys=giver_id)
    taker: Mapped[User] = relationship(foreign_keys=taker_id)
    items: Mapped[list[HandOverItem]] = relationship()

    @classmethod
    def make(
        cls,
        giver: User,
        to: User,
        consultations: Sequence[Consultation],
        by: User,
        note: str = "",
    ) -> Self:
        """Give these `consultations` of `giver` to a colleague.

        A request of the colleague's own goes to the queue, and is not given back.
        """
        hand_over = cls(
            giver_id=giver.id, taker_id=to.id, made_at=clock.now(), items=[]
        )
        for consultation in consultations:
            consultation.hand_over(to, by, note)
            if consultation.is_served_by(to):
                hand_over.items.append(HandOverItem(consultation=consultation))
        db.session.add(hand_over)
        db.session.flush()
        audit.record(
            "hand_over", giver.subject, by.id, to=to.id, count=len(consultations)
        )
        return hand_over

    def give_back(self, by: User) -> int:
        """Return what is still open and in the hands of who took it; count it."""
        if not self.can_be_given_back_by(by):
            raise WrongState("Hanya kedua petugasnya atau ketua tim.")
        self.given_back_at = clock.now()
        back = self.still_theirs
        for consultation in back:
            consultation.give_back(self.giver, by)
        audit.record("give_back", self.giver.subject, by.id, count=len(back))
        return len(back)

    @property
    def still_theirs(self) -> list[Consultation]:
        """Return what the colleague has not closed or passed on."""
        each = [item.consultation for item in self.items]
        return [c for c in each if c.is_open and c.officer_id == self.taker_id]

    def can_be_given_back_by(self, person: User) -> bool:
        is_involved = person.id in (self.giver_id, self.taker_id) or person.is_head
        is_here = self.giver.active and self.giver.is_officer
        return is_involved and is_here and self.given_back_at is None


def returnable(person: User, most: int = 20) -> list[HandOver]:
    """List what `person` may give back or ask back, the newest first."""
    query = (
        sa.select(HandOver)
        .options(
            selectinload(HandOver.items).joinedload(HandOverItem.consultation),
            joinedload(HandOver.giver),
            joinedload(HandOver.taker),
        )
        .where(HandOver.given_back_at.is_(None))
        .order_by(HandOver.id.desc())
        .limit(most)
    )
    if not person.is_head:
        mine = sa.or_(HandOver.giver_id == person.id, HandOver.taker_id == person.id)
        query = query.where(mine)
    each = db.session.scalars(query)
    return [
        one for one in each if one.can_be_given_back_by(person) and one.still_theirs
    ]
