"""The worklist of the officers: in sections, the most urgent first, filtered.

The number of queries does not grow with the consultations: one counts the sections,
and one for each section reads the few rows shown, as columns and not as objects.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pst import clock
from pst.accounts.users import User
from pst.consultations import duty
from pst.consultations.desk.worklist_rows import with_last_words
from pst.consultations.desk.worklist_sections import (
    ORDERS,
    OVER,
    USUAL,
    Filters,
    Section,
)
from pst.consultations.models import IS_LATEST, Consultation
from pst.consultations.service_level.turns import OVERRUN, Turn, overdue
from pst.consultations.states import OPEN, State
from pst.consultations.verbs.waiting import closing_moment
from pst.database import db
from pst.outbox.bad_addresses import BadAddress

SHOWN = 15
PAGE_LENGTH = 40
MAX_SUBJECT_SHOWN_LENGTH = 90
SUBJECT = sa.func.substr(Consultation.subject, 1, MAX_SUBJECT_SHOWN_LENGTH)
TURN_COLUMNS = (Turn.due_at, Turn.ended_at.is_(None).label("is_owed"))
UNEXPLAINED = sa.select(Turn.consultation_id).where(sa.text(OVERRUN))


@dataclass
class Worklist:
    """What there is to do, most urgent first, as `viewer` sees it.

    "Mine" are those of the officer in the filter, else of the viewer; for the head, who
    serves none, those of any officer. A filter by officer shows only that officer's.
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
        """Return the section asked for, or all that are not empty."""
        if self.filters.section:
            return [self.filters.section]
        return [section for section in USUAL if self.count(section)]

    def count(self, section: Section) -> int:
        return self._counted.get(section, (0, 0, 0, 0))[0]

    @property
    def urgent(self) -> int:
        """Return how many wait for the viewer or any officer, for the title."""
        waiting = (Section.OVERDUE, Section.TO_ANSWER, Section.QUEUE)
        return sum(self.count(section) for section in waiting)

    def rows(self, section: Section) -> list[Any]:
        """Return the rows of `section` on this page."""
        length = PAGE_LENGTH if self.is_single else SHOWN
        chosen = (
            sa.select(Consultation.id)
            .join(Turn, IS_LATEST)
            .where(*self._of(section), *self.filters.conditions)
            .order_by(*ORDERS[section])
            .limit(length)
            .offset(length * (self.page - 1) if self.is_single else 0)
        )
        columns = _columns(chosen, ORDERS[section])
        return list(db.session.execute(with_last_words(columns, self.viewer)))

    def is_cut(self, section: Section) -> bool:
        """Return whether there is more in `section` than is shown."""
        return not self.is_single and self.count(section) > SHOWN

    @cached_property
    def unexplained(self) -> int:
        """Return how many were answered late and closed without a reason noted."""
        query = sa.select(sa.func.count(Consultation.id)).join(Turn, IS_LATEST)
        return db.session.scalar(query.where(*self._of(Section.UNEXPLAINED))) or 0

    @cached_property
    def team(self) -> list[tuple[User, bool]]:
        """Return all officers, and whether each serves today."""
        return duty.team_today()

    @cached_property
    def _on_duty_ids(self) -> set[int]:
        return {person.id for person, is_here in self.team if is_here}

    def is_away(self, row: Any) -> bool:
        """Return whether the officer of `row`, a colleague, is not on duty today."""
        is_others = row.officer_id is not None and row.officer_id != self.viewer.id
        return is_others and row.officer_id not in self._on_duty_ids

    def may_take_over(self, row: Any) -> bool:
        """Return whether the viewer may serve `row` instead of an absent colleague."""
        is_possible = self.viewer.is_officer and row.user_id != self.viewer.id
        return is_possible and row.state != State.CLOSED and self.is_away(row)

    def closes_at(self, row: Any) -> datetime:
        """Return when the clock closes `row`, which waits for its user."""
        return closing_moment(row.waiting_since, row.warned_at)

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
        """Return a tag that changes whenever anything in the lists does.

        The time left is shown in days, so the hour is enough; a row that becomes late
        moves to another section, which changes the counts.
        """
        parts = [f"{clock.now():%d%H}", f"{self.page}"]
        for section, numbers in sorted(self._counted.items()):
            parts.append(section[:2] + ".".join(map(str, numbers)))
        return "-".join(parts)

    @cached_property
    def _counted(self) -> dict[str, tuple[int, int, int, int]]:
        """Count each section; and what changes with any entry, reading, or hold."""
        if self.filters.section in OVER:
            which: Any = sa.literal(self.filters.section.value)
            wanted = sa.and_(*self._of(self.filters.section))
        else:
            which = sa.case(
                *((sa.and_(*self._of(s)), s.value) for s in USUAL), else_="-"
            )
            wanted = Consultation.state.in_(OPEN)
        query = (
            sa.select(
                which.label("which"),
                sa.func.count(),
                sa.func.max(Consultation.newest_id),
                sa.func.sum(Consultation.newest_id + Consultation.reads),
                sa.func.count(Consultation.closing_held),
            )
            .join(Turn, IS_LATEST)
            .where(wanted, *self.filters.conditions)
            .group_by(sa.text("which"))
        )
        return {
            row[0]: (row[1], row[2], row[3], row[4])
            for row in db.session.execute(query)
        }

    def _of(self, section: Section) -> list[sa.ColumnElement[bool]]:
        state, is_late = Consultation.state, overdue(Turn, clock.now())
        is_mine = (
            Consultation.officer_id == self.officer_id
            if self.officer_id
            else Consultation.officer_id.is_not(None)
        )
        on_time = sa.not_(sa.func.coalesce(is_late, False))
        only_mine = [is_mine] if self.filters.officer_id else []
        return {
            Section.OVERDUE: [
                is_late,
                sa.or_(state == State.QUEUED, is_mine),
                *only_mine,
            ],
            Section.TO_ANSWER: [state == State.ACTIVE, is_mine, on_time],
            Section.QUEUE: [state == State.QUEUED, on_time, *only_mine],
            Section.WAITING: [state == State.WAITING_USER, is_mine, on_time],
            Section.OTHERS: [
                state.in_((State.ACTIVE, State.WAITING_USER)),
                sa.not_(is_mine),
                *only_mine,
            ],
            Section.UNEXPLAINED: [
                state == State.CLOSED,
                Consultation.id.in_(UNEXPLAINED),
                is_mine,
            ],
            Section.CLOSED: [state == State.CLOSED, *only_mine],
        }[section]


def _columns(chosen: sa.Select[Any], order: tuple[Any, ...]) -> sa.Select[Any]:
    """Select what a row of the list shows, of the ids that `chosen` selects."""
    asker, officer = aliased(User), aliased(User)
    return (
        sa.select(
            *TURN_COLUMNS,
            Consultation.id,
            Consultation.number,
            Consultation.user_id,
            SUBJECT.label("subject"),
            Consultation.category,
            Consultation.channel,
            Consultation.closing_held,
            Consultation.state,
            Consultation.reason,
            overdue(Turn, clock.now()).label("is_overdue"),
            Consultation.waiting_since,
            Consultation.closed_at,
            Consultation.reopened_at,
            asker.name.label("asker"),
            BadAddress.since_at.label("unreachable_at"),
            officer.name.label("officer"),
        )
        .join(Turn, IS_LATEST)
        .join(asker, asker.id == Consultation.user_id)
        .outerjoin(BadAddress, BadAddress.address == normal_mailbox(asker))
        .outerjoin(officer, officer.id == Consultation.officer_id)
        .where(Consultation.id.in_(chosen))
        .order_by(*order)
    )


def normal_mailbox(asker: type[User]) -> sa.ColumnElement[str]:
    """Select the address for the mails of `asker`, in the form used to compare."""
    return sa.func.lower(sa.func.coalesce(asker.reachable_at, asker.email))
