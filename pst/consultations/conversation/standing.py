"""Where a request stands, as its user reads it next to the conversation, as a part.

What the part shows is all in its key, moments as they are written today.
"""

from typing import NamedTuple

from markupsafe import Markup

from pst.consultations.conversation.others_reading import OthersReading
from pst.consultations.models import Consultation
from pst.consultations.queries import QueuePlace
from pst.consultations.states import Reason, State
from pst.web.formats.formatting import moment, near_moment
from pst.web.once import part


class Standing(NamedTuple):
    """What its user reads of a request; to the template of a state its consultation."""

    number: str
    state: State
    reason: Reason | None
    ahead: int  # in the queue
    officer: str
    is_asking_user: bool
    is_clear: bool
    is_warned: bool
    is_reopenable: bool
    seen: str
    due: str
    closes: str
    closed: str


def html(consultation: Consultation, others: OthersReading) -> Markup:
    """Write where a request stands."""
    officer, due_at = consultation.officer, consultation.due_at
    is_waiting, is_open = consultation.is_waiting_for_user, consultation.is_open
    standing = Standing(
        consultation.number,
        consultation.state,
        consultation.reason,
        QueuePlace(consultation).ahead if consultation.is_queued else 0,
        officer.name if officer and is_open else "",
        is_asking_user=consultation.is_asking_user,
        is_clear=consultation.is_clear,
        is_warned=consultation.warned_at is not None,
        is_reopenable=consultation.can_be_reopened,
        seen=near_moment(others.last_at) if others.last_at else "",
        due=moment(due_at) if due_at else "",
        closes=moment(consultation.closes_at) if is_waiting else "",
        closed=moment(consultation.closed_at) if consultation.closed_at else "",
    )
    return part("consultations/_standing.html", standing=standing)
