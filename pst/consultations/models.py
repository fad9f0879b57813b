"""A consultation, from the request to its closing: every move is a verb here."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock, keys
from pst.access import Role
from pst.accounts.users import User
from pst.consultations import courtesy, deadlines, duty, links, refusals
from pst.consultations.attachments import Attachment
from pst.consultations.messages import ERASED, Event, Kind, Message
from pst.consultations.overtaking import NOT_CLOSED, UNSENT, require_seen
from pst.consultations.reading import ReadMark
from pst.consultations.states import BY_OFFICER as BY_OFFICER
from pst.consultations.states import CLOSING as CLOSING
from pst.consultations.states import NEXT as NEXT
from pst.consultations.states import NOT_SERVED as NOT_SERVED
from pst.consultations.states import PENDING as PENDING
from pst.consultations.states import RATEABLE as RATEABLE
from pst.consultations.states import UNEXPLAINED as UNEXPLAINED
from pst.consultations.states import Category as Category
from pst.consultations.states import Channel as Channel
from pst.consultations.states import Held as Held
from pst.consultations.states import LateReason as LateReason
from pst.consultations.states import Reason as Reason
from pst.consultations.states import State as State
from pst.database import db
from pst.errors import WrongState
from pst.office import audit, settings
from pst.outbox.models import OutboxMail
from pst.pages import link

# A user is mailed that an officer wrote when they have not read it for so long, and no
# more often than this.
TELL_AFTER = timedelta(minutes=2)
TELL_EVERY = timedelta(minutes=15)


class Consultation(db.Model):
    """One transaction: a category, a subject, a conversation, one rating."""

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
    clear_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    # The deadline that was in force when the first answer was given.
    answered_due_at: Mapped[datetime | None]
    final_answer_at: Mapped[datetime | None]
    final_due_at: Mapped[datetime | None]
    waiting_since: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    # Why the clock does not close it, although the user has been silent long enough.
    closing_held: Mapped[Held | None]
    # When the user is to be mailed that an officer wrote, unless they read it before;
    # and when that was done last.
    tell_user_at: Mapped[datetime | None]
    user_told_at: Mapped[datetime | None]
    due_warned_at: Mapped[datetime | None]
    breach_told_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None]
    # When the head was told that nobody had claimed it at half its time.
    half_told_at: Mapped[datetime | None]
    late_reason: Mapped[LateReason | None]
    late_note: Mapped[str | None] = mapped_column(sa.String(300))
    # Its number in BPS's own system, where the office files it there too.
    silastik_number: Mapped[str | None] = mapped_column(sa.String(40))

    # Where a reader's next reading starts: the newest entry, and the newest that the
    # user may see. An idle poll compares these and reads nothing else.
    newest_id: Mapped[int]
    newest_shown_id: Mapped[int]
    # Counts read marks, so that the other side's poll notices one.
    reads: Mapped[int]

    user: Mapped[User] = relationship(foreign_keys=user_id)
    officer: Mapped[User | None] = relationship(foreign_keys=officer_id)
    previous: Mapped["Consultation | None"] = relationship(
        foreign_keys=previous_id, remote_side=id
    )
    duplicate_of: Mapped["Consultation | None"] = relationship(
        foreign_keys=duplicate_of_id, remote_side=id, back_populates="duplicates"
    )
    duplicates: Mapped[list["Consultation"]] = relationship(
        foreign_keys=duplicate_of_id, back_populates="duplicate_of", order_by=id
    )
    messages: Mapped[list[Message]] = relationship(
        back_populates="consultation", order_by=Message.id
    )

    __table_args__ = (
        sa.UniqueConstraint("year", "sequence"),
        sa.UniqueConstraint("user_id", "key", name="uq_consultation_key"),
        sa.Index("ix_consultation_state_due_at", "state", "due_at"),
        sa.Index("ix_consultation_officer_id_state", "officer_id", "state"),
        sa.Index("ix_consultation_closed_at", "closed_at"),
        sa.Index(
            "ix_consultation_tell_user_at",
            "tell_user_at",
            sqlite_where=sa.text("tell_user_at IS NOT NULL"),
        ),
        sa.Index(
            "ix_consultation_unexplained",
            "officer_id",
            sqlite_where=sa.text(UNEXPLAINED),
        ),
    )

    # Makers

    @classmethod
    def ask(
        cls,
        user: User,
        category: Category,
        subject: str,
        description: str,
        *,
        details: dict[str, Any] | None = None,
        key: str | None = None,
        previous: "Consultation | None" = None,
    ) -> Self:
        """File a request: it is clear from now on, and waits in the queue.

        A repeat with the same `key` returns the consultation already filed; what it
        says otherwise is for the caller to see to. Raises `WrongState` when the
        user's e-mail address is not verified (service standard, "Persyaratan").
        """
        if key is not None:
            filed = db.session.scalar(
                sa.select(cls).filter_by(user_id=user.id, key=key)
            )
            if filed is not None:
                return filed
        if not user.is_verified:
            raise WrongState(
                "Verifikasi email Anda dahulu sebelum mengajukan konsultasi."
            )
        consultation = cls._filed(
            user,
            category,
            subject,
            description,
            Channel.ONLINE,
            clock.now(),
            key=key,
            details=details or {},
            previous=previous,
        )
        consultation._happened(Event.ASKED, user)
        consultation._mail_user("request_received", "asked")
        return consultation

    @classmethod
    def record(
        cls,
        by: User,
        visitor: User,
        channel: Channel,
        category: Category,
        subject: str,
        description: str,
        asked_at: datetime,
        minutes: int | None = None,
    ) -> Self:
        """Write down what somebody asked at the counter, by telephone or letter.

        It counts like any other from `asked_at` on, and waits in the queue.
        """
        consultation = cls._filed(
            visitor, category, subject, description, channel, asked_at, minutes=minutes
        )
        consultation._happened(Event.RECORDED, by, channel=channel.value)
        audit.record("record", consultation.audit_subject, by.id, channel=channel.value)
        return consultation

    # Verbs

    def note_answer(
        self,
        officer: User,
        answer: str,
        answered_at: datetime | None = None,
        *,
        closes: bool,
        flagged: bool = False,
    ) -> Message:
        """Write down what was answered: at `answered_at`, or at once, in the talk."""
        self.claim(officer)
        message = self.say(officer, answer)
        talk_over = self.asked_at + timedelta(minutes=self.minutes or 0)
        message.created_at = self.answered_at = answered_at or talk_over
        self.claimed_at = answered_at or self.asked_at
        message.mark(officer, final=closes, flagged=flagged)
        if closes:
            self.close(Reason.RESOLVED, by=officer)
        return message

    def claim(self, officer: User) -> None:
        """Take the consultation off the queue, into the hands of `officer`.

        Raises `WrongState`, naming who has it, when somebody was quicker.
        """
        if self.is_served_by(officer):
            return
        if self.state is not State.QUEUED:
            raise WrongState(refusals.why_not_claimable(self))
        refusals.require_another(self, officer)
        self._move(State.ACTIVE, Event.CLAIMED, officer, officer=officer.name)
        self._give_to(officer)
        self.claimed_at = clock.now()

    def say(
        self,
        author: User,
        body: str,
        *,
        key: str | None = None,
        expects_reply: bool = True,
        seen: int | None = None,
        attachments: Sequence[Attachment] = (),
        by_link: bool = False,
    ) -> Message:
        """Add a message by the user or the officer who serves them.

        A repeat with the same `key` and content returns the message already stored
        and changes nothing; the same key with other content is another message. An
        officer's message waits for the user unless `expects_reply` is False; a user's
        reply to a closed consultation reopens it. `by_link` notes that the writer had a
        mailed link and did not log in. Raises `WrongState`, and `Overtaken` when others
        wrote after the entry that the writer has `seen`.
        """
        stored, key = self._repeat(key, Kind.MESSAGE, author, body, attachments)
        if stored is not None:
            return stored
        require_seen(self, author, seen, UNSENT)
        if author.id == self.user_id:
            message = self._say_as_user(author, body, key)
        else:
            message = self._say_as_officer(author, body, key, expects_reply)
        for attachment in attachments:
            attachment.go_with(message)
        if by_link:  # who wrote knows that an answer is there, and has not read it
            message.data, self.tell_user_at = {"by_link": True}, None
        else:
            self.read(author, message.id)
        return message

    def read(self, reader: User, upto: int) -> None:
        """Note how far `reader` has read; the other side is shown it."""
        if ReadMark.advance(self.id, reader, min(upto, self.newest_id)):
            self.reads += 1
        if self.tell_user_at and reader.id == self.user_id:
            said = self._last_answer()
            if said is None or upto >= said.id:
                self.tell_user_at = None

    def note(self, author: User, body: str, *, key: str | None = None) -> Message:
        """Add a note that only officers see. Raises `WrongState` once it is erased."""
        stored, key = self._repeat(key, Kind.NOTE, author, body)
        if stored is not None:
            return stored
        self.require_kept()
        return self._append(Message.written(Kind.NOTE, author, body, key))

    def ask_clarity(
        self,
        officer: User,
        question: str,
        *,
        key: str | None = None,
        seen: int | None = None,
    ) -> Message:
        """Ask what the request means; the clock stops until the user answers.

        Raises `WrongState`, and `Overtaken` when others wrote after the entry `seen`.
        """
        stored, key = self._repeat(key, Kind.MESSAGE, officer, question)
        if stored is not None:
            return stored
        self.require_own(officer)
        require_seen(self, officer, seen, UNSENT)
        before = self._clock_now()
        message = self._append(Message.written(Kind.MESSAGE, officer, question, key))
        self._move(State.WAITING_USER, Event.CLARITY_ASKED, officer, before=before)
        self.clear_at = self.due_at = None
        self._wait_for_user(message)
        return message

    def mark_clear(self, officer: User) -> None:
        """Note that the request is clear; the clock counts anew from now."""
        self.require_own(officer)
        if self.clear_at is not None:
            raise WrongState("Permintaan ini sudah jelas.")
        before = self._clock_now()
        self._start_clock()
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

        Only who did it can, and only as long as nothing has happened since. What was
        asked stays in the conversation.
        """
        event = self.undoable_by(by)
        if event is None:
            raise WrongState("Tindakan ini tidak dapat dibatalkan lagi.")
        for name, text in event.data["before"].items():
            setattr(self, name, datetime.fromisoformat(text) if text else None)
        to = State.WAITING_USER if self.waiting_since else State.ACTIVE
        self._move(to, Event.CLOCK_UNDONE, by)

    def take_over(self, by: User, note: str = "") -> None:
        """Go on for a colleague who is away today, or works here no more."""
        refusals.require_another(self, by)
        if not self.can_be_taken_over_by(by):
            raise WrongState(
                "Hanya konsultasi petugas yang sedang tidak bertugas yang dapat diambil"
                " alih. Minta petugasnya mengalihkan."
            )
        if note:
            self._append(Message.written(Kind.NOTE, by, note))
        self._move(self.state, Event.TAKEN_OVER, by, officer=by.name)
        self._give_to(by)

    def explain_delay(self, by: User, reason: LateReason, note: str = "") -> None:
        """Tell, for the report, why it was late."""
        if not self._is_explained_by(by):
            raise WrongState("Hanya petugas yang melayani yang dapat menjelaskan.")
        if note:
            self.require_kept()
        self.late_reason, self.late_note = reason, note or None
        audit.record("explain_delay", self.audit_subject, by.id, reason=reason.value)

    def note_silastik(self, by: User, number: str) -> None:
        """Note the number it has in Silastik; an empty one takes it away."""
        self.require_kept()
        self.silastik_number = number or None
        audit.record("note_silastik", self.audit_subject, by.id)

    def move_due(self, due_at: datetime, by: User) -> None:
        """Move the deadline because the calendar of the office has changed."""
        if self.state is State.CLOSED or self.clear_at is None:
            raise WrongState("Konsultasi ini tidak memiliki tenggat yang berjalan.")
        before, self.due_at = self._due_text(), due_at
        if due_at > clock.now():
            self.due_warned_at = self.breach_told_at = self.half_told_at = None
        self._happened(Event.DUE_MOVED, by, due_at=due_at.isoformat(), before=before)
        audit.record("move_due", self.audit_subject, by.id, before=before)

    def transfer(self, to: User, by: User, note: str = "") -> None:
        """Hand the consultation to another officer, with an internal note."""
        self.require_own(by)
        if not (to.is_officer and to.active):
            raise WrongState("Konsultasi hanya dapat dialihkan kepada petugas aktif.")
        if to.id == by.id:
            raise WrongState("Konsultasi ini sudah Anda tangani.")
        refusals.require_another(self, to)
        if note:
            self._append(Message.written(Kind.NOTE, by, note))
        self._move(self.state, Event.TRANSFERRED, by, officer=to.name)
        self._give_to(to)

    def release(self, by: User) -> None:
        """Put the consultation back into the queue, in its old place."""
        self.require_own(by)
        self._move(State.QUEUED, Event.RELEASED, by)
        self._give_to(None)
        self._stop_waiting()

    def hand_over(self, to: User | None, by: User, note: str = "") -> None:
        """Give it to `to`, or to the queue: its officer hands over or leaves.

        What `to` asked themselves goes to the queue, for somebody else.
        """
        if self.state in (State.QUEUED, State.CLOSED):
            return
        if not (self.is_served_by(by) or by.is_head or by.is_admin):
            raise WrongState("Hanya petugasnya, ketua tim, atau Admin TI.")
        if note:
            self._append(Message.written(Kind.NOTE, by, note))
        if to is None or to.id == self.user_id:
            to = None
            self._move(State.QUEUED, Event.RELEASED, by)
            self._stop_waiting()
        else:
            if not (to.is_officer and to.active):
                raise WrongState("Pilih petugas lain yang aktif.")
            self._move(self.state, Event.TRANSFERRED, by, officer=to.name)
        self._give_to(to)

    def close(
        self,
        reason: Reason,
        by: User | None = None,
        *,
        seen: int | None = None,
        why: str = "",
        same_as: "Consultation | None" = None,
    ) -> None:
        """End the conversation; `by` is None when the clock ends it.

        `why` is read by the user: what an officer says who closes it without an
        answer. A duplicate names the other consultation, `same_as`. Raises
        `WrongState`, and `Overtaken` when others wrote after the entry that `by` has
        `seen`.
        """
        if by is not None:
            if not self.can_be_closed_by(by):
                raise WrongState(refusals.why_not_closable(self, by))
            require_seen(self, by, seen, NOT_CLOSED)
        if reason is Reason.DUPLICATE and not self.can_be_a_duplicate_of(same_as):
            raise WrongState(refusals.NO_OTHER)
        # A question to the user is no answer.
        said = self._last_answer() if self.is_answered else None
        named = {"same_as": same_as.number} if same_as else {}
        self._move(State.CLOSED, CLOSING[reason], by, body=why, **named)
        self.reason, self.duplicate_of = reason, same_as
        self.closed_at = clock.now()
        self.tell_user_at = None  # the mail about the closing tells it
        self._stop_waiting()
        if reason is not Reason.WITHDRAWN:
            is_old = said and self.reopened_at and said.created_at <= self.reopened_at
            self.final_answer_at = said.created_at if said else None
            # Reopened and closed without a new word, the answer is as late as it was.
            if not (is_old and self.final_due_at):
                self.final_due_at = self.due_at
            cause = f"closed:{self.closed_at.isoformat()}"
            self._mail_user(
                f"closed_{reason.value}",
                cause,
                why=why,
                rating_url=self.rating_url,
                reply_url=self.reply_url,
                other=same_as,
                other_url=same_as and link("consultations.show", number=same_as.number),
            )

    def reopen(self, by: User) -> None:
        """Go on with what was closed: by its officer or the head, within 7 days.

        What nobody had answered is due as before: closing it won no time.
        """
        if self.is_open and (self.is_served_by(by) or by.is_head):
            return  # pressed twice
        if not self.can_be_reopened_by(by):
            raise WrongState(refusals.why_not_reopenable(self))
        self._reopen(by, restarts=self.is_answered)
        assert self.reopened_at is not None
        self._mail_user("reopened", f"reopened:{self.reopened_at.isoformat()}")

    def withdraw(self, by: User) -> None:
        """Take back a request that nobody serves yet."""
        if not self.can_be_withdrawn_by(by):
            raise WrongState("Konsultasi yang sudah dilayani tidak dapat dibatalkan.")
        self._move(State.CLOSED, Event.WITHDRAWN, by)
        self.reason = Reason.WITHDRAWN
        self.closed_at = clock.now()

    def erase(self, by: User | None) -> None:
        """Forget every word of it; what the statistics count stays.

        The one exception to texts never being changed: the law's (UU 27/2022, right to
        erasure), or the end of the time that the office keeps them. Ends it if open.
        """
        if self.is_open:
            self._move(State.CLOSED, Event.WITHDRAWN, by)
            self.reason, self.closed_at = Reason.WITHDRAWN, clock.now()
            self._stop_waiting()
        self.tell_user_at = None
        self.subject, self.description, self.details = ERASED, "", {}
        self.late_note = self.silastik_number = None
        for message in self.messages:
            message.erase()
        audit.record("erase", self.audit_subject, by.id if by else None)

    def tell_user(self) -> None:
        """Mail the user that an officer wrote: once for all that they have not read."""
        self.tell_user_at = None
        if not self.user.wants_notices:
            return
        self.user_told_at = clock.now()
        kind = "officer_answered" if self.is_clear else "clarity_needed"
        self._mail_user(
            kind,
            f"message:{self.newest_shown_id}",
            reply_url=self.reply_url,
            unsubscribe_url=self.unsubscribe_url,
        )

    @property
    def unsubscribe_url(self) -> str:
        """Return where its user switches notices off, without logging in."""
        token = links.sign("notices", self.number)
        return link("replying.unsubscribe", token=token)

    def warn_of_closing(self) -> None:
        """Tell the user when the conversation will be closed (step 4).

        A warning that comes late, or again after mails did not arrive, leaves as much
        time as any other.
        """
        self.warned_at, self.closing_held = clock.now(), None
        self._happened(Event.WARNED, None, at=self.closes_at.isoformat())
        self._mail_user(
            "closing_warning",
            f"warned:{self.warned_at.isoformat()}",
            closes_at=self.closes_at,
            reply_url=self.reply_url,
        )

    def hold_closing(self, why: Held) -> None:
        """Keep it open: the user may not know that we wait. The desk's list says so."""
        if self.closing_held is not why:
            self.closing_held = why
            audit.record("hold_closing", self.audit_subject, None, why=why.value)

    # Questions

    def is_overdue(self) -> bool:
        return self.state in PENDING and deadlines.is_overdue(self.due_at)

    def is_silent(self, since: datetime) -> bool:
        """Say whether the officer has waited for the user since before `since`."""
        return (
            self.is_closed_by_clock
            and self.waiting_since is not None
            and self.waiting_since <= since
        )

    def is_closable_by_clock(self) -> bool:
        """Say whether the user was warned, and the time they were given is over."""
        return (
            self.is_closed_by_clock
            and self.warned_at is not None
            and clock.now() >= self.closes_at
        )

    def is_to_be_told(self) -> bool:
        """Say whether the user is to be mailed now that an officer wrote."""
        return self.tell_user_at is not None and self.tell_user_at <= clock.now()

    def is_served_by(self, person: User) -> bool:
        return self.officer_id is not None and self.officer_id == person.id

    def can_be_claimed_by(self, person: User) -> bool:
        is_free = self.state is State.QUEUED and person.is_officer
        return is_free and person.id != self.user_id

    def can_be_answered_by(self, person: User) -> bool:
        return self.is_open and self.is_served_by(person)

    def can_be_closed_by(self, person: User) -> bool:
        served = self.state in (State.ACTIVE, State.WAITING_USER)
        return served and (self.is_served_by(person) or person.id == self.user_id)

    def can_be_taken_over_by(self, person: User) -> bool:
        """Say whether its officer is away today, so that another may go on."""
        officer = self.officer
        if not person.is_officer or officer is None or not self.is_open:
            return False
        if person.id in (officer.id, self.user_id):
            return False
        return not duty.is_on_duty(officer)

    def undoable_by(self, person: User) -> Message | None:
        """Tell what of the clock `person` can take back: their own, and the last."""
        last = db.session.get(Message, self.newest_shown_id)
        if last is None or not self.can_be_answered_by(person):
            return None
        is_mine = last.author_id == person.id
        return last if is_mine and last.data.get("before") else None

    def needs_explanation(self) -> bool:
        """Say whether an answer was late, and nobody has said why."""
        if self.late_reason is not None:
            return False
        answers = (
            (self.answered_at, self.answered_due_at),
            (self.final_answer_at, self.final_due_at),
            (None if self.final_answer_at else self.closed_at, self.due_at),
            # While it waits for the user, what was said last would be the final one.
            (self.waiting_since, self.due_at),
        )
        was_late = any(at and due and at > due for at, due in answers)
        return was_late or self.is_overdue()

    def needs_words_to_close(self, reason: Reason) -> bool:
        """Say whether its officer must tell the user why, having answered nothing."""
        return reason is Reason.RESOLVED and not self.is_answered

    def can_be_a_duplicate_of(self, other: "Consultation | None") -> bool:
        """Return whether `other` is one of the same user that goes on, or was served.

        Not one that was taken back, nor one that is a duplicate itself.
        """
        return (
            other is not None
            and other.id != self.id
            and other.user_id == self.user_id
            and other.reason not in NOT_SERVED
        )

    def can_be_explained_by(self, person: User) -> bool:
        """Say whether `person` is asked why it was late, also once it is closed."""
        return self._is_explained_by(person) and self.needs_explanation()

    def _is_explained_by(self, person: User) -> bool:
        """Return whether `person` served it, or whoever did works here no more."""
        served = self.officer
        is_left = served is None or not (served.is_officer and served.active)
        return self.is_served_by(person) or (is_left and person.is_officer)

    def can_be_withdrawn_by(self, person: User) -> bool:
        return self.state is State.QUEUED and person.id == self.user_id

    def can_be_written_by_user(self) -> bool:
        return self.is_open or self.can_be_reopened()

    def can_be_reopened(self) -> bool:
        """Say whether it can still be reopened, by a reply or the office (7 days)."""
        return (
            self.state is State.CLOSED
            and self.reason is not Reason.WITHDRAWN
            and not self.is_erased
            and self.closed_at is not None
            and clock.now() <= self.closed_at + settings.current().reopen_within
        )

    def can_be_reopened_by(self, person: User) -> bool:
        """Say whether `person` may go on with it: who served it, or the head."""
        return self.can_be_reopened() and (self.is_served_by(person) or person.is_head)

    def is_rateable(self) -> bool:
        """Say whether it ended in a way that the user is asked to rate."""
        return self.reason in RATEABLE and not self.is_erased

    @property
    def is_user_shut_out(self) -> bool:
        """Say whether its user had an account that was deactivated: no link works."""
        return not (self.user.active or self.user.is_visitor)

    @hybrid_property
    def is_erased(self) -> bool:
        # Nobody files a request without a description.
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
    def is_clear(self) -> bool:
        return self.clear_at is not None

    @property
    def is_answered(self) -> bool:
        """Say whether the office has ever answered; its questions are no answers."""
        return self.answered_at is not None

    @property
    def is_online(self) -> bool:
        """Say whether the user asked here, and reads and answers here."""
        return self.channel is Channel.ONLINE

    @property
    def is_closed_by_clock(self) -> bool:
        """Say whether it closes by itself while the user stays silent."""
        return self.state is State.WAITING_USER and self.is_online

    @property
    def closes_at(self) -> datetime:
        """When the clock closes it if the user stays silent.

        Between the warning and the end there is always the time the settings give.
        """
        assert self.waiting_since is not None
        now = settings.current()
        ends = self.waiting_since + now.close_after
        warned_at = self.warned_at or clock.now()
        return max(ends, warned_at + now.close_after - now.warn_after)

    @property
    def rating_url(self) -> str:
        """The whole address where the user rates it, without logging in."""
        return link("feedback.rate", token=links.sign("rating", self.number))

    @property
    def reply_url(self) -> str:
        """The whole address of a reply box that needs no log-in, for some days."""
        token = links.sign("reply", f"{self.number}.{self.newest_shown_id}")
        return link("replying.write", token=token)

    @property
    def audit_subject(self) -> str:
        return f"consultation:{self.number}"

    # Selections

    @classmethod
    def visible_to(cls, person: User) -> sa.Select[Self]:
        """Choose what `person` may know of: their own; officers and the head: all."""
        chosen = sa.select(cls)
        if person.role in (Role.OFFICER, Role.HEAD):
            return chosen
        return chosen.where(cls.user_id == person.id)

    @classmethod
    def owned_by(cls, person: User) -> sa.Select[Self]:
        """Choose those that `person` asked."""
        return sa.select(cls).where(cls.user_id == person.id)

    # Private

    def _say_as_user(self, author: User, body: str, key: str | None) -> Message:
        if not self.can_be_written_by_user():
            raise WrongState(
                "Konsultasi ini sudah ditutup dan tidak dapat dibuka kembali."
                " Silakan ajukan konsultasi lanjutan."
            )
        is_thanks = self.state is State.CLOSED and courtesy.is_only_thanks(body)
        if self.state is State.CLOSED and not is_thanks:
            self._reopen(author, restarts=self.is_answered)
        message = self._append(Message.written(Kind.MESSAGE, author, body, key))
        if self.state is State.WAITING_USER:
            self.state = State.ACTIVE
            self._stop_waiting()
            audit.record("reply", self.audit_subject, author.id)
        # Also when it went back to the queue, or an interim word was sent, meanwhile.
        if self.is_open and self.clear_at is None:
            self._start_clock()
            self._happened(Event.CLEARED, author, due_at=self._due_text())
        return message

    def _say_as_officer(
        self, author: User, body: str, key: str | None, expects_reply: bool
    ) -> Message:
        self.require_own(author)
        message = self._append(Message.written(Kind.MESSAGE, author, body, key))
        if self.answered_at is None:
            self.answered_at = message.created_at
            self.answered_due_at = self.due_at
        if expects_reply and self.is_online:
            self.state = State.WAITING_USER
            self._wait_for_user(message)
        else:
            self.state = State.ACTIVE
            self._stop_waiting()
            self._owe_notice()
        audit.record("answer", self.audit_subject, author.id, state=self.state.value)
        return message

    def _reopen(self, by: User, *, restarts: bool) -> None:
        """Open again: to its officer, or to the queue; the clock `restarts` or not.

        The deadline of the last answer stays known: `close` may need it again.
        """
        back = (
            self.officer is not None and self.officer.is_officer and self.officer.active
        )
        officer = {} if by.id == self.user_id else {"officer": by.name}
        to = State.ACTIVE if back else State.QUEUED
        self._move(to, Event.REOPENED, by, **officer)
        if not back:
            self._give_to(None)
        self.reason = self.closed_at = self.final_answer_at = None
        self.duplicate_of = None
        self.reopened_at = clock.now()
        if restarts:
            self._start_clock()

    def _give_to(self, officer: User | None) -> None:
        """Set the officer; the id too, which is otherwise known only at the flush."""
        self.officer = officer
        self.officer_id = officer.id if officer else None

    def _start_clock(self) -> None:
        self.clear_at = clock.now()
        self.due_at = deadlines.due_at(self.clear_at)
        self.due_warned_at = self.breach_told_at = self.half_told_at = None

    def _clock_now(self) -> dict[str, str | None]:
        """Note how the clock stands, for who wants to take the next step back."""
        names = ("clear_at", "due_at", "waiting_since", "warned_at")
        moments = {name: getattr(self, name) for name in names}
        return {name: at.isoformat() if at else None for name, at in moments.items()}

    def _wait_for_user(self, message: Message) -> None:
        """Start the 3-day clock of step 4, and owe the user a notice."""
        self._stop_waiting()
        self.waiting_since = message.created_at
        self._owe_notice()

    def _stop_waiting(self) -> None:
        self.waiting_since = self.warned_at = self.closing_held = None

    def _owe_notice(self) -> None:
        """Have the user mailed that somebody wrote, unless they read it before."""
        if not self.is_online or self.tell_user_at is not None:
            return
        self.tell_user_at = clock.now() + TELL_AFTER
        if self.user_told_at is not None:
            self.tell_user_at = max(self.tell_user_at, self.user_told_at + TELL_EVERY)

    def _move(self, to: State, event: Event, by: User | None, **data: Any) -> None:
        if to not in NEXT[self.state]:
            raise WrongState(refusals.why_not_closable(self, by))
        before, self.state = self.state, to
        self._happened(event, by, **data)
        audit.record(
            event.value,
            self.audit_subject,
            by.id if by else None,
            before=before.value,
            after=to.value,
        )

    def _happened(self, event: Event, by: User | None, **data: Any) -> None:
        self._append(Message.happened(event, by, **data))

    def _append(self, message: Message) -> Message:
        message.consultation_id = self.id
        db.session.add(message)
        db.session.flush()
        self.newest_id = message.id
        if message.kind is not Kind.NOTE:
            self.newest_shown_id = message.id
        return message

    def _repeat(
        self,
        key: str | None,
        kind: Kind,
        author: User,
        body: str,
        attachments: Sequence[Attachment] = (),
    ) -> tuple[Message | None, str | None]:
        """Find the entry that this repeats; else the key to store it under."""
        if key is None:
            return None, None
        stored = self._with_key(key)
        content = Message.content_of(kind, author.id, body, attachments)
        if stored is None or stored.content == content:
            return stored, key
        key = keys.with_content(key, content)
        return self._with_key(key), key

    def _with_key(self, key: str) -> Message | None:
        query = sa.select(Message).filter_by(consultation_id=self.id, key=key)
        return db.session.scalar(query)

    def require_own(self, officer: User) -> None:
        """Raise `WrongState` unless it is open and `officer` serves it."""
        if self.state is State.CLOSED:
            raise WrongState("Konsultasi ini sudah ditutup.")
        if not self.is_served_by(officer):
            raise WrongState(refusals.whose_it_is(self))

    def require_kept(self) -> None:
        """Raise `WrongState` once it is erased: nothing is written to it any more."""
        if self.is_erased:
            raise WrongState(refusals.ERASED)

    def _due_text(self) -> str | None:
        return self.due_at.isoformat() if self.due_at else None

    def _last_answer(self) -> Message | None:
        return db.session.scalar(
            sa.select(Message)
            .where(
                Message.consultation_id == self.id,
                Message.kind == Kind.MESSAGE,
                Message.author_id != self.user_id,
            )
            .order_by(Message.id.desc())
            .limit(1)
        )

    def _mail_user(self, kind: str, cause: str, **context: Any) -> None:
        if not self.user.can_be_mailed:
            return
        OutboxMail.put(
            kind,
            to=self.user.mailbox,
            cause=f"{self.number}:{cause}",
            consultation=self,
            url=link("consultations.show", number=self.number),
            **context,
        )

    @classmethod
    def _filed(
        cls,
        user: User,
        category: Category,
        subject: str,
        description: str,
        channel: Channel,
        asked_at: datetime,
        *,
        key: str | None = None,
        details: dict[str, Any] | None = None,
        previous: "Consultation | None" = None,
        minutes: int | None = None,
    ) -> Self:
        """Make the row, with a number of its year, clear from `asked_at` on."""
        year = asked_at.astimezone(settings.current().zone).year
        sequence = cls._next_sequence(year)
        consultation = cls(
            number=f"KS-{year}-{sequence:06d}",
            year=year,
            sequence=sequence,
            key=key,
            category=category,
            channel=channel,
            minutes=minutes,
            subject=subject,
            description=description,
            details=details or {},
            state=State.QUEUED,
            reason=None,
            user=user,
            officer=None,
            previous=previous,
            asked_at=asked_at,
            clear_at=asked_at,
            due_at=deadlines.due_at(asked_at),
            newest_id=0,
            newest_shown_id=0,
            reads=0,
        )
        db.session.add(consultation)
        db.session.flush()
        return consultation

    @classmethod
    def _next_sequence(cls, year: int) -> int:
        highest = sa.select(sa.func.max(cls.sequence)).where(cls.year == year)
        return (db.session.scalar(highest) or 0) + 1
