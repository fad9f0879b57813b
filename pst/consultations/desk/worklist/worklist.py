"""The worklist of the officers: in sections, the most urgent first, filtered.

The number of queries does not grow with the consultations: two count what is open, and
one for each section reads the few rows shown, as columns and not as objects. Lists of
what is over are not counted, and go on after the last row shown.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any

from markupsafe import Markup

from pst import clock
from pst.accounts.users import User
from pst.consultations import duty
from pst.consultations.desk.worklist.counts import by_section, groups
from pst.consultations.desk.worklist.row_html import (
    KeptRow,
    RowContext,
    RowReader,
    html,
    kept_row,
    reading_today,
)
from pst.consultations.desk.worklist.rows import (
    PAGE_LENGTH,
    ROWS,
    SHOWN,
    RawRow,
    Selection,
    ids_of,
    rows_with,
    total_of,
)
from pst.consultations.desk.worklist.sections import (
    OVER,
    USUAL,
    Filters,
    Section,
)


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

    @cached_property
    def officer_id(self) -> int | None:
        if self.filters.officer_id:
            return self.filters.officer_id
        return self.reader.id if self.reader.is_officer else None

    @property
    def is_own(self) -> bool:
        return self.officer_id == self.reader.id

    @cached_property
    def reader(self) -> RowReader:
        return RowReader(self.viewer.id, self.viewer.is_officer)

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
        return [ROWS.row_of(each) for each in self._raw_rows(section)]

    def _raw_rows(self, section: Section) -> list[RawRow]:
        ids = self._ids.get(section, [])[:PAGE_LENGTH]
        return [self._rows[id] for id in ids]

    @cached_property
    def _rows(self) -> dict[int, RawRow]:
        ids = list(chain.from_iterable(self._ids.values()))
        return rows_with(ids, self.reader.id)

    @cached_property
    def _ids(self) -> dict[Section, list[int]]:
        """Return which stand in each section shown; one more of what is over."""
        return {each: self._read(each) for each in self.sections}

    def _read(self, section: Section) -> list[int]:
        length, offset = SHOWN, 0
        if self.is_over:
            length = PAGE_LENGTH + 1
        elif self.is_single:
            length, offset = PAGE_LENGTH, PAGE_LENGTH * (self.page - 1)
        values = self._values | {"length": length, "offset": offset}
        selection = self._selection(section)
        rows: list[RawRow] = []
        if section is Section.OTHERS and self.count(section) >= offset + length:
            # Mostly a page full of what has a deadline, which leads.
            rows = ids_of(selection._replace(has_due_only=True)).raw_rows(**values)
        if len(rows) < length:
            rows = ids_of(selection).raw_rows(after=self.after, **values)
        return [id for (id,) in rows]

    @property
    def _values(self) -> dict[str, Any]:
        """Return what the selection of a section leaves open."""
        values = {"officer_id": self.officer_id, "now": clock.now()}
        return values | self.filters.values

    def _selection(self, section: Section) -> Selection:
        return Selection(
            section,
            is_of_one=self.officer_id is not None,
            has_mine_only=self.filters.officer_id is not None,
            goes_on=bool(self.after),
            filtered_by=tuple(self.filters.values),
        )

    def is_cut(self, section: Section) -> bool:
        """Return whether there is more in `section` than is shown."""
        return not self.is_single and self.count(section) > SHOWN

    @cached_property
    def unexplained(self) -> int:
        """Return how many were answered late and closed without a reason noted."""
        selection = self._selection(Section.UNEXPLAINED)._replace(goes_on=False)
        return int(total_of(selection).first(**self._values).total)

    @cached_property
    def team(self) -> list[tuple[duty.Officer, bool]]:
        """Return all officers, and whether each serves today."""
        return duty.team_today()

    @property
    def officers(self) -> tuple[duty.Officer, ...]:
        """Return the officers, one of whom may be asked for."""
        return tuple(person for person, _ in self.team)

    def html(self, section: Section) -> Markup:
        """Return the rows of `section` as the viewer sees them now."""
        return html(self._kept_rows[section])

    @cached_property
    def _kept_rows(self) -> dict[Section, list[KeptRow]]:
        return {
            section: [kept_row(row, self.reading) for row in self._raw_rows(section)]
            for section in self.sections
        }

    @cached_property
    def reading(self) -> RowContext:
        on_duty_ids = frozenset(person.id for person, is_here in self.team if is_here)
        return reading_today(self.reader, on_duty_ids, is_over=self.is_over)

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
        section = self.sections[0]
        if len(self._ids[section]) <= PAGE_LENGTH:
            return ""
        return str(ROWS.row_of(self._raw_rows(section)[-1]).number)

    @property
    def has_prev(self) -> bool:
        return self.page > 1

    @property
    def has_next(self) -> bool:
        section = self.filters.section
        return section is not None and self.count(section) > PAGE_LENGTH * self.page

    @cached_property
    def version(self) -> str:
        """Return a tag that changes whenever anything that is shown does.

        The time left is shown in days, so the hour is enough.
        """
        tags = [row.tag for row in chain.from_iterable(self._kept_rows.values())]
        counts = [self._counts[section] for section in USUAL]
        on_duty_ids = sorted(self.reading.on_duty_ids)
        parts = f"{clock.now():%d%H} {self.page} {counts} {tags} {on_duty_ids}"
        return hashlib.blake2b(parts.encode(), digest_size=9).hexdigest()

    @cached_property
    def _counts(self) -> Counter[Section]:
        open_groups = groups(self.filters.values)
        return by_section(open_groups, self.officer_id, self.filters.officer_id)
