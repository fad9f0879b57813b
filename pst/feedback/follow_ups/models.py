"""Work that feedback asks for: owned, due, mailed, answered, closed; never deleted."""

from typing import Self

import sqlalchemy as sa

from pst import clock
from pst.accounts.users import User
from pst.consultations.edit_conflicts import written_since
from pst.consultations.messages import ERASED
from pst.database import db
from pst.feedback.follow_ups import files as follow_up_files
from pst.feedback.follow_ups.entries import FollowUpEntry, Step
from pst.feedback.follow_ups.progress import Cause, Progress
from pst.feedback.follow_ups.row import Rated
from pst.feedback.follow_ups.steps import NOTHING_WRITTEN, FollowUpSteps, due_at
from pst.office import settings
from pst.outbox.mail_files import MailFile
from pst.rules import NO_SUCH_OFFICER, WrongState
from pst.web.access import Role
from pst.web.formats.placeholders import unfilled
from pst.web.forms import form_keys

NOT_CLOSED = "Baca dahulu; tindak lanjut ini belum ditutup."
# What stands in braces in a text to start from, and is filled (`letters.py`).
PLACES = ("nama", "nomor", "subjek", "tindak_lanjut", "petugas")


class FollowUp(FollowUpSteps):
    """What the office does about one rating (service standard, step 7)."""

    @classmethod
    def open(
        cls, rating: Rated, cause: Cause, *, by: User | None = None, reason: str = ""
    ) -> Self:
        """Open the follow-up of `rating`; the user gets an acknowledgement at once.

        `by` is the officer who found it needed, and owns it; None for a low rating.
        """
        follow_up = cls._numbered(rating, cause, by)
        kind = "low_rating" if cause is Cause.LOW_RATING else "feedback_noted"
        mail = follow_up._mail_user(kind, "opened", **follow_up.mail_context)
        follow_up._note(Step.OPENED, by, reason, mail=mail)
        if by is None:
            follow_up._mail_office("follow_up_opened", "opened")
        return follow_up

    @classmethod
    def _numbered(cls, rating: Rated, cause: Cause, by: User | None) -> Self:
        now = clock.now()
        year = now.astimezone(settings.current().zone).year
        sequence = cls._next_sequence(year)
        follow_up = cls(
            number=f"TL-{year}-{sequence:06d}",
            year=year,
            sequence=sequence,
            rating=rating,
            cause=cause,
            progress=Progress.OPEN,
            owner=by,
            opened_by=by,
            opened_at=now,
            due_at=due_at(now),
            first_due_at=due_at(now),
            draft="",
            resolution="",
        )
        db.session.add(follow_up)
        db.session.flush()
        return follow_up

    # Verbs

    def claim(self, officer: User) -> None:
        """Assign it to `officer`. Raise `WrongState`, naming the owner it has."""
        if self.owner_id == officer.id:
            return
        if not self.can_be_claimed_by(officer):
            raise WrongState(self._why_not_claimable())
        self.owner = officer
        self._note(Step.CLAIMED, officer)

    def hand_over(self, to: User, by: User) -> None:
        """Give it to another officer."""
        self.require_own(by)
        if not (to.is_officer and to.active) or to.id == by.id:
            raise WrongState(NO_SUCH_OFFICER)
        self.owner = to
        self._note(Step.HANDED, by, to=to.name)

    def pass_on(self, to: User | None, by: User) -> None:
        """Assign it to `to`, or to no one, because its owner leaves."""
        if to is not None and not (to.is_officer and to.active):
            raise WrongState(NO_SUCH_OFFICER)
        self.owner = to
        self._note(Step.HANDED, by, to=to.name if to else None)

    def write(self, by: User, text: str) -> None:
        """Store the mail that is being written. Refuse if the user was erased."""
        self.require_own(by)
        self.consultation.require_kept()
        self.draft, self.draft_at = text, clock.now()

    def send(self, by: User, key: str) -> FollowUpEntry:
        """Send the written mail (*Kirim tindak lanjut*).

        `key` is the `draft_key` of what was previewed: the same text is sent once,
        and a text that changed since is refused. Raise `WrongState`.
        """
        if (earlier := self._with_key(key)) is not None:
            return earlier
        self.require_own(by)
        if not self.draft.strip():
            raise WrongState(NOTHING_WRITTEN)
        if places := unfilled(self.draft, PLACES):
            raise WrongState(f"Masih ada “{places[0]}” yang belum diisi.")
        if key != self.draft_key:
            raise WrongState(
                "Tulisannya berubah setelah pratinjau. Periksa lagi sebelum mengirim."
            )
        return self._send(by, key)

    def answer(self, body: str, *, key: str | None = None) -> FollowUpEntry:
        """Add what the user answers; the office owes an answer again.

        A repeat with the same `key` and words returns what is stored.
        """
        if key is not None:
            key = form_keys.with_content(key, body)
        if (earlier := self._with_key(key)) is not None:
            return earlier
        if not self.is_answerable:
            raise WrongState(
                "Tindak lanjut ini sudah selesai dan masa tanggapannya berakhir."
            )
        self._owe_again()
        entry = self._move(Progress.ANSWERED, Step.ANSWERED, self.user, body, key=key)
        self._mail_office("follow_up_answered", f"entry:{entry.id}")
        return entry

    def close(self, by: User, resolution: str, *, seen: int | None = None) -> None:
        """Close with what was done, or propose to, if a second person closes.

        Raise `WrongState`, and `Conflict` when the user wrote after the entry that
        `by` has `seen`.
        """
        self.require_own(by)
        if seen is not None and any(entry.id > seen for entry in self.of_user):
            raise written_since(self.user.name, NOT_CLOSED)
        if not self.is_mailed and self.user.can_be_mailed:
            raise WrongState("Kirim tindak lanjut kepada pengguna sebelum menutupnya.")
        self.resolution, self.resolved_by = resolution, by
        self.resolved_at = clock.now()
        if settings.current().follow_up_second_person:
            self._move(Progress.TO_CONFIRM, Step.PROPOSED, by, resolution)
            return
        self._close(by, resolution)

    def confirm(self, by: User) -> None:
        """Close what another proposed to close."""
        self._require_confirmable(by)
        self._close(by)

    def send_back(self, by: User, reason: str) -> None:
        """Return it to its owner with the `reason` why it cannot be closed yet."""
        self._require_confirmable(by)
        self._move(self._before_proposal(), Step.RETURNED, by, reason)

    def note_change(self, before: int, after: int, is_low: bool) -> None:
        """Note that the rating changed; if it `is_low`, a closed one opens again."""
        if self.is_closed and is_low:
            self._owe_again()
            self._move(
                Progress.ANSWERED,
                Step.RATING_CHANGED,
                self.user,
                before=before,
                after=after,
            )
        else:
            self._note(Step.RATING_CHANGED, self.user, before=before, after=after)

    def warn_of_deadline(self) -> None:
        """Mail the people who must act, once, that the deadline is near."""
        if self.is_owing and self.due_warned_at is None:
            self.due_warned_at = clock.now()
            self._mail_office("follow_up_due_soon", self.due_at.isoformat())

    def tell_of_breach(self) -> None:
        """Mail the people who must act, and the heads, once, that it is overdue."""
        if self.is_overdue and self.breach_told_at is None:
            self.breach_told_at = clock.now()
            heads = User.serving(Role.HEAD)
            due = self.due_at.isoformat()
            self._mail_office("follow_up_overdue", due, heads)

    def erase(self) -> None:
        """Erase every text in it; the steps and their dates stay."""
        self.draft, self.draft_at, self.resolution = "", None, ""
        follow_up_files.drop(self.id)
        for entry in self.entries:
            entry.body = ERASED if entry.body else ""
            if "files" in entry.data:  # their names are words too
                entry.data = {**entry.data, "files": [ERASED]}

    # Selections

    @classmethod
    def visible_to(cls, person: User) -> sa.Select[Self]:
        """Select what `person` may see: all for officers and heads, else none."""
        query = sa.select(cls)
        if person.role in (Role.OFFICER, Role.HEAD):
            return query
        return query.where(sa.false())

    # Private

    def _send(self, by: User, key: str) -> FollowUpEntry:
        """Mail what was written with its files, and note both."""
        mail = self._mail_user("follow_up", key, **self.draft_context)
        if mail is None:
            raise WrongState(
                "Akun pengguna sudah tidak ada, jadi email tidak terkirim."
            )
        names = []
        for file in follow_up_files.files_of(self.id):
            content = MailFile(name=file.name, type=file.type, content=file.content)
            mail.files.append(content)
            names.append(file.name)
        self.sent_at = clock.now()
        self.first_sent_at = self.first_sent_at or self.sent_at
        entry = self._move(Progress.SENT, Step.SENT, by, self.draft, key=key, mail=mail)
        if names:
            entry.data = {"files": names}
        self.draft, self.draft_at = "", None
        follow_up_files.drop(self.id)
        return entry

    def _close(self, by: User, resolution: str = "") -> None:
        self._move(Progress.CLOSED, Step.CLOSED, by, resolution)
        self.closed_at, self.closed_by = clock.now(), by

    @classmethod
    def _next_sequence(cls, year: int) -> int:
        highest = sa.select(sa.func.max(cls.sequence)).where(cls.year == year)
        return (db.session.scalar(highest) or 0) + 1
