"""How many consultations are open, by state and officer, and how many of them are late.

What is open is counted along an index of it alone; what is late, from the turns that
are owed. Neither looks at the archive.
"""

from typing import NamedTuple

import sqlalchemy as sa

from pst import clock
from pst.consultations.models import Consultation
from pst.consultations.service_level.turns import Turn, overdue
from pst.consultations.states import State
from pst.database import read_columns

# As the partial index has it: SQLite uses that for these very words alone.
IS_OPEN = sa.text("consultation.state <> 'closed'")
LATE = sa.select(Turn.consultation_id).where(overdue(Turn, sa.bindparam("now")))


class Group(NamedTuple):
    """Consultations of one state in the hands of one officer, and how many."""

    is_late: bool
    state: State
    officer_id: int | None
    total: int
    # Changes with any entry, reading, or hold.
    changes: int | None
    held: int


def groups(conditions: list[sa.ColumnElement[bool]]) -> list[Group]:
    """Count all that is open, and once more what of it is owed past its deadline.

    `conditions` are those of the filters.
    """
    late = Consultation.id.in_(LATE)
    both = sa.union_all(
        _count_query(False).where(IS_OPEN, *conditions),
        _count_query(True).where(IS_OPEN, late, *conditions),
    )
    return [Group(*row) for row in read_columns(both, {"now": clock.now()})]


def _count_query(is_late: bool) -> sa.Select[bool, State, int | None, int, int, int]:
    whose = (Consultation.state, Consultation.officer_id)
    changes = sa.func.sum(Consultation.newest_id + Consultation.reads)
    held_count = sa.func.count(Consultation.closing_held)
    is_late_too = sa.literal(is_late).label("is_late")
    query = sa.select(is_late_too, *whose, sa.func.count(), changes, held_count)
    return query.group_by(*whose)
