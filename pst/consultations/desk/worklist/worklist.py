"""The worklist of the officers: in sections, the most urgent first, filtered.

The number of queries does not grow with the consultations: two count what is open, and
one for each section reads the few rows shown, as columns and not as objects. Lists of
what is over are not counted, and go on after the last row shown.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import Any

import sqlalchemy as sa

from pst import clock
from pst.accounts.users import User
from pst.consultations import duty
from pst.consultations.desk.worklist.counts import Group, groups
from pst.consultations.desk.worklist.rows import rows_of, rows_with
from pst.consultations.desk.worklist.sections import (
    ORDERS,
    OVER,
    USUAL,
    Filters,
    Section,
)
from pst.consultations.models import IS_LATEST, Consultation
from pst.consultations.service_level.turns import Turn
from pst.consultations.states import State
from pst.consultations.verbs.waiting import closing_moment
from pst.database import read_columns

SHOWN = 15
PAGE_LENGTH = 40


@dataclass
class Worklist:
    """What there is to do, most urgent first, as `viewer` sees it.

    "Mine" are those of the officer in the filter, else of the viewer; for the head, who
    serves none, those of any officer. A filter by officer shows only that officer's.
    """

    viewer: User
    filters: Filters = field(default_factory=Filters)
    page: int = 1
    # The last row that a list of what is over showed; it goes on after this one.
    after: str = ""

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
        """Return how many are in `section`; what is closed is not counted."""
        if section is Section.UNEXPLAINED:
            return self.unexplained
        return self._counts[section]

    def is_counted(self, section: Section) -> bool:
        return section is not Section.CLOSED

    @property
    def urgent(self) -> int:
        """Return how many wait for the viewer or any officer, for the title."""
        waiting = (Section.OVERDUE, Section.TO_ANSWER, Section.QUEUE)
        return sum(self.count(section) for section in waiting)

    def rows(self, section: Section) -> list[Any]:
        """Return the rows of `section` on this page."""
        ids = self._ids.get(section, [])[:PAGE_LENGTH]
        return [self._rows[id] for id in ids]

    @cached_property
    def _ids(self) -> dict[Section, list[int]]:
        """Return which stand in each section shown; one more of what is over."""
        if self.is_over:
            return {each: self._read(each, PAGE_LENGTH + 1) for each in self.sections}
        length = PAGE_LENGTH if self.is_single else SHOWN
        offset = length * (self.page - 1) if self.is_single else 0
        return {each: self._read(each, length, offset) for each in self.sections}

    @cached_property
    def _rows(self) -> dict[int, Any]:
        return rows_with(chain.from_iterable(self._ids.values()), self.viewer)

    def _read(self, section: Section, length: int, offset: int = 0) -> list[int]:
        only_of = self.filters.officer_id
        which = rows_of(section, self.officer_id, only_of, self.after)
        query = sa.select(Consultation.id).join(Turn, IS_LATEST)
        query = query.where(*which, *self.filters.conditions)
        query = query.order_by(*ORDERS[section]).limit(length).offset(offset)
        return [id for (id,) in read_columns(query)]

    def is_cut(self, section: Section) -> bool:
        """Return whether there is more in `section` than is shown."""
        return not self.is_single and self.count(section) > SHOWN

    @cached_property
    def unexplained(self) -> int:
        """Return how many were answered late and closed without a reason noted."""
        which = rows_of(Section.UNEXPLAINED, self.officer_id, self.filters.officer_id)
        query = sa.select(sa.func.count(Consultation.id)).where(*which)
        return read_columns(query.where(*self.filters.conditions)).scalar() or 0

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
    def is_over(self) -> bool:
        """Return whether this is a list of what is over, which is read by its key."""
        return self.filters.section in OVER

    @property
    def last_shown(self) -> str:
        """Return the row after which the next page of what is over begins, if any."""
        ids = self._ids[self.sections[0]]
        return self._rows[ids[PAGE_LENGTH - 1]].number if len(ids) > PAGE_LENGTH else ""

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
        contents: Any = list(self._rows.values()) if self.is_over else self._groups
        parts = f"{clock.now():%d%H} {self.page} {contents}"
        return hashlib.blake2b(parts.encode(), digest_size=9).hexdigest()

    @cached_property
    def _groups(self) -> list[Group]:
        return groups(self.filters.conditions)

    @cached_property
    def _counts(self) -> Counter[Section]:
        """Count each section of what is open: what is late is in one of its own."""
        counts: Counter[Section] = Counter()
        for group in self._groups:
            if section := self._section_of(group, group.is_late):
                counts[section] += group.total
            if group.is_late and (on_time := self._section_of(group, False)):
                counts[on_time] -= group.total  # It was counted there as well.
        return counts

    def _section_of(self, group: Group, is_late: bool) -> Section | None:
        """Return where the rows of `group` stand; None: not in this list."""
        is_mine = group.officer_id is not None and (
            self.officer_id in (None, group.officer_id)
        )
        if self.filters.officer_id and not is_mine:
            return None
        if is_late and (group.state is State.QUEUED or is_mine):
            return Section.OVERDUE
        if group.state is State.QUEUED:
            return Section.QUEUE
        if not is_mine:
            return Section.OTHERS
        is_active = group.state is State.ACTIVE
        return Section.TO_ANSWER if is_active else Section.WAITING
