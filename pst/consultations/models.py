"""A consultation, from the request to its closing; each move is a verb of it."""

from datetime import datetime
from typing import Any, Self

import sqlalchemy as sa

from pst import clock
from pst.accounts.users import User
from pst.consultations import duty
from pst.consultations.messages import Event
from pst.consultations.service_level.turns import Turn
from pst.consultations.states import Category, Channel, State
from pst.consultations.verbs.talking import Talking
from pst.database import PlainSelect, RowSelect, db, only_where
from pst.office import audit, settings
from pst.push.notices import NoticeKind, PushNotice
from pst.regions import resolving
from pst.rules import WrongState
from pst.web.access import Role


class Consultation(Talking):
    """One transaction: a category, a subject, a conversation, one rating."""

    __table_args__ = (
        sa.UniqueConstraint("year", "sequence"),
        sa.UniqueConstraint("user_id", "key", name="uq_consultation_key"),
        sa.Index("ix_consultation_state", "state", "asked_at"),
        sa.Index(
            "ix_consultation_officer_id_state", "officer_id", "state", "closed_at"
        ),
        # What the worklist counts, and what it is ordered by, of what is open alone.
        sa.Index(
            "ix_consultation_open",
            "state",
            "officer_id",
            "asked_at",
            "reopened_at",
            **only_where("state <> 'closed'"),
        ),
        # In the order of the worklist.
        sa.Index(
            "ix_consultation_waiting",
            "officer_id",
            sa.text("(closing_held IS NULL)"),
            "waiting_since",
            **only_where("state = 'waiting_user'"),
        ),
        sa.Index("ix_consultation_closed_at", "closed_at"),
        sa.Index(
            "ix_consultation_tell_user_at",
            "tell_user_at",
            **only_where("tell_user_at IS NOT NULL"),
        ),
    )

    # Makers

    @classmethod
    def ask(
        cls,
        user: User,
        category: Category,
        subject: str,
        description: str,
        *,
        details: dict[str, Any] | None = None,
        key: str | None = None,
        previous: "Consultation | None" = None,
    ) -> Self:
        """File a request, clear from now on, that waits in the queue.

        A repeat with the same `key` returns the consultation filed before. Raises
        `WrongState` while the e-mail address is not verified (service standard,
        "Persyaratan").
        """
        if key is not None and (filed := cls._with_form_key(user, key)):
            return filed
        if not user.is_verified:
            raise WrongState(
                "Verifikasi email Anda dahulu sebelum mengajukan konsultasi."
            )
        consultation = cls._numbered(user, category, subject, description, clock.now())
        consultation.key, consultation.previous = key, previous
        consultation._take_details(details or {})
        consultation._file(Event.ASKED, user)
        consultation._mail_user("request_received", "asked")
        PushNotice.put_all(duty.on_duty, NoticeKind.REQUEST, "/petugas")
        return consultation

    @classmethod
    def record(
        cls,
        by: User,
        visitor: User,
        channel: Channel,
        category: Category,
        subject: str,
        description: str,
        asked_at: datetime,
        minutes: int | None = None,
        details: dict[str, Any] | None = None,
    ) -> Self:
        """Write down a request made at the counter, by telephone or by letter.

        It counts like any other from `asked_at` on, and waits in the queue.
        """
        consultation = cls._numbered(visitor, category, subject, description, asked_at)
        consultation.channel, consultation.minutes = channel, minutes
        consultation._take_details(details or {})
        consultation._file(Event.RECORDED, by, channel=channel.value)
        audit.record("record", consultation.audit_subject, by.id, channel=channel.value)
        return consultation

    # Selections

    @classmethod
    def visible_to(cls, person: User) -> sa.Select[Self]:
        """Select those that `person` may see: officers and the head see all."""
        return sa.select(cls) if _sees_all(person) else cls.owned_by(person)

    @classmethod
    def owned_by(cls, person: User) -> sa.Select[Self]:
        """Select the consultations that `person` asked for."""
        return sa.select(cls).where(cls.user_id == person.id)

    @classmethod
    def numbered(
        cls, number: str, person: User, *, own: bool = False
    ) -> "Consultation | None":
        """Return `number` if `person` may see it; with `own`, if they asked for it."""
        if not own and _sees_all(person):
            return _NUMBERED.first(number=number)
        # Not `person.id`: before a write the person is read again, here with the row.
        state: Any = sa.inspect(person)
        statement = _OWN_READ_AGAIN if state.expired else _OWN_NUMBERED
        return statement.first(number=number, person=state.identity[0])

    @property
    def duplicate_numbers(self) -> list[str]:
        """Return the numbers of those that were closed as duplicates of this one."""
        return [number for (number,) in _DUPLICATES.rows(id=self.id)]

    # Private

    @classmethod
    def _with_form_key(cls, user: User, key: str) -> Self | None:
        return db.session.scalar(sa.select(cls).filter_by(user_id=user.id, key=key))

    @classmethod
    def _numbered(
        cls,
        user: User,
        category: Category,
        subject: str,
        description: str,
        asked_at: datetime,
    ) -> Self:
        """Make the row, numbered in its year; its first turn begins at `asked_at`."""
        year = asked_at.astimezone(settings.current().zone).year
        sequence = cls._next_sequence(year)
        return cls(
            number=f"KS-{year}-{sequence:06d}",
            year=year,
            sequence=sequence,
            category=category,
            channel=Channel.ONLINE,
            subject=subject,
            description=description,
            details={},
            state=State.QUEUED,
            user=user,
            asked_at=asked_at,
            newest_id=0,
            newest_shown_id=0,
            reads=0,
        )

    def _take_details(self, details: dict[str, Any]) -> None:
        """Keep what was asked besides, with the code of the region that it names."""
        self.details = details
        self.area_code = resolving.code_of(details.get("area") or "")

    def _file(self, event: Event, by: User, **data: Any) -> None:
        """Store the new row and its first turn; its first entry says how it came."""
        self.turn_number = 0
        db.session.add(self)
        db.session.flush()
        self._begin_turn(self.asked_at)
        self._happened(event, by, **data)

    @classmethod
    def _next_sequence(cls, year: int) -> int:
        highest = sa.select(sa.func.max(cls.sequence)).where(cls.year == year)
        return (db.session.scalar(highest) or 0) + 1


def _sees_all(person: User) -> bool:
    return person.role in (Role.OFFICER, Role.HEAD)


_IS_NUMBERED = Consultation.number == sa.bindparam("number")
_IS_OWN = sa.and_(_IS_NUMBERED, Consultation.user_id == sa.bindparam("person"))
_NUMBERED = RowSelect(Consultation, "turn", "officer", "user", where=_IS_NUMBERED)
# Whose it is, is read already, but for a request that has just got the lock.
_OWN_NUMBERED = RowSelect(Consultation, "turn", "officer", where=_IS_OWN)
_OWN_READ_AGAIN = RowSelect(Consultation, "turn", "officer", "user", where=_IS_OWN)
_DUPLICATES = PlainSelect(
    sa.select(Consultation.number)
    .where(Consultation.duplicate_of_id == sa.bindparam("id"))
    .order_by(Consultation.id)
)
# A turn is the latest one of its consultation.
IS_LATEST = sa.and_(
    Turn.consultation_id == Consultation.id, Turn.number == Consultation.turn_number
)
# The same of one that is owed: only the latest can be.
IS_OWED = sa.and_(Turn.consultation_id == Consultation.id, Turn.ended_at.is_(None))
