"""The service-level clock: when a request is clear, due, and why it was late."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from pst import clock
from pst.accounts.users import User
from pst.consultations.attached_files.attachments import Attachment
from pst.consultations.edit_conflicts import UNSENT, require_seen
from pst.consultations.messages import Event, Kind, Message
from pst.consultations.service_level.clarity import ClearedBy
from pst.consultations.states import LateReason, Next, State
from pst.consultations.verbs.waiting import Waiting
from pst.database import RowSelect
from pst.office import audit
from pst.rules import WrongState
from pst.web.forms import form_keys

# The entry of a step that one person took; a message is none.
STEP = RowSelect(
    Message,
    where=sa.and_(
        Message.id == sa.bindparam("id"),
        Message.kind == Kind.EVENT,
        Message.author_id == sa.bindparam("by"),
    ),
)
# What was sent under a key.
WITH_KEY = RowSelect(
    Message,
    where=sa.and_(
        Message.consultation_id == sa.bindparam("id"),
        Message.key == sa.bindparam("key"),
    ),
)
# What is as before when a step of the clock is taken back.
WAITING = ("waiting_since", "warned_at")


class ServiceClock(Waiting):
    """A consultation with a deadline that stops, starts again and moves."""

    __abstract__ = True

    def ask_clarity(
        self,
        officer: User,
        question: str,
        *,
        key: str | None = None,
        seen: int | None = None,
    ) -> Message:
        """Ask what the request means; a clock that still runs stops until the answer.

        Raises `WrongState`, and `Conflict` when others wrote after the entry `seen`.
        """
        earlier, key = self._repeat(key, Kind.MESSAGE, officer, question)
        if earlier is not None:
            return earlier
        self.require_own(officer)
        require_seen(self.id, officer, seen, UNSENT)
        before = self._waiting_now()
        message = Message.written(self.id, Kind.MESSAGE, officer, question, key)
        self._append(message)
        if self.turn.is_owed:
            data = {"before": before, "is_late": self.turn.is_late}
            data["is_again"] = self._is_question_standing
            self.turn.ask_clarity(message.created_at)
            self._move(State.WAITING_USER, Event.CLARITY_ASKED, officer, **data)
        else:  # The office asks, and owes nothing.
            self._hear_officer(message.created_at, officer, Next.USER)
            self._move(State.WAITING_USER, None, officer)
        self._wait_for_user(message)
        return message

    def mark_clear(self, officer: User) -> None:
        """Note that the request is clear; the clock goes on where it stopped."""
        self.require_own(officer)
        if not self.can_be_called_clear:
            raise WrongState("Permintaan ini sudah jelas.")
        before = self._waiting_now()
        self.turn.note_clear(clock.now(), ClearedBy.OFFICER)
        self._stop_waiting()
        self._move(
            State.ACTIVE,
            Event.CLEARED,
            officer,
            due_at=self._due_text(),
            before=before,
        )

    def undo_clock(self, by: User) -> None:
        """Take back *Minta kejelasan* or *Permintaan jelas*, the last thing done.

        Only the officer who did it can, and only while nothing has happened since.
        The question stays in the conversation.
        """
        event = self.undoable_by(by)
        if event is None:
            raise WrongState("Tindakan ini tidak dapat dibatalkan lagi.")
        if event.event is Event.CLEARED:
            self.turn.undo_clear(clock.now())
        elif not event.data.get("is_again"):  # Else the first question stands.
            self.turn.undo_question(clock.now())
        for name in WAITING:
            text = event.data["before"][name]
            setattr(self, name, datetime.fromisoformat(text) if text else None)
        to = State.WAITING_USER if self.waiting_since else State.ACTIVE
        self._move(to, Event.CLOCK_UNDONE, by)

    def move_due(self, due_at: datetime, by: User) -> None:
        """Move the deadline because the calendar of the office has changed."""
        if not self.turn.is_running or self.turn.is_late:
            raise WrongState("Konsultasi ini tidak memiliki tenggat yang berjalan.")
        before = self._due_text()
        self.turn.move(due_at)
        self._happened(Event.DUE_MOVED, by, due_at=due_at.isoformat(), before=before)
        audit.record("move_due", self.audit_subject, by.id, before=before)

    def explain_delay(self, by: User, reason: LateReason, note: str = "") -> None:
        """Note why it was late, for the report."""
        if not self._is_explained_by(by):
            raise WrongState("Hanya petugas yang melayani yang dapat menjelaskan.")
        if note:
            self.require_kept()
        for turn in self.unexplained or [self.explained or self.turn]:
            turn.explain(reason, note or None)
        audit.record("explain_delay", self.audit_subject, by.id, reason=reason.value)

    # Questions

    @property
    def can_be_called_clear(self) -> bool:
        """Return whether the user was asked what is meant, and has not answered."""
        return self.is_owed and self.turn.question is not None

    def undoable_by(self, person: User) -> Message | None:
        """Return the last entry, if it is a clock step that `person` can take back."""
        if not self.can_be_answered_by(person):
            return None
        last = STEP.first(id=self.newest_shown_id, by=person.id)
        if last is None or (last.event is Event.CLEARED and self.turn.is_late):
            return None  # What is late stays late.
        return last if last.data.get("before") else None

    def can_be_answered_by(self, person: User) -> bool:
        return self.is_open and self.is_served_by(person)

    def can_be_explained_by(self, person: User) -> bool:
        """Return whether `person` is asked why it was late, also once it is closed."""
        return self._is_explained_by(person) and self.needs_explanation

    # Private

    def _is_explained_by(self, person: User) -> bool:
        """Return whether `person` served it, or its officer no longer works here."""
        officer = self.officer
        is_left = officer is None or not (officer.is_officer and officer.active)
        return self.is_served_by(person) or (is_left and person.is_officer)

    def _waiting_now(self) -> dict[str, str | None]:
        """Return how it waits, so that the next step can be taken back."""
        moments = {name: getattr(self, name) for name in WAITING}
        return {name: at.isoformat() if at else None for name, at in moments.items()}

    def _due_text(self) -> str | None:
        return self.due_at.isoformat() if self.due_at else None

    def _repeat(
        self,
        key: str | None,
        kind: Kind,
        author: User,
        body: str,
        attachments: Sequence[Attachment] = (),
    ) -> tuple[Message | None, str | None]:
        """Return the entry that this repeats, and the key to store a new one under."""
        if key is None:
            return None, None
        earlier = self._with_key(key)
        content = Message.content_of(kind, author.id, body, attachments)
        if earlier is None or content in earlier.contents:
            return earlier, key
        key = form_keys.with_content(key, content)
        return self._with_key(key), key

    def _with_key(self, key: str) -> Message | None:
        return WITH_KEY.first(id=self.id, key=key)
