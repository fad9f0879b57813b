"""What happened in a follow-up, entry by entry; never changed, never deleted."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst.accounts.users import User
from pst.database import db
from pst.outbox.models import OutboxMail


class Step(StrEnum):
    """What happened; the words for it are in `feedback/_step.html`."""

    OPENED = "opened"
    CLAIMED = "claimed"
    HANDED = "handed"
    SENT = "sent"
    ANSWERED = "answered"
    RATING_CHANGED = "rating_changed"
    PROPOSED = "proposed"
    RETURNED = "returned"
    CLOSED = "closed"


class FollowUpEntry(db.Model):
    """One thing that happened in a follow-up; its text is never changed."""

    id: Mapped[int] = mapped_column(primary_key=True)
    follow_up_id: Mapped[int] = mapped_column(sa.ForeignKey("follow_up.id"), index=True)
    step: Mapped[Step]
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    body: Mapped[str] = mapped_column(sa.Text)
    data: Mapped[dict[str, Any]]
    key: Mapped[str | None] = mapped_column(sa.String(64))
    mail_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("outbox_mail.id", ondelete="SET NULL")
    )
    created_at: Mapped[datetime]

    author: Mapped[User | None] = relationship()
    mail: Mapped[OutboxMail | None] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("follow_up_id", "key", name="uq_follow_up_entry_key"),
    )

    @property
    def is_letter(self) -> bool:
        """Return whether the office or the user wrote it to the other."""
        return self.step in (Step.SENT, Step.ANSWERED)

    @property
    def is_answer(self) -> bool:
        return self.step is Step.ANSWERED

    @property
    def is_of_user(self) -> bool:
        """Return whether the user said or changed something."""
        return self.step in (Step.ANSWERED, Step.RATING_CHANGED)
