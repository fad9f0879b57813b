"""A turn: what the office owes the user once, from being asked to being answered.

Service standard, "Waktu penyelesaian". This is the one place that says what is owed
and what is late. Late is never stored: it follows from two moments, of which the one
is not moved once it has passed, and the other is the end of the turn. So no later step
makes a late turn one in time.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock
from pst.accounts.users import User
from pst.consultations.service_level import deadlines
from pst.consultations.service_level.clarity import Clarity, ClearedBy
from pst.consultations.states import LateReason
from pst.database import db, only_where


class End(StrEnum):
    """How a turn ended."""

    ANSWERED = "answered"
    # Answered, with words that ask the user something.
    ASKED = "asked"
    # An officer closed the consultation and had not answered.
    UNANSWERED = "unanswered"
    # The user was asked what the request means, and stayed silent.
    SILENT = "silent"
    DUPLICATE = "duplicate"
    # The user took the request back, or called it finished.
    WITHDRAWN = "withdrawn"


ANSWERS = (End.ANSWERED, End.ASKED)
# Ended by the office or the timetable and not answered: it goes on when reopened.
RESUMED = (End.UNANSWERED, End.SILENT, End.DUPLICATE)
OVERRUN = "late_reason IS NULL AND due_at < ended_at"


class Turn(db.Model):
    """One thing that the office owes a user, with its own clock."""

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(sa.ForeignKey("consultation.id"))
    # Its place among the turns of the consultation; the first one is 1.
    number: Mapped[int]
    began_at: Mapped[datetime]
    # From when the clock counts, and until when; both empty while a question stands.
    clear_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end: Mapped[End | None]
    officer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    due_warned_at: Mapped[datetime | None]
    breach_told_at: Mapped[datetime | None]
    # When the head was mailed that no officer had claimed it at half its time.
    half_told_at: Mapped[datetime | None]
    late_reason: Mapped[LateReason | None]
    late_note: Mapped[str | None] = mapped_column(sa.String(300))

    clarities: Mapped[list[Clarity]] = relationship(order_by=Clarity.id)

    __table_args__ = (
        sa.UniqueConstraint("consultation_id", "number"),
        # What an order by deadline reads of each latest turn.
        sa.Index("ix_turn_latest", "consultation_id", "number", "ended_at", "due_at"),
        sa.Index("ix_turn_owed", "due_at", **only_where("ended_at IS NULL")),
        # The same of what is owed, which does not grow with the archive.
        sa.Index(
            "ix_turn_owed_in",
            "consultation_id",
            "ended_at",
            "due_at",
            **only_where("ended_at IS NULL"),
        ),
        sa.Index("ix_turn_unexplained", "consultation_id", **only_where(OVERRUN)),
    )

    @classmethod
    def begun(cls, consultation_id: int | None, number: int, at: datetime) -> Self:
        """Return a turn that begins at `at`, clear from then on."""
        return cls(
            consultation_id=consultation_id,
            number=number,
            began_at=at,
            clear_at=at,
            due_at=deadlines.due_at(at),
        )

    # Verbs

    def ask_clarity(self, at: datetime) -> None:
        """Note that the user is asked what is meant; a clock that still runs stops."""
        if self.question is not None:
            return  # Asked again: it stands since the first time.
        runs = not self.is_late
        clarity = Clarity(
            asked_at=at,
            clear_before=self.clear_at if runs else None,
            due_before=self.due_at if runs else None,
        )
        self.clarities.append(clarity)
        if runs:
            self.clear_at = self.due_at = None

    def note_clear(self, at: datetime, by: ClearedBy) -> None:
        """End the question; the clock starts again, or goes on if an officer says so.

        Only the user's answer makes the request a clear one, due in three days. An
        officer who needs no answer any more gets back the time that was left.
        """
        question = self.question
        if question is not None:
            question.ended_at, question.ended_by = at, by
        if self.due_at is not None:
            return  # It was late already: there was no clock to stop.
        if by is ClearedBy.USER or question is None or question.due_before is None:
            self.clear_at, self.due_at = at, deadlines.due_at(at)
        else:
            self.clear_at = question.clear_before
            self.due_at = deadlines.put_off(question.due_before, question.asked_at, at)

    def undo_question(self, at: datetime) -> None:
        """Take back a question: the clock runs as if none had been asked."""
        question = self.question
        if question is None:
            return
        question.ended_at, question.ended_by = at, ClearedBy.UNDONE
        if self.due_at is None:
            self.clear_at, self.due_at = question.clear_before, question.due_before

    def undo_clear(self, at: datetime) -> None:
        """Take back that the request is clear: the clock stops again, from now on."""
        if self.clarities:
            self.clarities[-1].ended_by = ClearedBy.UNDONE
        self.ask_clarity(at)

    def finish(self, end: End, at: datetime, by: User | None = None) -> None:
        """End it; an answer to a request that is not clear lets its clock go on first.

        What follows an answer says how the answer is meant, and moves nothing.
        """
        if self.ended_at is not None:
            if self.is_answered and end in ANSWERS:
                self.end = end
            return
        if end in ANSWERS and self.question is not None:
            self.note_clear(at, ClearedBy.OFFICER)
        self.ended_at, self.end = at, end
        self.officer_id = by.id if by else None

    def resume(self) -> None:
        """Go on with what was ended without an answer; it is due as it was."""
        if self.end in RESUMED:
            self.ended_at = self.end = self.officer_id = None

    def move(self, due_at: datetime) -> None:
        """Move its deadline, unless it has passed."""
        if not self.is_late and self.is_running:
            self.due_at = due_at

    def explain(self, reason: LateReason, note: str | None) -> None:
        self.late_reason, self.late_note = reason, note

    # Questions

    @property
    def is_owed(self) -> bool:
        return self.ended_at is None

    @property
    def is_answered(self) -> bool:
        return self.end in ANSWERS

    @property
    def is_clear(self) -> bool:
        return self.due_at is not None

    @property
    def is_running(self) -> bool:
        return self.is_owed and self.is_clear

    @property
    def question(self) -> Clarity | None:
        """Return what the user was asked and has not answered."""
        if self.is_running and not self.is_late:
            return None  # It would have stopped the clock.
        last = self.clarities[-1] if self.clarities else None
        return last if last is not None and last.ended_at is None else None

    @property
    def is_late(self) -> bool:
        """Return whether its deadline passed before it was answered."""
        ended_at = self.ended_at or clock.now()
        return self.due_at is not None and self.due_at < ended_at

    @property
    def is_overdue(self) -> bool:
        return self.is_owed and self.is_late

    @property
    def needs_explanation(self) -> bool:
        return self.is_late and self.late_reason is None


# The same questions, asked of the database.


def late(turn: Any, now: Any) -> sa.ColumnElement[bool]:
    """Select turns that are late, seen at `now`."""
    return turn.due_at < sa.func.coalesce(turn.ended_at, now)


def overdue(turn: Any, now: Any) -> sa.ColumnElement[bool]:
    return sa.and_(turn.ended_at.is_(None), turn.due_at < now)


def in_time(turn: Any) -> sa.ColumnElement[bool]:
    """Select turns that were answered by their deadline."""
    is_in_time = sa.or_(turn.due_at.is_(None), turn.ended_at <= turn.due_at)
    return sa.and_(turn.end.in_(ANSWERS), is_in_time)


def unanswered(turn: Any) -> sa.ColumnElement[bool]:
    """Select turns that an officer closed before the deadline, without an answer."""
    return sa.and_(
        turn.end == End.UNANSWERED,
        sa.or_(turn.due_at.is_(None), turn.due_at >= turn.ended_at),
    )
