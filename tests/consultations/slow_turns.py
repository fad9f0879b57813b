"""A slow, independent account of what an office owes: the histories of a consultation.

It keeps every step, and for each question walks all of them again; it shares no line
with the code of turns but the calendar's arithmetic on whole days.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

# Every moment of these histories is on a half hour, and so are the service hours.
STEP = timedelta(minutes=30)


@dataclass
class Owed:
    """One turn, as the account has it."""

    began: datetime
    due: datetime | None
    ended: datetime | None = None
    how: str = ""
    # What is left of the clock while a question stands, in steps of service.
    left: int | None = None
    asked: datetime | None = None
    latched: bool = False

    def look(self, now: datetime) -> None:
        """Note a breach: from then on it stays late."""
        until = self.ended or now
        if self.due is not None and until > self.due:
            self.latched = True


@dataclass
class Account:
    """The turns of one consultation, told by the steps of its people."""

    calendar: Any
    turns: list[Owed] = field(default_factory=list)
    # The last step of the clock, and the turn as it was before.
    stepped: str = ""
    before: Owed | None = None

    def tell(self, now: datetime, step: str) -> None:
        self.look(now)
        getattr(self, step)(now)
        self.look(now)

    def look(self, now: datetime) -> None:
        for turn in self.turns:
            turn.look(now)

    @property
    def last(self) -> Owed:
        return self.turns[-1]

    def due(self, now: datetime) -> datetime:
        return self.calendar.due_at(now, 3)

    def file(self, now: datetime) -> None:
        self.turns.append(Owed(now, self.due(now)))

    def write(self, now: datetime) -> None:
        if self.last.how in ("unanswered", "silent", "duplicate"):
            self.last.ended, self.last.how = None, ""
        if self.last.ended is not None:
            self.turns.append(Owed(now, self.due(now)))
        elif self.last.asked is not None:
            if self.last.due is None:
                self.last.due = self.due(now)
            self.last.asked = self.last.left = None

    def thank(self, now: datetime) -> None:
        if self.last.how == "asked":  # It needs no reply any more.
            self.last.how = "answered"

    def answer(self, now: datetime) -> None:
        self.speak(now, "answered")

    def ask(self, now: datetime) -> None:
        self.speak(now, "asked")

    def speak(self, now: datetime, how: str) -> None:
        if self.last.ended is None:
            self.clear(now)
            self.last.ended, self.last.how = now, how
        elif self.last.how in ("answered", "asked"):
            self.last.how = how

    def interim(self, now: datetime) -> None:
        pass

    # Who serves it is nothing to the clock.
    claim = transfer = release = hand_over = return_to_queue = interim

    def question(self, now: datetime) -> None:
        turn = self.last
        if turn.ended is not None:
            self.speak(now, "asked")
            return
        self.stepped, self.before = "question", replace(turn)
        if turn.asked is not None:
            return
        turn.asked = now
        if turn.due is not None and not turn.latched:
            turn.left = self.steps(now, turn.due)
            turn.due = None

    def clear(self, now: datetime) -> None:
        turn = self.last
        if turn.ended is not None or turn.asked is None:
            return
        self.stepped = "clear"
        turn.asked = None
        if turn.due is None and turn.left is not None:
            turn.due = self.walk(now, turn.left)
            turn.left = None

    def undo(self, now: datetime) -> None:
        """Take back the last step of the clock; what was late was not."""
        if self.stepped == "clear":
            self.question(now)
        elif self.before is not None:
            self.before.latched = self.last.latched
            self.turns[-1] = self.before
        self.stepped, self.before = "", None

    def close(self, now: datetime) -> None:
        self.stop(now, "unanswered")

    def repeats(self, now: datetime) -> None:
        self.stop(now, "duplicate")

    def silence(self, now: datetime) -> None:
        self.stop(now, "silent")

    def give_up(self, now: datetime) -> None:
        self.stop(now, "withdrawn")

    withdraw = give_up

    def stop(self, now: datetime, how: str) -> None:
        if self.last.ended is None:
            self.last.ended, self.last.how = now, how

    def reopen(self, now: datetime) -> None:
        if self.last.how in ("unanswered", "silent", "duplicate"):
            self.last.ended, self.last.how = None, ""

    def steps(self, begin: datetime, end: datetime) -> int:
        """Count the steps of service one by one."""
        count = 0
        while begin < end:
            count += self.calendar.is_open(begin)
            begin += STEP
        return count

    def walk(self, now: datetime, steps: int) -> datetime:
        while steps:
            steps -= self.calendar.is_open(now)
            now += STEP
        return now
