"""Who is on duty: each officer's weekdays, the days that differ, and today's people."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock
from pst.accounts.users import User
from pst.database import db
from pst.office import audit, settings
from pst.rules import WrongState
from pst.web.access import Role

MAX_ABSENCE_LENGTH = timedelta(days=366)


WORK_WEEK = "01234"


class DutyWeek(db.Model):
    """The weekdays on which one officer is on duty, Monday "0"; without a row: all."""

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), primary_key=True)
    weekdays: Mapped[str] = mapped_column(sa.String(7))

    @classmethod
    def set(cls, officer: User, weekdays: str, by: User) -> None:
        """Set the weekdays of `officer`, as the head decides."""
        if not by.is_head:
            raise WrongState("Jadwal piket diatur ketua tim.")
        row = db.session.get(cls, officer.id) or cls(user_id=officer.id)
        if row.weekdays != weekdays:
            row.weekdays = weekdays
            db.session.add(row)
            audit.record("set_duty", officer.subject, by.id, weekdays=weekdays)


class DutyChange(db.Model):
    """Days that differ from an officer's weekdays: away, or on duty after all.

    The first and the last day are included; of two entries the later one counts.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    first_on: Mapped[date]
    last_on: Mapped[date] = mapped_column(index=True)
    note: Mapped[str] = mapped_column(sa.String(120))
    serves: Mapped[bool]

    user: Mapped[User] = relationship()

    __table_args__ = (sa.CheckConstraint("first_on <= last_on", name="order"),)

    @classmethod
    def plan(
        cls,
        officer: User,
        first: date,
        last: date,
        note: str,
        by: User,
        *,
        serves: bool = False,
    ) -> "DutyChange":
        """Note that `officer` is away, or `serves`; by themselves or by the head."""
        if by.id != officer.id and not by.is_head:
            raise WrongState("Hanya petugas sendiri atau ketua tim yang mencatatnya.")
        if not first <= last <= first + MAX_ABSENCE_LENGTH:
            raise WrongState("Tanggal akhir harus sesudah tanggal awal.")
        made = cls(
            user_id=officer.id, first_on=first, last_on=last, note=note, serves=serves
        )
        db.session.add(made)
        db.session.flush()
        audit.record(
            "plan_duty", officer.subject, by.id, first=str(first), serves=serves
        )
        return made

    def cancel(self, by: User) -> None:
        if not self.can_be_cancelled_by(by):
            raise WrongState("Hanya petugas sendiri atau ketua tim yang menghapusnya.")
        audit.record("cancel_duty", self.user.subject, by.id)
        db.session.delete(self)

    def can_be_cancelled_by(self, person: User) -> bool:
        return person.id == self.user_id or person.is_head


def today() -> date:
    return clock.today(settings.current().zone)


def weekdays_of() -> dict[int, str]:
    """Return the weekdays of each officer for whom they were set."""
    query = sa.select(DutyWeek.user_id, DutyWeek.weekdays)
    return {id: weekdays for id, weekdays in db.session.execute(query)}


def is_on_duty(officer: User) -> bool:
    """Return whether the officer works here and serves today."""
    if not (officer.is_officer and officer.active):
        return False
    serving, changes = _serving_today()
    if changes.get(officer.id) is False:
        return False
    return officer.id in {person.id for person in serving}


def on_duty() -> list[User]:
    """Return the officers on duty today; if none, those not away; or else all."""
    return _serving_today()[0]


def _serving_today() -> tuple[list[User], dict[int, bool]]:
    """Return who is on duty today, and who differs from the weekdays."""
    day = today()
    weekday, weeks, changes = str(day.weekday()), weekdays_of(), _changes(day)
    officers = User.serving(Role.OFFICER)
    planned = [
        person
        for person in officers
        if changes.get(person.id, weekday in weeks.get(person.id, WORK_WEEK))
    ]
    here = [person for person in officers if changes.get(person.id, True)]
    return planned or here or officers, changes


def here_first(officers: list[User]) -> list[tuple[User, bool]]:
    """Return officers and whether each is on duty today; those who are come first."""
    serving, changes = _serving_today()
    here = {person.id for person in serving if changes.get(person.id, True)}
    pairs = [(person, person.id in here) for person in officers]
    return sorted(pairs, key=lambda each: not each[1])


def planned() -> list[DutyChange]:
    """Return the days that differ and are not over, the next one first."""
    query = (
        sa.select(DutyChange)
        .options(sa.orm.joinedload(DutyChange.user))
        .where(DutyChange.last_on >= today())
        .order_by(DutyChange.first_on, DutyChange.id)
    )
    return list(db.session.scalars(query))


def _changes(on: date) -> dict[int, bool]:
    """Return who differs from the weekdays that day: True serves, False is away."""
    query = (
        sa.select(DutyChange.user_id, DutyChange.serves)
        .where(DutyChange.first_on <= on, DutyChange.last_on >= on)
        .order_by(DutyChange.id)
    )
    return {id: serves for id, serves in db.session.execute(query)}
