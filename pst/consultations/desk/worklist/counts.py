"""How many consultations are open, by state and officer, and how many of them are late.

What is open is counted along an index of it alone; what is late, from the turns that
are owed. Neither looks at the archive.
"""

from collections import Counter
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from pst import clock
from pst.consultations.desk.worklist.sections import CONDITIONS, Section
from pst.consultations.models import Consultation
from pst.consultations.service_level.turns import Turn, overdue
from pst.consultations.states import State
from pst.database import PlainSelect

# As the partial index has it: SQLite uses that for these very words alone.
IS_OPEN = sa.text("consultation.state <> 'closed'")
LATE = sa.select(Turn.consultation_id).where(overdue(Turn, sa.bindparam("now")))


class Group(NamedTuple):
    """Consultations of one state in the hands of one officer, and how many."""

    is_late: bool
    state: State
    officer_id: int | None
    total: int


def groups(values: dict[str, Any]) -> list[Group]:
    """Count all that is open, and once more what of it is owed past its deadline.

    `values` are those of the filters.
    """
    rows = _counted(tuple(values)).rows(now=clock.now(), **values)
    return [Group(*row) for row in rows]


@cache
def _counted(filtered_by: tuple[str, ...]) -> PlainSelect:
    conditions: list[Any] = [IS_OPEN, *(CONDITIONS[name] for name in filtered_by)]
    late = Consultation.id.in_(LATE)
    return PlainSelect(
        sa.union_all(
            _count_query(False).where(*conditions),
            _count_query(True).where(late, *conditions),
        )
    )


def _count_query(is_late: bool) -> sa.Select[bool, State, int | None, int]:
    whose = (Consultation.state, Consultation.officer_id)
    is_late_too = sa.literal(is_late).label("is_late")
    return sa.select(is_late_too, *whose, sa.func.count()).group_by(*whose)


def by_section(
    groups: list[Group], officer_id: int | None, only_of: int | None
) -> Counter[Section]:
    """Count each section of what is open: what is late is in one of its own.

    "Mine" are those of the officer, else of any; with `only_of` only those are counted.
    """
    counts: Counter[Section] = Counter()
    for group in groups:
        is_mine = group.officer_id is not None and (
            officer_id in (None, group.officer_id)
        )
        if only_of and not is_mine:
            continue
        in_time = _section_of(group.state, is_mine)
        if not group.is_late:
            counts[in_time] += group.total
        elif is_mine or group.state is State.QUEUED:
            counts[Section.OVERDUE] += group.total
            counts[in_time] -= group.total  # It was counted there as well.
    return counts


def _section_of(state: State, is_mine: bool) -> Section:
    """Return where open ones stand as long as they are not late."""
    if state is State.QUEUED:
        return Section.QUEUE
    if not is_mine:
        return Section.OTHERS
    return Section.TO_ANSWER if state is State.ACTIVE else Section.WAITING
