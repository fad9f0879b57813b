"""The conversation: messages, answers, read marks and internal notes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pst.accounts.users import User
from pst.consultations.attached_files.attachments import Attachment
from pst.consultations.conversation import quoting
from pst.consultations.conversation.read_marks import ReadMark
from pst.consultations.edit_conflicts import UNSENT, require_seen
from pst.consultations.messages import Event, Kind, Message
from pst.consultations.states import Next, Reason, State
from pst.consultations.verbs.correcting import Correcting
from pst.consultations.verbs.ending import UnpublishedData
from pst.database import db
from pst.office import audit
from pst.push.notices import NoticeKind as PushKind
from pst.push.notices import PushNotice
from pst.rules import WrongState


class Talking(Correcting):
    """A consultation in which the user and the officers write and read."""

    __abstract__ = True

    def say(
        self,
        author: User,
        body: str,
        *,
        key: str | None = None,
        then: Next = Next.USER,
        seen: int | None = None,
        attachments: Sequence[Attachment] = (),
        by_link: bool = False,
        quoted: int | None = None,
    ) -> Message:
        """Add a message by the user or by the officer who serves them.

        A repeat with the same `key` and content returns the stored message and changes
        nothing. An officer's message ends what is owed, unless it is theirs to act
        `then`; a user's reply reopens a closed consultation. `by_link` is a reply
        without a log-in, `quoted` the message that it answers.
        Raises `WrongState`, and `Conflict` when others wrote after the entry `seen`.
        """
        earlier, key = self._repeat(key, Kind.MESSAGE, author, body, attachments)
        if earlier is not None:
            return earlier
        require_seen(self.id, author, seen, UNSENT)
        if author.id == self.user_id:
            message = self._say_as_user(author, body, key, by_link)
        else:
            message = self._say_as_officer(author, body, key, then)
        self._note_sent(message, author, attachments, by_link, quoted)
        return message

    def note_unpublished(self, answer: Message, lacking: UnpublishedData) -> None:
        """Note that what was asked for is not published, which the report counts."""
        answer.data = {**answer.data, **lacking.data}

    def note_answer(
        self,
        officer: User,
        answer: str,
        answered_at: datetime | None = None,
        *,
        closes: bool,
        flagged: bool = False,
    ) -> Message:
        """Write down the answer given at `answered_at`, or else during the visit."""
        self.claim(officer)
        message = self.say(officer, answer, then=Next.DONE)
        talk_over = self.asked_at + timedelta(minutes=self.minutes or 0)
        message.created_at = self.turn.ended_at = answered_at or talk_over
        self.claimed_at = answered_at or self.asked_at
        self.mark(message, officer, final=closes, flagged=flagged)
        if closes:
            self.close(Reason.RESOLVED, by=officer)
        return message

    def read(self, reader: User, upto: int) -> None:
        """Note how far `reader` has read, for the other side to see."""
        if ReadMark.advance(self.id, reader, min(upto, self.newest_id)):
            self._set_polled(reads=self.reads + 1)
        if self.tell_user_at and reader.id == self.user_id:
            answer = self.last_from_office()
            if answer is None or upto >= answer.id:
                self.tell_user_at = None

    def note(self, author: User, body: str, *, key: str | None = None) -> Message:
        """Add a note that only officers see. Raises `WrongState` once it is erased."""
        earlier, key = self._repeat(key, Kind.NOTE, author, body)
        if earlier is not None:
            return earlier
        self.require_kept()
        return self._append(Message.written(self.id, Kind.NOTE, author, body, key))

    def mark(
        self,
        message: Message,
        by: User,
        *,
        final: bool | None = None,
        flagged: bool | None = None,
    ) -> None:
        """Mark as *Jawaban final* or *Tandai untuk indeks*, or take the mark away."""
        if final is not None:
            message.is_final = final
        if flagged is not None:
            message.is_flagged = flagged
        audit.record(
            "mark_message",
            self.audit_subject,
            by.id,
            message=message.id,
            final=message.is_final,
            flagged=message.is_flagged,
        )

    def record_reading(self, reader: User) -> None:
        """Audit that an officer or the head reads what they do not serve or own."""
        is_own = self.is_served_by(reader) or self.user_id == reader.id
        if reader.is_staff and not is_own:
            audit.record_reading(self.audit_subject, reader.id)

    # Private

    def _note_sent(
        self,
        message: Message,
        author: User,
        attachments: Sequence[Attachment],
        by_link: bool,
        quoted: int | None,
    ) -> None:
        """Add the quote and files to a message, and how it came."""
        if source := quoting.find(self.id, quoted):
            message.data = {"quote": quoting.quote_of(source, self.user_id)}
        for attachment in attachments:
            attachment.go_with(message.id)
        if by_link:
            message.data = {**message.data, "by_link": True}
        if self.tell_user_at and author.id == self.user_id:
            self.tell_user_at = None

    def _say_as_user(
        self, author: User, body: str, key: str | None, by_link: bool
    ) -> Message:
        if not self.can_be_written_by_user:
            raise WrongState(
                "Konsultasi ini sudah ditutup dan tidak dapat dibuka kembali."
                " Silakan ajukan konsultasi lanjutan."
            )
        is_thanks = self._is_thanks(body)
        if self.state is State.CLOSED and not is_thanks:
            self._reopen(author)
        message = Message.written(self.id, Kind.MESSAGE, author, body, key)
        # A reply by link proves that the mail came, not that the answer was read.
        self._append(message, reader=None if by_link else author)
        if self.state is State.WAITING_USER and not is_thanks:
            self._move(State.ACTIVE, None, author)
            self._stop_waiting()
            audit.record("reply", self.audit_subject, author.id)
        with db.session.no_autoflush:  # It is written once, at the end.
            is_cleared = self._hear_user(message.created_at, is_thanks=is_thanks)
        if is_cleared:  # Also when it has gone back to the queue.
            self._happened(Event.CLEARED, author, due_at=self._due_text())
        return message

    def _say_as_officer(
        self, author: User, body: str, key: str | None, then: Next
    ) -> Message:
        self.require_own(author)
        message = Message.written(self.id, Kind.MESSAGE, author, body, key)
        self._append(message, reader=author)
        self._hear_officer(message.created_at, author, then)
        # A question that stands is waited for, also after interim words.
        is_waiting = then is not Next.OFFICER or self._is_question_standing
        if is_waiting and self.is_online:
            self._move(State.WAITING_USER, None, author)
            self._wait_for_user(message)
        else:
            self._move(State.ACTIVE, None, author)
            self._stop_waiting()
            self._plan_notice()
        if then is not Next.OFFICER:
            here = f"/konsultasi/{self.number}"
            PushNotice.put(self.user, PushKind.ANSWER, here)
        audit.record("answer", self.audit_subject, author.id, state=self.state.value)
        return message
