"""The row of a consultation: its columns, plain questions, and private moves."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import (
    Mapped,
    attributes,
    declared_attr,
    mapped_column,
    relationship,
)

from pst.accounts.users import User
from pst.consultations.conversation.read_marks import ReadMark
from pst.consultations.messages import ERASED, Event, Message
from pst.consultations.states import (
    NEXT,
    Category,
    Channel,
    HoldReason,
    Reason,
    State,
)
from pst.database import PlainStatement, db
from pst.office import audit
from pst.outbox.models import OutboxMail
from pst.rules import NOT_IN_THIS_STATE, WrongState
from pst.web.responses import link

POLLED = PlainStatement(
    sa.text(
        "UPDATE consultation SET newest_id = :newest_id,"
        " newest_shown_id = :newest_shown_id, reads = :reads WHERE id = :id"
        " RETURNING id"
    ).columns(sa.column("id"))
)
CLOSED = "Konsultasi ini sudah ditutup."


class ConsultationRow(db.Model):
    """The columns of a consultation, and the private moves that every verb shares."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(20), unique=True)
    year: Mapped[int]
    sequence: Mapped[int]
    key: Mapped[str | None] = mapped_column(sa.String(64))
    category: Mapped[Category]
    channel: Mapped[Channel] = mapped_column(default=Channel.ONLINE)
    # How long a visit or a call took, where the officer noted it.
    minutes: Mapped[int | None]
    subject: Mapped[str] = mapped_column(sa.String(200))
    description: Mapped[str] = mapped_column(sa.Text)
    details: Mapped[dict[str, Any]]
    area_code: Mapped[str | None] = mapped_column(sa.String(10))  # of what it is about
    state: Mapped[State]
    reason: Mapped[Reason | None]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    officer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    previous_id: Mapped[int | None] = mapped_column(sa.ForeignKey("consultation.id"))
    # The other consultation of the same user, when it was closed as a duplicate.
    duplicate_of_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("consultation.id"), index=True
    )

    asked_at: Mapped[datetime] = mapped_column(index=True)
    claimed_at: Mapped[datetime | None]
    # The number of its latest turn: what is owed now, or was answered last.
    turn_number: Mapped[int]
    waiting_since: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    # Why the clock does not close it, although the user has been silent long enough.
    closing_held: Mapped[HoldReason | None]
    # When the user is to be mailed that an officer wrote, unless they read it before;
    # and when that was done last.
    tell_user_at: Mapped[datetime | None]
    user_told_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None]
    # Its number in BPS's own system, where the office files it there too.
    silastik_number: Mapped[str | None] = mapped_column(sa.String(40))

    # Where a reader's next reading starts: the newest entry, and the newest that the
    # user may see. An idle poll compares these and reads nothing else.
    newest_id: Mapped[int]
    newest_shown_id: Mapped[int]
    # Counts read marks, so that the other side's poll notices one.
    reads: Mapped[int]

    @declared_attr
    def user(cls) -> Mapped[User]:
        return relationship(foreign_keys="Consultation.user_id")

    @declared_attr
    def officer(cls) -> Mapped[User | None]:
        return relationship(foreign_keys="Consultation.officer_id")

    @declared_attr
    def previous(cls) -> Mapped["ConsultationRow | None"]:
        return relationship(
            "Consultation",
            foreign_keys="Consultation.previous_id",
            remote_side="Consultation.id",
        )

    @declared_attr
    def duplicate_of(cls) -> Mapped["ConsultationRow | None"]:
        return relationship(
            "Consultation",
            foreign_keys="Consultation.duplicate_of_id",
            remote_side="Consultation.id",
        )

    @declared_attr
    def messages(cls) -> Mapped[list[Message]]:
        return relationship(order_by=Message.id)

    # Questions

    def is_served_by(self, person: User) -> bool:
        return self.officer_id is not None and self.officer_id == person.id

    @property
    def is_user_shut_out(self) -> bool:
        """Return whether its user's account was deactivated, so that no link works."""
        return not (self.user.active or self.user.is_visitor)

    @hybrid_property
    def is_erased(self) -> bool:
        # Every request has a description, so an empty one was erased.
        return (self.subject == ERASED) & (self.description == "")

    @property
    def is_open(self) -> bool:
        return self.state is not State.CLOSED

    @property
    def is_queued(self) -> bool:
        return self.state is State.QUEUED

    @property
    def is_waiting_for_user(self) -> bool:
        return self.state is State.WAITING_USER

    @property
    def is_online(self) -> bool:
        """Return whether the user asked on this site, and reads the answer on it."""
        return self.channel is Channel.ONLINE

    @property
    def audit_subject(self) -> str:
        return f"consultation:{self.number}"

    # Private

    def require_own(self, officer: User) -> None:
        """Raise `WrongState` unless it is open and `officer` serves it."""
        if self.state is State.CLOSED:
            raise WrongState(CLOSED)
        if not self.is_served_by(officer):
            raise WrongState(self._whose_it_is())

    def require_kept(self) -> None:
        """Raise `WrongState` once it is erased: nothing is written to it any more."""
        if self.is_erased:
            raise WrongState(
                "Isi konsultasi ini sudah dihapus, jadi tidak dapat ditulisi lagi."
            )

    def _move(
        self, to: State, event: Event | None, by: User | None, **data: Any
    ) -> None:
        """Set the state if `NEXT` allows it, and note the event and the audit row.

        Without an `event` the message that caused the move is its record. Raises
        `WrongState`.
        """
        if to not in NEXT[self.state]:
            raise WrongState(self._why_not_closable(by))
        before, self.state = self.state, to
        if event is None:
            return
        self._happened(event, by, **data)
        audit.record(
            event.value,
            self.audit_subject,
            by.id if by else None,
            before=before.value,
            after=to.value,
        )

    def _happened(self, event: Event, by: User | None, **data: Any) -> None:
        self._append(Message.happened(self.id, event, by, **data))

    def _append(self, message: Message, reader: User | None = None) -> Message:
        """Let polls notice an entry, up to which its `reader`, if any, has read."""
        is_read = reader is not None and ReadMark.advance(self.id, reader, message.id)
        self._set_polled(
            newest_id=message.id,
            newest_shown_id=self.newest_shown_id if message.is_note else message.id,
            reads=self.reads + is_read,
        )
        return message

    def _set_polled(self, **changes: int) -> None:
        """Store at once what an idle poll compares; the session would take longer."""
        for name, value in changes.items():
            attributes.set_committed_value(self, name, value)
        POLLED.first(
            id=self.id,
            newest_id=self.newest_id,
            newest_shown_id=self.newest_shown_id,
            reads=self.reads,
        )

    def _mail_user(self, kind: str, cause: str, **context: Any) -> None:
        if not self.user.can_be_mailed:
            return
        OutboxMail.put(
            kind,
            to=self.user.mailbox,
            cause=f"{self.number}:{cause}",
            consultation=self,
            url=f"{link('consultations.show', number=self.number)}#baru",
            **context,
        )

    def _whose_it_is(self) -> str:
        """Return the sentence that refuses an officer who does not serve it."""
        if self.officer is not None:
            return f"Konsultasi ini ditangani {self.officer.name}."
        return "Ambil konsultasi ini dahulu sebelum melayaninya."

    def _why_not_closable(self, by: User | None) -> str:
        """Return the sentence that refuses a move which its state does not allow."""
        if self.state is State.CLOSED:
            return CLOSED
        if by is not None and by.is_officer and not self.is_served_by(by):
            return self._whose_it_is()
        return NOT_IN_THIS_STATE
