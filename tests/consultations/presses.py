"""What a user, officers, the head and the clock may press on a consultation."""

import random

from pst import clock
from pst.accounts.users import User
from pst.consultations import jobs
from pst.consultations.models import Consultation
from pst.consultations.states import Next, Reason
from pst.office import settings
from pst.rules import WrongState

# What may be pressed, by its state; what comes twice is pressed more often.
OF_USER = ("write", "write", "thank")
OF_OFFICER = (
    *("answer", "ask", "interim", "question", "question", "question", "question"),
    *("transfer", "release", "hand_over", "return_to_queue", "close", "repeats"),
)
IN_QUEUE = (*OF_USER, "withdraw", *("claim",) * 8)
WHILE_OPEN = (*OF_USER, *OF_OFFICER, "give_up", "clear", "undo")
WHILE_CLOSED = ("write", "write", "thank", "reopen", "reopen", "answer", "release")
NEXT = {
    "question": ("undo", "undo", "clear", "clear", "silence"),
    "clear": ("undo",),
    "ask": ("silence", "silence", "thank"),
    "silence": ("silence",),
}
PRESSES = {*IN_QUEUE, *WHILE_OPEN, *WHILE_CLOSED, "silence"}
BY_USER = ("write", "thank", "give_up", "withdraw")


class Presses:
    """What the people of one consultation may press, allowed or not."""

    def __init__(
        self,
        made: Consultation,
        other: Consultation,
        officers: tuple[User, User],
        head: User,
    ) -> None:
        self.made, self.other = made, other
        self.siti, self.officers, self.head = made.user, officers, head

    def press(self, step: str) -> bool:
        """Return whether the verb did it; else it has refused."""
        try:
            getattr(self, step)()
        except WrongState:
            return False
        return True

    @staticmethod
    def require(is_so: bool) -> None:
        """Refuse what the page does not offer, and what a verb takes for a repeat."""
        if not is_so:
            raise WrongState("")

    def drawn(self, dice: random.Random, last: str) -> str:
        """Return what is pressed next, mostly something that its state allows."""
        if last in NEXT and dice.random() < 0.6:
            return dice.choice(NEXT[last])
        if self.made.is_waiting_for_user and dice.random() < 0.15:
            return "silence"
        if not self.made.is_open:
            return dice.choice(WHILE_CLOSED)
        return dice.choice(IN_QUEUE if self.made.is_queued else WHILE_OPEN)

    @property
    def officer(self) -> User:
        """The officer who serves it, or else one who does not."""
        return self.made.officer or self.officers[0]

    @property
    def colleague(self) -> User:
        first, second = self.officers
        return second if self.officer is first else first

    # The user

    def write(self) -> None:
        self.made.say(self.siti, "Tahun 2025, menurut desa.")

    def thank(self) -> None:
        self.made.say(self.siti, "Terima kasih banyak.")

    def give_up(self) -> None:
        self.made.close(Reason.RESOLVED, by=self.siti)

    def withdraw(self) -> None:
        self.made.withdraw(self.siti)

    # Officers

    def claim(self) -> None:
        self.require(self.made.is_queued)
        self.made.claim(self.officer)

    def answer(self) -> None:
        self.made.say(self.officer, "Jumlahnya 31.000.", then=Next.DONE)

    def ask(self) -> None:
        self.made.say(self.officer, "Jumlahnya 31.000. Cukup?", then=Next.USER)

    def interim(self) -> None:
        self.made.say(self.officer, "Mohon ditunggu.", then=Next.OFFICER)

    def question(self) -> None:
        self.made.ask_clarity(self.officer, "Wilayah mana?")

    def clear(self) -> None:
        self.made.mark_clear(self.officer)

    def undo(self) -> None:
        self.made.undo_clock(self.officer)

    def transfer(self) -> None:
        self.made.transfer(self.colleague, self.officer)

    def release(self) -> None:
        self.made.release(self.officer)

    def hand_over(self) -> None:
        self.require(self.made.is_open and not self.made.is_queued)
        self.made.hand_over(self.colleague, self.head)

    def return_to_queue(self) -> None:
        """Give it to the queue, as when its officer leaves."""
        self.require(self.made.is_open and not self.made.is_queued)
        self.made.hand_over(None, self.head)

    def close(self) -> None:
        self.made.close(Reason.RESOLVED, by=self.officer, why="Sudah.")

    def repeats(self) -> None:
        self.made.close(Reason.DUPLICATE, by=self.officer, same_as=self.other)

    def reopen(self) -> None:
        self.require(not self.made.is_open)
        self.made.reopen(self.officer)

    # The clock

    def silence(self) -> None:
        """Do what the timetable does: warn first, and close a day later."""
        now, office = clock.now(), settings.current()
        if self.made.is_silent(now - office.close_after):
            jobs._close_or_wait(self.made)
        elif self.made.is_silent(now - office.warn_after) and not self.made.warned_at:
            self.made.warn_of_closing()
        self.require(not self.made.is_open)
