"""How far a conversation was read: by who looks at it, and by the other side."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from pst.accounts.users import User
from pst.consultations.conversation.read_marks import ReadMark
from pst.consultations.messages import Kind, Message
from pst.consultations.models import Consultation
from pst.database import PlainSelect


def _marks_beside(is_by_this_side: sa.ColumnElement[bool]) -> PlainSelect:
    """Select all read marks, each with the newest message that one side has written."""
    newest = sa.select(sa.func.max(Message.id)).where(
        Message.consultation_id == sa.bindparam("id"),
        Message.kind == Kind.MESSAGE,
        is_by_this_side,
    )
    return PlainSelect(
        sa.select(
            ReadMark.user_id,
            ReadMark.message_id,
            ReadMark.read_at,
            newest.scalar_subquery(),
        ).where(ReadMark.consultation_id == sa.bindparam("id"))
    )


ASKER = sa.bindparam("asker", type_=sa.Integer)
MARKS_OF_USER = _marks_beside(Message.author_id == ASKER)
MARKS_OF_OFFICE = _marks_beside(Message.author_id != ASKER)


@dataclass(frozen=True)
class OthersReading:
    """How far the other side has read, and the one who looks."""

    upto: int
    last_at: datetime | None  # when it read the last message of this side
    own_upto: int

    @classmethod
    def of(cls, consultation: Consultation, person: User) -> "OthersReading":
        """Return how far those read whom `person` writes to."""
        asker = consultation.user_id
        is_user = person.id == asker
        statement = MARKS_OF_USER if is_user else MARKS_OF_OFFICE
        marks = statement.rows(id=consultation.id, asker=asker)
        others = [row for row in marks if (row[0] == asker) != is_user]
        reached = [at for _, upto, at, newest in others if newest and upto >= newest]
        return cls(
            max((row[1] for row in others), default=0),
            min(reached, default=None),
            next((row[1] for row in marks if row[0] == person.id), 0),
        )
