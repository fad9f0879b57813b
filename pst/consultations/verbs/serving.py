"""Who serves it: claiming, taking over, transferring, releasing, handing over."""

from pst import clock
from pst.accounts.users import User
from pst.consultations import duty
from pst.consultations.messages import Event, Kind, Message
from pst.consultations.states import State
from pst.consultations.verbs.ending import Ending
from pst.consultations.verbs.row import CLOSED
from pst.office import audit
from pst.rules import NO_SUCH_OFFICER, WrongState


class Serving(Ending):
    """A consultation that moves between the queue and the officers."""

    __abstract__ = True

    def claim(self, officer: User) -> None:
        """Take the consultation off the queue; `officer` serves it from now on.

        Raises `WrongState`, naming the officer, when another one was quicker.
        """
        if self.is_served_by(officer):
            return
        if self.state is not State.QUEUED:
            raise WrongState(self._why_not_claimable())
        self._require_another(officer)
        self._move(State.ACTIVE, Event.CLAIMED, officer, officer=officer.name)
        self._give_to(officer)
        self.claimed_at = clock.now()

    def take_over(self, by: User, note: str = "") -> None:
        """Serve it in place of a colleague who is away today or has left."""
        self._require_another(by)
        if not self.can_be_taken_over_by(by):
            raise WrongState(
                "Hanya konsultasi petugas yang sedang tidak bertugas yang dapat diambil"
                " alih. Minta petugasnya mengalihkan."
            )
        if note:
            self._append(Message.written(self.id, Kind.NOTE, by, note))
        self._move(self.state, Event.TAKEN_OVER, by, officer=by.name)
        self._give_to(by)

    def transfer(self, to: User, by: User, note: str = "") -> None:
        """Hand the consultation to another officer, with an internal note."""
        self.require_own(by)
        if not (to.is_officer and to.active):
            raise WrongState("Konsultasi hanya dapat dialihkan kepada petugas aktif.")
        if to.id == by.id:
            raise WrongState("Konsultasi ini sudah Anda tangani.")
        self._require_another(to)
        if note:
            self._append(Message.written(self.id, Kind.NOTE, by, note))
        self._move(self.state, Event.TRANSFERRED, by, officer=to.name)
        self._give_to(to)

    def release(self, by: User) -> None:
        """Put the consultation back into the queue, in its old place."""
        self.require_own(by)
        self._move(State.QUEUED, Event.RELEASED, by)
        self._give_to(None)
        self._stop_waiting()

    def hand_over(self, to: User | None, by: User, note: str = "") -> None:
        """Give it to `to`, or to the queue, when its officer hands over or leaves.

        A request of `to` itself goes to the queue, for another officer.
        """
        if self.state in (State.QUEUED, State.CLOSED):
            return
        if not (self.is_served_by(by) or by.is_head or by.is_admin):
            raise WrongState("Hanya petugasnya, ketua tim, atau Admin TI.")
        if note:
            self._append(Message.written(self.id, Kind.NOTE, by, note))
        if to is None or to.id == self.user_id:
            to = None
            self._move(State.QUEUED, Event.RELEASED, by)
            self._stop_waiting()
        else:
            if not (to.is_officer and to.active):
                raise WrongState(NO_SUCH_OFFICER)
            self._move(self.state, Event.TRANSFERRED, by, officer=to.name)
        self._give_to(to)

    def give_back(self, to: User, by: User) -> None:
        """Return it to the officer who had handed it over."""
        self._move(self.state, Event.TRANSFERRED, by, officer=to.name)
        self._give_to(to)

    def note_silastik(self, by: User, number: str) -> None:
        """Note the number it has in Silastik; an empty one takes it away."""
        self.require_kept()
        self.silastik_number = number or None
        audit.record("note_silastik", self.audit_subject, by.id)

    # Questions

    def can_be_claimed_by(self, person: User) -> bool:
        is_free = self.state is State.QUEUED and person.is_officer
        return is_free and person.id != self.user_id

    def can_be_taken_over_by(self, person: User) -> bool:
        """Return whether its officer is away today, so that `person` may take over."""
        officer = self.officer
        if not person.is_officer or officer is None or not self.is_open:
            return False
        if person.id in (officer.id, self.user_id):
            return False
        return not duty.is_on_duty(officer)

    # Private

    def _require_another(self, officer: User) -> None:
        """Raise `WrongState` when `officer` would serve their own request."""
        if officer.id == self.user_id:
            raise WrongState(
                f"Konsultasi ini diajukan {officer.name} sendiri, jadi dilayani petugas"
                " lain."
            )

    def _why_not_claimable(self) -> str:
        if self.state is State.CLOSED:
            return CLOSED
        name = self.officer.name if self.officer else "petugas lain"
        return f"Konsultasi ini baru saja diambil {name}."
