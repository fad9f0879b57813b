"""Which rows stand in a section of the worklist, and what each of them says.

All of it comes in one query for all sections, the last words in a row too.
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pst import clock
from pst.accounts.users import User
from pst.consultations.conversation.read_marks import ReadMark
from pst.consultations.desk.worklist.counts import IS_OPEN
from pst.consultations.desk.worklist.sections import OVER, Section
from pst.consultations.messages import Kind, Message
from pst.consultations.models import IS_LATEST, Consultation
from pst.consultations.service_level.turns import OVERRUN, Turn, overdue
from pst.consultations.states import State
from pst.database import UtcDateTime, read_columns
from pst.outbox.bad_addresses import BadAddress

# A row shows the beginning only; a list is loaded over a slow line too.
MAX_WORDS_SHOWN_LENGTH = 72
MAX_SUBJECT_SHOWN_LENGTH = 90
ASKER, OFFICER, AUTHOR = (aliased(User) for _ in range(3))
LAST, MARK = aliased(Message), aliased(ReadMark)
VIEWER_ID = sa.bindparam("viewer_id", type_=sa.Integer)
NOW = sa.bindparam("now", type_=UtcDateTime)
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


def rows_of(
    section: Section, officer_id: int | None, only_of: int | None, after: str = ""
) -> list[Any]:
    """Select what stands in `section`, as an officer sees it, or as any does.

    With `only_of` it is that officer's alone; a list of what is over goes on `after`.
    """
    is_mine = (
        Consultation.officer_id == officer_id
        if officer_id
        else Consultation.officer_id.is_not(None)
    )
    only_mine = [is_mine] if only_of else []
    if section in OVER:
        return [*_over(section, is_mine), *only_mine, *_onward(after)]
    return [*_open(section, is_mine), *only_mine]


def _open(section: Section, is_mine: sa.ColumnElement[bool]) -> list[Any]:
    """Select open ones; words of a partial index are said for it."""
    state, is_late = Consultation.state, overdue(Turn, clock.now())
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
    is_served = state.in_((State.ACTIVE, State.WAITING_USER))
    return [IS_OPEN, is_served, sa.not_(is_mine)]


def _over(section: Section, is_mine: sa.ColumnElement[bool]) -> list[Any]:
    """Select closed ones; the moment is said for its index."""
    conditions = [
        Consultation.state == State.CLOSED,
        Consultation.closed_at.is_not(None),
    ]
    if section is Section.CLOSED:
        return conditions
    return [*conditions, Consultation.id.in_(UNEXPLAINED), is_mine]


def _onward(after: str) -> list[sa.ColumnElement[bool]]:
    """Select what stands after the consultation `after` in a list of what is over."""
    if not after:
        return []
    last = sa.select(Consultation.closed_at, Consultation.id).filter_by(number=after)
    place = sa.tuple_(Consultation.closed_at, Consultation.id)
    return [place < last.correlate(None).scalar_subquery()]


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
        "is_owed": Turn.ended_at.is_(None),
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
    return [Turn.due_at, *PLAIN, *(each.label(name) for name, each in labelled.items())]


def _rows() -> sa.Select[Any]:
    author_id = sa.func.coalesce(LAST.author_id, Consultation.user_id)
    mark = (MARK.consultation_id == Consultation.id) & (MARK.user_id == VIEWER_ID)
    query: sa.Select[Any] = sa.select(*_columns()).select_from(Consultation)
    return (
        query.join(Turn, IS_LATEST)
        .join(ASKER, ASKER.id == Consultation.user_id)
        .outerjoin(BadAddress, BadAddress.address == normal_mailbox(ASKER))
        .outerjoin(OFFICER, OFFICER.id == Consultation.officer_id)
        .outerjoin(LAST, LAST.id == _last_words())
        .outerjoin(AUTHOR, AUTHOR.id == author_id)
        .outerjoin(MARK, mark)
        .where(Consultation.id.in_(sa.bindparam("ids", expanding=True)))
    )


def normal_mailbox(asker: type[User]) -> sa.ColumnElement[str]:
    """Select the address for the mails of `asker`, in the form used to compare."""
    return sa.func.lower(sa.func.coalesce(asker.reachable_at, asker.email))


# Written once: SQLAlchemy takes longer to put it together than SQLite to answer it.
ROWS = _rows()


def rows_with(ids: Iterable[int], viewer: User) -> dict[int, Any]:
    """Read what a list shows of the consultations `ids` to `viewer`, by id."""
    values = {"ids": list(ids), "viewer_id": viewer.id, "now": clock.now()}
    return {row.id: row for row in read_columns(ROWS, values)}
