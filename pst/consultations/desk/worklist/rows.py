"""Which rows stand in a section of the worklist, and what each of them says.

The statement of each kind of list is put together once, with its values left open:
SQLAlchemy takes longer for that than the database to answer it.
"""

from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pst import clock
from pst.accounts.users import User
from pst.consultations.conversation.read_marks import ReadMark
from pst.consultations.desk.worklist.counts import IS_OPEN
from pst.consultations.desk.worklist.sections import (
    BY_DEADLINE,
    CONDITIONS,
    ORDERS,
    OVER,
    USUAL,
    Section,
)
from pst.consultations.messages import Kind, Message
from pst.consultations.models import IS_OWED, Consultation
from pst.consultations.service_level.turns import OVERRUN, Turn, overdue
from pst.consultations.states import State
from pst.database import PlainSelect, UtcDateTime, filled_in, left_open
from pst.outbox.bad_addresses import BadAddress

# A row shows the beginning only; a list is loaded over a slow line too.
MAX_WORDS_SHOWN_LENGTH = 72
MAX_SUBJECT_SHOWN_LENGTH = 90
SHOWN = 15  # of a section
PAGE_LENGTH = 40
MAX_ROWS = SHOWN * len(USUAL)
ASKER, OFFICER, AUTHOR = (aliased(User) for _ in range(3))
LAST, MARK = aliased(Message), aliased(ReadMark)
VIEWER_ID = sa.bindparam("viewer_id", type_=sa.Integer)
NOW = sa.bindparam("now", type_=UtcDateTime)
RawRow = tuple[Any, ...]
ID_PLACE = 0
PLAIN = (
    Consultation.id,
    Consultation.number,
    Consultation.user_id,
    Consultation.officer_id,
    Consultation.category,
    Consultation.channel,
    Consultation.closing_held,
    Consultation.state,
    Consultation.reason,
    Consultation.waiting_since,
    Consultation.warned_at,
    Consultation.closed_at,
    Consultation.reopened_at,
)
# As the partial index of these has it.
IS_WAITING = sa.text("consultation.state = 'waiting_user'")
UNEXPLAINED = sa.select(Turn.consultation_id).where(sa.text(OVERRUN))


class Selection(NamedTuple):
    """Which rows a list has; whose, since when and after which one is left open."""

    section: Section
    # "Mine" are those of one officer, else of any.
    is_of_one: bool
    has_mine_only: bool = False
    goes_on: bool = False
    # Only what has a deadline; see `Worklist`.
    has_due_only: bool = False
    filtered_by: tuple[str, ...] = ()

    @property
    def conditions(self) -> list[Any]:
        """Return what is true of its rows."""
        is_mine = (
            Consultation.officer_id == sa.bindparam("officer_id")
            if self.is_of_one
            else Consultation.officer_id.is_not(None)
        )
        is_over = self.section in OVER
        of_section = _over if is_over else _open
        conditions = of_section(self.section, is_mine)
        if self.has_mine_only:
            conditions.append(is_mine)
        if is_over and self.goes_on:
            conditions.append(_is_further())
        if self.has_due_only:
            conditions.append(Turn.due_at.is_not(None))
        return [*conditions, *(CONDITIONS[name] for name in self.filtered_by)]


@cache
def ids_of(selection: Selection) -> PlainSelect:
    """Select which rows a list has, in its order."""
    is_outer = not selection.has_due_only
    query = sa.select(Consultation.id).join(Turn, IS_OWED, isouter=is_outer)
    order = ORDERS[selection.section] if is_outer else BY_DEADLINE
    query = query.where(*selection.conditions).order_by(*order)
    return PlainSelect(
        query.limit(sa.bindparam("length")).offset(sa.bindparam("offset"))
    )


@cache
def total_of(selection: Selection) -> PlainSelect:
    """Select how many rows a list has in all."""
    query = sa.select(sa.func.count(Consultation.id).label("total"))
    return PlainSelect(query.where(*selection.conditions))


def _open(section: Section, is_mine: sa.ColumnElement[bool]) -> list[Any]:
    """Select open ones; words of a partial index are said for it."""
    state, is_late = Consultation.state, overdue(Turn, NOW)
    on_time = sa.not_(sa.func.coalesce(is_late, False))
    match section:
        case Section.OVERDUE:
            return [is_late, sa.or_(state == State.QUEUED, is_mine)]
        case Section.TO_ANSWER:
            return [IS_OPEN, state == State.ACTIVE, is_mine, on_time]
        case Section.QUEUE:
            return [state == State.QUEUED, on_time]
        case Section.WAITING:
            return [IS_WAITING, is_mine, on_time]
    is_served = sa.or_(state == State.ACTIVE, state == State.WAITING_USER)
    return [IS_OPEN, is_served, sa.not_(is_mine)]


def _over(section: Section, is_mine: sa.ColumnElement[bool]) -> list[Any]:
    """Select closed ones by their moment, which has an index and is theirs alone."""
    is_closed = Consultation.closed_at.is_not(None)
    if section is Section.CLOSED:
        return [is_closed]
    return [is_closed, Consultation.id.in_(UNEXPLAINED), is_mine]


def _is_further() -> sa.ColumnElement[bool]:
    """Select what stands after one consultation in a list of what is over."""
    last = sa.select(Consultation.closed_at, Consultation.id)
    last = last.where(Consultation.number == sa.bindparam("after"))
    place = sa.tuple_(Consultation.closed_at, Consultation.id)
    return place < last.correlate(None).scalar_subquery()


def _last_words() -> sa.ScalarSelect[int]:
    """Select the newest entry that a person wrote, along the index of a thread."""
    return (
        sa.select(Message.id)
        .where(Message.consultation_id == Consultation.id, Message.kind != Kind.EVENT)
        .order_by(Message.id.desc())
        .limit(1)
        .correlate(Consultation)
        .scalar_subquery()
    )


def _columns() -> list[Any]:
    """Return what a row shows: the consultation, people, and the last words in it.

    Where no one has written yet, the words are those of the request. Unread is only
    what is the viewer's to read: their own conversations, and the queue.
    """
    author_id = sa.func.coalesce(LAST.author_id, Consultation.user_id)
    words = sa.func.coalesce(LAST.body, Consultation.description)
    is_theirs = sa.func.coalesce(Consultation.officer_id, VIEWER_ID) == VIEWER_ID
    is_unread = sa.func.coalesce(LAST.id, 1) > sa.func.coalesce(MARK.message_id, 0)
    labelled = {
        "is_owed": Turn.consultation_id.is_not(None),
        "is_overdue": overdue(Turn, NOW),
        "subject": sa.func.substr(Consultation.subject, 1, MAX_SUBJECT_SHOWN_LENGTH),
        "asker": ASKER.name,
        "unreachable_at": BadAddress.since_at,
        "officer": OFFICER.name,
        "last_by_id": author_id,
        "last_by": AUTHOR.name,
        "last_kind": LAST.kind,
        "last_words": sa.func.substr(words, 1, MAX_WORDS_SHOWN_LENGTH),
        "last_at": sa.func.coalesce(LAST.created_at, Consultation.asked_at),
        "is_unread": sa.and_(is_unread, author_id != VIEWER_ID, is_theirs),
    }
    return [*PLAIN, Turn.due_at, *(each.label(name) for name, each in labelled.items())]


def _rows() -> sa.Select[Any]:
    author_id = sa.func.coalesce(LAST.author_id, Consultation.user_id)
    mark = (MARK.consultation_id == Consultation.id) & (MARK.user_id == VIEWER_ID)
    query: sa.Select[Any] = sa.select(*_columns()).select_from(Consultation)
    return (
        query.outerjoin(Turn, IS_OWED)
        .join(ASKER, ASKER.id == Consultation.user_id)
        .outerjoin(BadAddress, BadAddress.address == normal_mailbox(ASKER))
        .outerjoin(OFFICER, OFFICER.id == Consultation.officer_id)
        .outerjoin(LAST, LAST.id == _last_words())
        .outerjoin(AUTHOR, AUTHOR.id == author_id)
        .outerjoin(MARK, mark)
        .where(Consultation.id.in_(left_open("id", MAX_ROWS)))
    )


def normal_mailbox(asker: type[User]) -> sa.ColumnElement[str]:
    """Select the address for the mails of `asker`, in the form used to compare."""
    return sa.func.lower(sa.func.coalesce(asker.reachable_at, asker.email))


ROWS = PlainSelect(_rows())


def rows_with(ids: list[int], viewer_id: int) -> dict[int, RawRow]:
    """Read what a page shows of the consultations `ids` to `viewer_id`, by id.

    `ROWS.row_of` makes a named row of each.
    """
    no_more = [0] * (MAX_ROWS - len(ids))
    values = filled_in("id", [*ids, *no_more])
    rows = ROWS.raw_rows(viewer_id=viewer_id, now=clock.now(), **values)
    return {row[ID_PLACE]: row for row in rows}
