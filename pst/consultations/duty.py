"""Who is at work: days on which an officer is away, and who is on duty today."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock
from pst.access import Role
from pst.accounts.models import User
from pst.database import db
from pst.errors import WrongState
from pst.office import audit, settings

LONGEST_ABSENCE = timedelta(days=366)


class Absence(db.Model):
    """Days on which one officer does not serve, the first and the last included."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    first_on: Mapped[date]
    last_on: Mapped[date] = mapped_column(index=True)
    note: Mapped[str] = mapped_column(sa.String(120))

    user: Mapped[User] = relationship()

    __table_args__ = (sa.CheckConstraint("first_on <= last_on", name="order"),)

    @classmethod
    def plan(
        cls, officer: User, first: date, last: date, note: str, by: User
    ) -> "Absence":
        """Note that `officer` will be away; by themselves or by the head."""
        if by.id != officer.id and not by.is_head:
            raise WrongState("Hanya petugas sendiri atau ketua tim yang mencatatnya.")
        if not first <= last <= first + LONGEST_ABSENCE:
            raise WrongState("Tanggal akhir harus sesudah tanggal awal.")
        made = cls(user_id=officer.id, first_on=first, last_on=last, note=note)
        db.session.add(made)
        db.session.flush()
        audit.record("plan_absence", officer.subject, by.id, first=str(first))
        return made

    def cancel(self, by: User) -> None:
        if not self.can_be_cancelled_by(by):
            raise WrongState("Hanya petugas sendiri atau ketua tim yang menghapusnya.")
        audit.record("cancel_absence", self.user.subject, by.id)
        db.session.delete(self)

    def can_be_cancelled_by(self, person: User) -> bool:
        return person.id == self.user_id or person.is_head


def today() -> date:
    return clock.today(settings.current().zone)


def away_ids(on: date) -> set[int]:
    """Tell which officers do not serve on that day."""
    query = sa.select(Absence.user_id).where(
        Absence.first_on <= on, Absence.last_on >= on
    )
    return set(db.session.scalars(query))


def is_on_duty(officer: User) -> bool:
    """Say whether the officer works here, and is not away today."""
    serves = officer.is_officer and officer.active
    return serves and officer.id not in away_ids(today())


def on_duty() -> list[User]:
    """List the officers who serve today; all of them when all are away."""
    away = away_ids(today())
    officers = User.serving(Role.OFFICER)
    return [person for person in officers if person.id not in away] or officers


def planned() -> list[Absence]:
    """List the absences that are not over, the next first."""
    query = (
        sa.select(Absence)
        .options(sa.orm.joinedload(Absence.user))
        .where(Absence.last_on >= today())
        .order_by(Absence.first_on, Absence.id)
    )
    return list(db.session.scalars(query))
