"""The end of a consultation: closing, reopening, withdrawing, erasing."""

from dataclasses import dataclass
from typing import Any

from pst import clock
from pst.accounts.users import User
from pst.consultations.edit_conflicts import NOT_CLOSED, require_seen
from pst.consultations.messages import ERASED, Event
from pst.consultations.states import CLOSING, NOT_SERVED, RATEABLE, Reason, State
from pst.consultations.verbs.row import ConsultationRow
from pst.consultations.verbs.service_clock import ServiceClock
from pst.office import audit, settings
from pst.rules import WrongState
from pst.web.responses import link

SUBDISTRICT_DIGITS = 7


@dataclass(frozen=True)
class UnpublishedData:
    """What was asked for is not published; the catalogue item nearest to it is.

    Its title is kept where the entry does not name the item in its own words.
    """

    nearest_id: int | None
    title: str = ""

    @property
    def data(self) -> dict[str, Any]:
        """What an entry of the conversation keeps of it, for the report."""
        data = {"unavailable": True, "nearest": self.nearest_id}
        return data | ({"nearest_title": self.title} if self.title else {})


class Ending(ServiceClock):
    """A consultation that is closed, reopened, withdrawn and erased."""

    __abstract__ = True

    def close(
        self,
        reason: Reason,
        by: User | None = None,
        *,
        seen: int | None = None,
        why: str = "",
        same_as: ConsultationRow | None = None,
        lacking: UnpublishedData | None = None,
    ) -> None:
        """End it (the clock does if `by` is None) and mail the user, `why` included.

        With `lacking` what was asked for is not published, which the report counts.

        Raises `WrongState`, and `Conflict` when others wrote after the entry `seen`.
        """
        self._require_closable(reason, by, seen, same_as)
        data: dict[str, Any] = {"same_as": same_as.number} if same_as else {}
        if lacking:
            data |= lacking.data
        self._move(State.CLOSED, CLOSING[reason], by, body=why, **data)
        self.duplicate_of, self.tell_user_at = same_as, None  # the mail says it all
        self._end(reason, by)
        self._mail_closing(why, same_as)

    def reopen(self, by: User) -> None:
        """Go on with what was closed: by its officer or the head, within 7 days.

        What was owed is due as before: closing it wins no time. What was answered
        stays so: only the user begins a turn.
        """
        if self.is_open and (self.is_served_by(by) or by.is_head):
            return  # The button was pressed twice.
        if not self.can_be_reopened_by(by):
            raise WrongState(self._why_not_reopenable())
        self._reopen(by)
        assert self.reopened_at is not None
        self._mail_user("reopened", f"reopened:{self.reopened_at.isoformat()}")

    def withdraw(self, by: User) -> None:
        """Take back a request that no officer serves yet."""
        if not self.can_be_withdrawn_by(by):
            raise WrongState("Konsultasi yang sudah dilayani tidak dapat dibatalkan.")
        self._move(State.CLOSED, Event.WITHDRAWN, by)
        self._end(Reason.WITHDRAWN, by)

    def erase(self, by: User | None) -> None:
        """Erase every word of it; what the statistics count stays.

        The one exception to texts never being changed: the law's (UU 27/2022, right to
        erasure), or the end of the time that the office keeps them. Ends it if open.
        """
        if self.is_open:
            self._move(State.CLOSED, Event.WITHDRAWN, by)
            self._end(Reason.WITHDRAWN, by)
        self.tell_user_at = None
        self.subject, self.description, self.details = ERASED, "", {}
        self.silastik_number = None
        if self.area_code:  # a kecamatan is counted; a village may be someone's own
            self.area_code = self.area_code[:SUBDISTRICT_DIGITS]
        for turn in self.turns:
            turn.late_note = None
        for message in self.messages:
            message.erase()
        audit.record("erase", self.audit_subject, by.id if by else None)

    # Questions

    def can_be_closed_by(self, person: User) -> bool:
        is_served = self.state in (State.ACTIVE, State.WAITING_USER)
        return is_served and (self.is_served_by(person) or person.id == self.user_id)

    def needs_words_to_close(self, reason: Reason) -> bool:
        """Return whether its officer must write why, as an answer is still owed."""
        return reason is Reason.RESOLVED and self.is_owed

    def can_be_a_duplicate_of(self, other: ConsultationRow | None) -> bool:
        """Return whether `other` is one of the same user that goes on, or was served.

        Not one that was taken back, nor one that is a duplicate itself.
        """
        return (
            other is not None
            and other.id != self.id
            and other.user_id == self.user_id
            and other.reason not in NOT_SERVED
        )

    def can_be_withdrawn_by(self, person: User) -> bool:
        return self.state is State.QUEUED and person.id == self.user_id

    @property
    def can_be_written_by_user(self) -> bool:
        return self.is_open or self.can_be_reopened

    @property
    def can_be_reopened(self) -> bool:
        """Return whether a reply or the office can still reopen it (7 days)."""
        return (
            self.state is State.CLOSED
            and self.reason is not Reason.WITHDRAWN
            and not self.is_erased
            and self.closed_at is not None
            and clock.now() <= self.closed_at + settings.current().reopen_within
        )

    def can_be_reopened_by(self, person: User) -> bool:
        """Return whether `person` may reopen it: its officer, or the head."""
        return self.can_be_reopened and (self.is_served_by(person) or person.is_head)

    @property
    def is_rateable(self) -> bool:
        """Return whether it ended in a way that the user is asked to rate."""
        return self.reason in RATEABLE and not self.is_erased

    # Private

    def _require_closable(
        self,
        reason: Reason,
        by: User | None,
        seen: int | None,
        same_as: ConsultationRow | None,
    ) -> None:
        """Raise `WrongState` unless `by` may close it for this `reason` now."""
        if by is not None:
            if not self.can_be_closed_by(by):
                raise WrongState(self._why_not_closable(by))
            require_seen(self.id, by, seen, NOT_CLOSED)
        if reason is Reason.DUPLICATE and not self.can_be_a_duplicate_of(same_as):
            raise WrongState(
                "Pilih konsultasi lain dari pengguna yang sama, yang tidak dibatalkan"
                " dan bukan permintaan ganda. Bila tidak ada, konsultasi ini bukan"
                " permintaan ganda."
            )

    def _end(self, reason: Reason, by: User | None) -> None:
        self.reason, self.closed_at = reason, clock.now()
        self._end_turn(self.closed_at, reason, by)
        self._stop_waiting()

    def _mail_closing(self, why: str, same_as: ConsultationRow | None) -> None:
        assert self.reason is not None and self.closed_at is not None
        self._mail_user(
            f"closed_{self.reason.value}",
            f"closed:{self.closed_at.isoformat()}",
            why=why,
            excerpt=self.excerpt,
            rating_url=self.rating_url,
            reply_url=self.reply_url,
            other=same_as,
            other_url=same_as and link("consultations.show", number=same_as.number),
        )

    def _reopen(self, by: User) -> None:
        """Open again: to its officer, or to the queue."""
        back = (
            self.officer is not None and self.officer.is_officer and self.officer.active
        )
        officer = {} if by.id == self.user_id else {"officer": by.name}
        to = State.ACTIVE if back else State.QUEUED
        self._move(to, Event.REOPENED, by, **officer)
        if not back:
            self._give_to(None)
        self.reason = self.closed_at = None
        self.duplicate_of = None
        self.reopened_at = clock.now()
        self.turn.resume()

    def _give_to(self, officer: User | None) -> None:
        """Set the officer; the id too, which is otherwise known only at the flush."""
        self.officer = officer
        self.officer_id = officer.id if officer else None

    def _why_not_reopenable(self) -> str:
        if self.is_open:
            return "Konsultasi ini sedang berjalan."
        if self.can_be_reopened:
            return self._whose_it_is()
        return (
            "Konsultasi ini tidak dapat dibuka kembali lagi. Pengguna dapat mengajukan"
            " konsultasi lanjutan."
        )
