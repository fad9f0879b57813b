"""What a user was asked about their request, and for how long the question stood."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pst.database import db


class ClearedBy(StrEnum):
    """What ended a question."""

    USER = "user"
    OFFICER = "officer"
    # Taken back at once: it does not count as asked.
    UNDONE = "undone"


class Clarity(db.Model):
    """One *Minta kejelasan*, from the question until the request was clear."""

    id: Mapped[int] = mapped_column(primary_key=True)
    turn_id: Mapped[int] = mapped_column(sa.ForeignKey("turn.id"), index=True)
    asked_at: Mapped[datetime]
    # The clock that it stopped; empty when the turn was late already.
    clear_before: Mapped[datetime | None]
    due_before: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[ClearedBy | None]
