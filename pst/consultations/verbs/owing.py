"""What a consultation owes its user: its turns, and what begins and ends them."""

from datetime import UTC, datetime

from sqlalchemy.orm import Mapped, attributes, declared_attr, relationship

from pst.accounts.users import User
from pst.consultations.service_level.clarity import ClearedBy
from pst.consultations.service_level.turns import End, Turn
from pst.consultations.states import Next, Reason
from pst.consultations.verbs import thanks
from pst.consultations.verbs.row import ConsultationRow
from pst.database import db


class Owing(ConsultationRow):
    """A consultation that owes its user answers, one turn after the other."""

    __abstract__ = True

    @declared_attr
    def turn(cls) -> Mapped[Turn]:
        """Relate the latest turn, read together with its consultation."""
        return relationship(
            primaryjoin="and_(Turn.consultation_id == Consultation.id,"
            " Turn.number == Consultation.turn_number)",
            foreign_keys="[Turn.consultation_id, Turn.number]",
            uselist=False,
            viewonly=True,
            lazy="joined",
        )

    @declared_attr
    def turns(cls) -> Mapped[list[Turn]]:
        return relationship(order_by=Turn.number, viewonly=True)

    # Questions

    @property
    def is_owed(self) -> bool:
        """Return whether the office owes an answer."""
        return self.turn.is_owed

    @property
    def due_at(self) -> datetime | None:
        """Return when what is owed now is due; None when nothing is, or not clear."""
        return self.turn.due_at if self.turn.is_owed else None

    @property
    def clear_at(self) -> datetime | None:
        """Return from when the clock of what is owed now counts."""
        return self.turn.clear_at if self.turn.is_owed else None

    @property
    def is_clear(self) -> bool:
        return self.turn.is_clear or not self.turn.is_owed

    @property
    def is_overdue(self) -> bool:
        return self.turn.is_overdue

    @property
    def is_answered(self) -> bool:
        """Return whether the office has ever answered; a question is no answer."""
        return self.turn.is_answered or any(turn.is_answered for turn in self.past)

    @property
    def answered_at(self) -> datetime | None:
        """Return when the first turn was answered."""
        first = self.turns[0] if self.turn_number > 1 else self.turn
        return first.ended_at if first.is_answered else None

    @property
    def past(self) -> list[Turn]:
        """The turns before the latest one; most consultations have none."""
        if self.turn_number == 1:
            return []
        return [turn for turn in self.turns if turn.number < self.turn_number]

    @property
    def unexplained(self) -> list[Turn]:
        """The turns that are late and have no reason noted."""
        return [each for each in (*self.past, self.turn) if each.needs_explanation]

    @property
    def needs_explanation(self) -> bool:
        """Return whether an answer was late and no reason is noted."""
        return bool(self.unexplained)

    @property
    def explained(self) -> Turn | None:
        """Return the latest turn whose lateness was explained."""
        turns = (self.turn, *reversed(self.past))
        return next((each for each in turns if each.late_reason), None)

    def cause_of_turn(self, person: User) -> str:
        """Return the cause of a mail to `person` that goes out once a turn.

        The deadline is in it, as it was before there were turns.
        """
        due_at = self.due_at.astimezone(UTC).isoformat() if self.due_at else ""
        return f"{self.number}:{self.turn_number}:{due_at}:{person.id}"

    @property
    def is_asking_user(self) -> bool:
        """Return whether its officer asked the user something, and has no reply."""
        if self.turn.is_owed:
            return self._is_question_standing or self.is_waiting_for_user
        return self.is_waiting_for_user and self.turn.end is End.ASKED

    # Private

    def _begin_turn(self, at: datetime) -> None:
        self.turn_number = (self.turn_number or 0) + 1
        turn = Turn.begun(self.id, self.turn_number, at)
        db.session.add(turn)
        attributes.set_committed_value(self, "turn", turn)

    def _is_thanks(self, body: str) -> bool:
        """Return whether these words of the user only thank, so that nothing begins.

        To a question, *baik* may be the answer; then it takes a word of thanks.
        """
        if not thanks.is_only_thanks(body):
            return False
        if self.is_asking_user or self.turn.end is End.SILENT:
            return thanks.has_thanks(body)
        return True

    def _hear_user(self, at: datetime, *, is_thanks: bool) -> bool:
        """Begin a turn if none is owed; return whether the request became clear."""
        turn = self.turn
        if is_thanks:
            if turn.end is End.ASKED:  # What was asked needs no reply any more.
                turn.end = End.ANSWERED
            return False
        if not turn.is_owed:
            self._begin_turn(at)
            return False
        was_clear = turn.is_clear
        if turn.question is not None or not was_clear:
            turn.note_clear(at, ClearedBy.USER)
        return not was_clear

    def _hear_officer(self, at: datetime, officer: User, then: Next) -> None:
        """End the turn with an officer's words, unless they are no answer yet."""
        if then is not Next.OFFICER:
            end = End.ASKED if then is Next.USER else End.ANSWERED
            self.turn.finish(end, at, officer)

    def _end_turn(self, at: datetime, reason: Reason, by: User | None) -> None:
        """End what is still owed when the consultation is closed."""
        if not self.turn.is_owed:
            return
        if reason is Reason.WITHDRAWN or (by is not None and by.id == self.user_id):
            end = End.WITHDRAWN
        elif reason is Reason.DUPLICATE:
            end = End.DUPLICATE
        else:
            end = End.SILENT if reason is Reason.NO_RESPONSE else End.UNANSWERED
        self.turn.finish(end, at, by)

    @property
    def _is_question_standing(self) -> bool:
        return self.turn.is_owed and self.turn.question is not None
