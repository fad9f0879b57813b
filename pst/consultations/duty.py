"""Who is on duty: each officer's weekdays, the days that differ, and today's people."""

from datetime import date, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock
from pst.accounts.users import User
from pst.database import PlainSelect, db
from pst.office import audit, settings
from pst.rules import LAST_BEFORE_FIRST, WrongState
from pst.web.access import Role

MAX_ABSENCE_LENGTH = timedelta(days=366)
WORK_WEEK = "01234"


class Officer(NamedTuple):
    """One of the team, as lists name them."""

    id: int
    name: str


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
            raise WrongState(LAST_BEFORE_FIRST)
        plan_row = cls(
            user_id=officer.id, first_on=first, last_on=last, note=note, serves=serves
        )
        db.session.add(plan_row)
        db.session.flush()
        audit.record(
            "plan_duty", officer.subject, by.id, first=str(first), serves=serves
        )
        return plan_row

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
    """Return the weekdays of each officer who has any set."""
    query = sa.select(DutyWeek.user_id, DutyWeek.weekdays)
    return {id: weekdays for id, weekdays in db.session.execute(query)}


def is_on_duty(officer: User) -> bool:
    """Return whether the officer works here and serves today."""
    return officer.is_officer and officer.active and officer.id in on_duty_ids()


def on_duty_ids() -> set[int]:
    """Return the officers who serve today; none who is noted as away."""
    return {person.id for person, is_here in team_today() if is_here}


def on_duty() -> list[User]:
    """Return the officers on duty today; if none, those not away; or else all."""
    ids = _serving_ids(_team())
    return [person for person in User.serving(Role.OFFICER) if person.id in ids]


def team_today() -> list[tuple[Officer, bool]]:
    """Return all officers by name, and whether each serves today."""
    team = _team()
    ids = _serving_ids(team)
    return [
        (Officer(each.id, each.name), each.id in ids and each.serves is not False)
        for each in team
    ]


def here_first(officers: list[User]) -> list[tuple[User, bool]]:
    """Return officers and whether each is on duty today; those who are come first."""
    here = on_duty_ids()
    pairs = [(person, person.id in here) for person in officers]
    return sorted(pairs, key=lambda each: not each[1])


def _serving_ids(team: list[Any]) -> set[int]:
    weekday = str(today().weekday())
    on_rota = {
        each.id
        for each in team
        if (weekday in each.weekdays if each.serves is None else each.serves)
    }
    here = {each.id for each in team if each.serves is not False}
    return on_rota or here or {each.id for each in team}


def _team() -> list[Any]:
    """Return each officer, the weekdays, and how today differs from them."""
    return TEAM.rows(day=today())


def _change_on(day: sa.BindParameter[date]) -> sa.ScalarSelect[bool]:
    """Select what was noted last of an officer's day."""
    return (
        sa.select(DutyChange.serves)
        .where(
            DutyChange.user_id == User.id,
            DutyChange.first_on <= day,
            DutyChange.last_on >= day,
        )
        .order_by(DutyChange.id.desc())
        .limit(1)
        .scalar_subquery()
    )


# Pages of officers ask it again and again: made once, with the day left open.
TEAM = PlainSelect(
    sa.select(
        User.id,
        User.name,
        _change_on(sa.bindparam("day", type_=sa.Date)).label("serves"),
        sa.func.coalesce(DutyWeek.weekdays, WORK_WEEK).label("weekdays"),
    )
    .outerjoin(DutyWeek, DutyWeek.user_id == User.id)
    .where(User.active, User.role == Role.OFFICER)
    .order_by(User.name)
)


def planned() -> list[DutyChange]:
    """Return the days that differ and are not over, the next one first."""
    query = (
        sa.select(DutyChange)
        .options(sa.orm.joinedload(DutyChange.user))
        .where(DutyChange.last_on >= today())
        .order_by(DutyChange.first_on, DutyChange.id)
    )
    return list(db.session.scalars(query))
