"""The entries of a conversation: what people wrote, notes, and events."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock
from pst.accounts.users import User
from pst.consultations.attached_files.attachments import Attachment
from pst.database import RowInsert, db, only_where

# The text in place of erased words.
ERASED = "(dihapus)"


class Kind(StrEnum):
    """What an entry is."""

    MESSAGE = "message"
    NOTE = "note"
    EVENT = "event"


class Event(StrEnum):
    """What happened; `_event.html` of the conversation has the words for it."""

    ASKED = "asked"
    RECORDED = "recorded"
    CLAIMED = "claimed"
    TRANSFERRED = "transferred"
    RELEASED = "released"
    CLARITY_ASKED = "clarity_asked"
    CLEARED = "cleared"
    WARNED = "warned"
    RESOLVED = "resolved"
    NO_RESPONSE = "no_response"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"
    REOPENED = "reopened"
    TAKEN_OVER = "taken_over"
    CLOCK_UNDONE = "clock_undone"
    DUE_MOVED = "due_moved"


class Message(db.Model):
    """One entry of one conversation.

    Its text is never changed, but by its author while no one else has read it; what
    stood there before is kept (`EarlierWords`).
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(sa.ForeignKey("consultation.id"))
    kind: Mapped[Kind]
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    body: Mapped[str] = mapped_column(sa.Text)
    event: Mapped[Event | None]
    data: Mapped[dict[str, Any]]
    # Made by the form; a retry after a dropped answer finds the message stored.
    key: Mapped[str | None] = mapped_column(sa.String(64))
    created_at: Mapped[datetime]
    is_final: Mapped[bool]
    is_flagged: Mapped[bool]
    # When its author corrected it last, and the count of the conversation's read marks
    # then: a page with an older count does not have these words.
    corrected_at: Mapped[datetime | None]
    correction: Mapped[int | None]

    author: Mapped[User | None] = relationship()
    attachments: Mapped[list[Attachment]] = relationship(order_by=Attachment.id)

    __table_args__ = (
        sa.UniqueConstraint("consultation_id", "key", name="uq_message_key"),
        sa.Index("ix_message_consultation_id_id", "consultation_id", "id"),
        sa.Index(
            "ix_message_marked",
            "consultation_id",
            **only_where("is_final OR is_flagged"),
        ),
        sa.Index(
            "ix_message_corrected",
            "consultation_id",
            **only_where("correction IS NOT NULL"),
        ),
    )

    @classmethod
    def written(
        cls,
        consultation_id: int,
        kind: Kind,
        author: User,
        body: str,
        key: str | None = None,
    ) -> "Message":
        """Store an entry that a person wrote, and return it."""
        return cls._stored(consultation_id, kind, author, body, key=key)

    @classmethod
    def happened(
        cls,
        consultation_id: int,
        event: Event,
        actor: User | None,
        body: str = "",
        **data: Any,
    ) -> "Message":
        """Store an entry for something that happened; `actor` None is the clock.

        What a person said to it is the `body`, never `data`: words can be erased.
        """
        return cls._stored(
            consultation_id, Kind.EVENT, actor, body, event=event, data=data
        )

    @staticmethod
    def content_of(
        kind: Kind,
        author_id: int | None,
        body: str,
        attachments: Iterable[Attachment],
    ) -> list[Any]:
        """Return what makes an entry the same as another: its words and files."""
        files = sorted((each.name, each.sha256) for each in attachments)
        return [kind.value, author_id, body, files]

    @property
    def contents(self) -> Iterator[list[Any]]:
        """Yield what makes it the same as another, now and before a correction."""
        bodies = [self.body]
        if self.corrected_at is not None:
            query = sa.select(EarlierWords.body).filter_by(message_id=self.id)
            bodies += db.session.scalars(query)
        for body in bodies:
            yield self.content_of(self.kind, self.author_id, body, self.attachments)

    def erase(self) -> None:
        """Erase the words and the files; see `Consultation.erase`."""
        self.body = ERASED if self.body else ""
        self.data = {name: each for name, each in self.data.items() if name != "quote"}
        if self.corrected_at is not None:
            db.session.execute(sa.delete(EarlierWords).filter_by(message_id=self.id))
        self.is_final = self.is_flagged = False
        for attachment in list(self.attachments):
            db.session.delete(attachment)

    def correct(self, body: str, correction: int) -> None:
        """Put `body` in place of the words, and keep these."""
        now = clock.now()
        db.session.add(
            EarlierWords(message_id=self.id, body=self.body, replaced_at=now)
        )
        self.body, self.corrected_at, self.correction = body, now, correction

    def is_by(self, person: object) -> bool:
        return self.author_id is not None and self.author_id == getattr(person, "id", 0)

    @property
    def is_note(self) -> bool:
        return self.kind is Kind.NOTE

    @property
    def is_event(self) -> bool:
        return self.kind is Kind.EVENT

    @property
    def is_said(self) -> bool:
        return self.kind is Kind.MESSAGE

    def is_from(self, person_id: int) -> bool:
        return self.author_id == person_id

    @property
    def is_marked(self) -> bool:
        return self.is_final or self.is_flagged

    @staticmethod
    def _stored(
        consultation_id: int,
        kind: Kind,
        author: User | None,
        body: str,
        *,
        event: Event | None = None,
        data: dict[str, Any] | None = None,
        key: str | None = None,
    ) -> "Message":
        return STORED.row(
            consultation_id=consultation_id,
            kind=kind,
            author_id=author.id if author else None,
            body=body,
            event=event,
            data=data or {},
            key=key,
            created_at=clock.now(),
            is_final=False,
            is_flagged=False,
            corrected_at=None,
            correction=None,
        )


STORED = RowInsert(Message)


class EarlierWords(db.Model):
    """What a message said before its author corrected it, kept for the audit."""

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(sa.ForeignKey("message.id"), index=True)
    body: Mapped[str] = mapped_column(sa.Text)
    replaced_at: Mapped[datetime]
