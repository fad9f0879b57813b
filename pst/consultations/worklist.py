"""The officers' one list to work from: what is due first, in sections, filtered.

However many consultations there are: one query counts the sections, one each reads the
few rows that are shown, as columns and not as objects.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pst import clock
from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.consultations.states import PENDING, UNEXPLAINED, Category, State
from pst.database import db
from pst.office import settings
from pst.outbox.bad_addresses import BadAddress

SHOWN = 15
PAGE_LENGTH = 40
LONGEST_SUBJECT_SHOWN = 90


class Section(StrEnum):
    """A part of the list; the values stand in addresses."""

    OVERDUE = "lewat-tenggat"
    TO_ANSWER = "menunggu-jawaban"
    QUEUE = "antrian"
    WAITING = "menunggu-pengguna"
    OTHERS = "petugas-lain"
    UNEXPLAINED = "belum-dijelaskan"
    CLOSED = "selesai"


# Of closed ones there are too many: shown only when asked for.
OVER = (Section.UNEXPLAINED, Section.CLOSED)
USUAL = [section for section in Section if section not in OVER]
# All that was asked on one day is due at the same moment: then who asked first.
FIRST_ASKED = (Consultation.asked_at, Consultation.id)
ORDERS: dict[Section, tuple[Any, ...]] = {
    Section.OVERDUE: (Consultation.due_at, *FIRST_ASKED),
    # What a user reopened stands on top of its officer's list.
    Section.TO_ANSWER: (
        Consultation.reopened_at.is_(None),
        Consultation.due_at.is_(None),
        Consultation.due_at,
        *FIRST_ASKED,
    ),
    Section.QUEUE: FIRST_ASKED,
    # What the clock may not close comes first: somebody must reach the user.
    Section.WAITING: (
        Consultation.closing_held.is_(None),
        Consultation.waiting_since,
        Consultation.id,
    ),
    Section.OTHERS: (
        Consultation.due_at.is_(None),
        Consultation.due_at,
        *FIRST_ASKED,
    ),
    Section.UNEXPLAINED: (Consultation.closed_at.desc(), Consultation.id),
    Section.CLOSED: (Consultation.closed_at.desc(), Consultation.id.desc()),
}


@dataclass(frozen=True)
class Filters:
    """What the reader wants to see of the list; all of it stands in the address."""

    category: Category | None = None
    officer_id: int | None = None
    section: Section | None = None
    since: date | None = None
    until: date | None = None

    @property
    def address(self) -> dict[str, str]:
        """The filters as they stand in an address."""
        wanted = {
            "jenis": self.category,
            "petugas": self.officer_id,
            "keadaan": self.section,
            "dari": self.since,
            "sampai": self.until,
        }
        return {name: str(value) for name, value in wanted.items() if value}

    @property
    def conditions(self) -> list[sa.ColumnElement[bool]]:
        zone = settings.current().zone
        found: list[sa.ColumnElement[bool]] = []
        if self.category:
            found.append(Consultation.category == self.category)
        if self.since:
            begin = datetime.combine(self.since, time(), zone)
            found.append(Consultation.asked_at >= begin)
        if self.until:
            end = datetime.combine(self.until + timedelta(days=1), time(), zone)
            found.append(Consultation.asked_at < end)
        return found


@dataclass
class Worklist:
    """What there is to do, most urgent first, as `viewer` sees it.

    "Mine" is what the officer in the filter has, else the viewer; for the head, who
    has none, what any officer has. Who filters by an officer sees hers and no others.
    """

    viewer: User
    filters: Filters = field(default_factory=Filters)
    page: int = 1

    @property
    def officer_id(self) -> int | None:
        if self.filters.officer_id:
            return self.filters.officer_id
        return self.viewer.id if self.viewer.is_officer else None

    @property
    def is_own(self) -> bool:
        return self.officer_id == self.viewer.id

    @cached_property
    def sections(self) -> list[Section]:
        """What is shown: the section asked for, or all that hold something."""
        if self.filters.section:
            return [self.filters.section]
        return [section for section in USUAL if self.count(section)]

    def count(self, section: Section) -> int:
        return self._counted.get(section, (0, 0, 0, 0))[0]

    @property
    def urgent(self) -> int:
        """How many wait for the viewer or for anybody: the number in the title."""
        waiting = (Section.OVERDUE, Section.TO_ANSWER, Section.QUEUE)
        return sum(self.count(section) for section in waiting)

    def rows(self, section: Section) -> list[Any]:
        """List the rows of `section` that are shown now."""
        length = PAGE_LENGTH if self.is_single else SHOWN
        chosen = (
            sa.select(Consultation.id)
            .where(*self._of(section), *self.filters.conditions)
            .order_by(*ORDERS[section])
            .limit(length)
            .offset(length * (self.page - 1) if self.is_single else 0)
        )
        return list(db.session.execute(_columns(chosen, ORDERS[section])))

    def is_cut(self, section: Section) -> bool:
        """Say whether there is more in `section` than is shown."""
        return not self.is_single and self.count(section) > SHOWN

    @cached_property
    def unexplained(self) -> int:
        """How many were answered late and closed, and nobody has said why."""
        query = sa.select(sa.func.count(Consultation.id))
        return db.session.scalar(query.where(*self._of(Section.UNEXPLAINED))) or 0

    @property
    def is_single(self) -> bool:
        return self.filters.section is not None

    @property
    def has_prev(self) -> bool:
        return self.page > 1

    @property
    def has_next(self) -> bool:
        section = self.filters.section
        return section is not None and self.count(section) > PAGE_LENGTH * self.page

    @cached_property
    def version(self) -> str:
        """Tell a mark that changes whenever anything in the lists does.

        Time left is in days and, on the last day, late at a moment that moves a row
        to another section: so the counts tell it, and the hour the rest.
        """
        parts = [f"{clock.now():%d%H}", f"{self.page}"]
        for section, numbers in sorted(self._counted.items()):
            parts.append(section[:2] + ".".join(map(str, numbers)))
        return "-".join(parts)

    @cached_property
    def _counted(self) -> dict[str, tuple[int, int, int, int]]:
        """Count each section; with the newest entry, the sum over all, and the held."""
        if self.filters.section in OVER:
            which: Any = sa.literal(self.filters.section.value)
            wanted = sa.and_(*self._of(self.filters.section))
        else:
            which = sa.case(
                *((sa.and_(*self._of(s)), s.value) for s in USUAL), else_="-"
            )
            wanted = Consultation.state.in_((*PENDING, State.WAITING_USER))
        query = (
            sa.select(
                which.label("which"),
                sa.func.count(),
                sa.func.max(Consultation.newest_id),
                sa.func.sum(Consultation.newest_id),
                sa.func.count(Consultation.closing_held),
            )
            .where(wanted, *self.filters.conditions)
            .group_by(sa.text("which"))
        )
        return {
            row[0]: (row[1], row[2], row[3], row[4])
            for row in db.session.execute(query)
        }

    def _of(self, section: Section) -> list[sa.ColumnElement[bool]]:
        state, due_at = Consultation.state, Consultation.due_at
        is_late = sa.and_(state.in_(PENDING), due_at < clock.now())
        is_mine = (
            Consultation.officer_id == self.officer_id
            if self.officer_id
            else Consultation.officer_id.is_not(None)
        )
        on_time = sa.or_(due_at.is_(None), due_at >= clock.now())
        only_mine = [is_mine] if self.filters.officer_id else []
        return {
            Section.OVERDUE: [
                is_late,
                sa.or_(state == State.QUEUED, is_mine),
                *only_mine,
            ],
            Section.TO_ANSWER: [state == State.ACTIVE, is_mine, on_time],
            Section.QUEUE: [state == State.QUEUED, on_time, *only_mine],
            Section.WAITING: [state == State.WAITING_USER, is_mine],
            Section.OTHERS: [
                state.in_((State.ACTIVE, State.WAITING_USER)),
                sa.not_(is_mine),
                *only_mine,
            ],
            Section.UNEXPLAINED: [
                sa.literal_column(f"({UNEXPLAINED})", sa.Boolean()),
                is_mine,
            ],
            Section.CLOSED: [state == State.CLOSED, *only_mine],
        }[section]


def _columns(chosen: sa.Select[Any], order: tuple[Any, ...]) -> sa.Select[Any]:
    """Read what a row of the list shows, of the ids that `chosen` selects."""
    asker, officer = aliased(User), aliased(User)
    return (
        sa.select(
            Consultation.id,
            Consultation.number,
            Consultation.user_id,
            sa.func.substr(Consultation.subject, 1, LONGEST_SUBJECT_SHOWN).label(
                "subject"
            ),
            Consultation.category,
            Consultation.channel,
            Consultation.closing_held,
            Consultation.state,
            Consultation.reason,
            Consultation.due_at,
            Consultation.waiting_since,
            Consultation.closed_at,
            Consultation.reopened_at,
            asker.name.label("asker"),
            BadAddress.since_at.label("unreachable_at"),
            officer.name.label("officer"),
        )
        .join(asker, asker.id == Consultation.user_id)
        .outerjoin(BadAddress, BadAddress.address == normal_mailbox(asker))
        .outerjoin(officer, officer.id == Consultation.officer_id)
        .where(Consultation.id.in_(chosen))
        .order_by(*order)
    )


def normal_mailbox(asker: type[User]) -> sa.ColumnElement[str]:
    """Select where the mails of `asker` go, as addresses are compared."""
    return sa.func.lower(sa.func.coalesce(asker.reachable_at, asker.email))
