"""Work that feedback asks for: owned, due, mailed, answered, closed; never deleted."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock, keys
from pst.access import Role
from pst.accounts.models import User
from pst.consultations import links
from pst.consultations.messages import ERASED
from pst.consultations.models import Consultation
from pst.consultations.overtaking import Overtaken
from pst.database import db
from pst.errors import WrongState
from pst.feedback import notices
from pst.feedback.entries import FollowUpEntry, Step
from pst.feedback.progress import NEXT, OWING, Cause, Progress
from pst.fields import unfilled
from pst.office import audit, days_off, settings
from pst.outbox.models import OutboxMail
from pst.pages import link

if TYPE_CHECKING:
    from pst.feedback.models import Rating

NOT_CLOSED = "Baca dahulu; tindak lanjut ini belum ditutup."
# What stands in braces in a text to start from, and is filled (`letters.py`).
PLACES = ("nama", "nomor", "subjek", "tindak_lanjut", "petugas")


class FollowUp(db.Model):
    """What the office does about one rating (service standard, step 7)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(20), unique=True)
    year: Mapped[int]
    sequence: Mapped[int]
    rating_id: Mapped[int] = mapped_column(sa.ForeignKey("rating.id"), unique=True)
    cause: Mapped[Cause]
    progress: Mapped[Progress]
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    opened_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    opened_at: Mapped[datetime] = mapped_column(index=True)
    due_at: Mapped[datetime]
    # The deadline that was in force when it was opened, and the first mail.
    first_due_at: Mapped[datetime]
    first_sent_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    due_warned_at: Mapped[datetime | None]
    breach_told_at: Mapped[datetime | None]
    # The mail being written; kept until it is sent.
    draft: Mapped[str] = mapped_column(sa.Text)
    draft_at: Mapped[datetime | None]
    # What was done, in the words of who proposed to close it.
    resolution: Mapped[str] = mapped_column(sa.Text)
    resolved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    resolved_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    closed_at: Mapped[datetime | None]

    rating: Mapped["Rating"] = relationship(back_populates="follow_up")
    owner: Mapped[User | None] = relationship(foreign_keys=owner_id)
    opened_by: Mapped[User | None] = relationship(foreign_keys=opened_by_id)
    resolved_by: Mapped[User | None] = relationship(foreign_keys=resolved_by_id)
    closed_by: Mapped[User | None] = relationship(foreign_keys=closed_by_id)
    entries: Mapped[list[FollowUpEntry]] = relationship(
        back_populates="follow_up", order_by=FollowUpEntry.id
    )

    __table_args__ = (
        sa.UniqueConstraint("year", "sequence"),
        sa.Index("ix_follow_up_progress_due_at", "progress", "due_at"),
    )

    @classmethod
    def open(
        cls, rating: "Rating", cause: Cause, *, by: User | None = None, reason: str = ""
    ) -> Self:
        """Open the follow-up of `rating`; the user gets an acknowledgement at once.

        `by` is the officer who found it needed, and owns it; None for a low rating.
        """
        now = clock.now()
        year = now.astimezone(settings.current().zone).year
        sequence = cls._next_sequence(year)
        due_at = _due_at(now)
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
            due_at=due_at,
            first_due_at=due_at,
            draft="",
            resolution="",
        )
        db.session.add(follow_up)
        db.session.flush()
        kind = "low_rating" if cause is Cause.LOW_RATING else "feedback_noted"
        mail = notices.mail_user(follow_up, kind, "opened")
        follow_up._note(Step.OPENED, by, reason, mail=mail)
        if by is None:
            notices.mail_office(follow_up, "follow_up_opened", "opened")
        return follow_up

    # Verbs

    def claim(self, officer: User) -> None:
        """Take it on. Raises `WrongState`, naming who has it, for the second one."""
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
            raise WrongState("Pilih petugas lain yang aktif.")
        self.owner = to
        self._note(Step.HANDED, by, to=to.name)

    def pass_on(self, to: User | None, by: User) -> None:
        """Give it to `to`, or to whoever takes it, because its owner leaves."""
        if to is not None and not (to.is_officer and to.active):
            raise WrongState("Pilih petugas lain yang aktif.")
        self.owner = to
        self._note(Step.HANDED, by, to=to.name if to else None)

    def write(self, by: User, text: str) -> None:
        """Keep the mail that is being written; none to who was erased."""
        self.require_own(by)
        self.consultation.require_kept()
        self.draft, self.draft_at = text, clock.now()

    def send(self, by: User, key: str) -> FollowUpEntry:
        """Send the written mail (*Kirim tindak lanjut*).

        `key` is the `draft_key` of what was previewed: sending it twice is once, and
        a text that was changed meanwhile is not sent. Raises `WrongState`.
        """
        if (sent := self._with_key(key)) is not None:
            return sent
        self.require_own(by)
        if not self.draft.strip():
            raise WrongState("Tulis email tindak lanjut dahulu.")
        if places := unfilled(self.draft, PLACES):
            raise WrongState(f"Masih ada “{places[0]}” yang belum diisi.")
        if key != self.draft_key:
            raise WrongState(
                "Tulisannya berubah setelah pratinjau. Periksa lagi sebelum mengirim."
            )
        now = clock.now()
        mail = notices.mail_user(self, "follow_up", key, **notices.text_context(self))
        if mail is None:
            raise WrongState(
                "Akun pengguna sudah tidak ada, jadi email tidak terkirim."
            )
        self.sent_at = now
        self.first_sent_at = self.first_sent_at or now
        entry = self._move(Progress.SENT, Step.SENT, by, self.draft, key=key, mail=mail)
        self.draft, self.draft_at = "", None
        return entry

    def answer(self, body: str, *, key: str | None = None) -> FollowUpEntry:
        """Add what the user says to it; the office owes an answer again.

        A repeat with the same `key` and words finds what is stored.
        """
        if key is not None:
            key = keys.with_content(key, body)
        if (stored := self._with_key(key)) is not None:
            return stored
        if not self.can_be_answered():
            raise WrongState(
                "Tindak lanjut ini sudah selesai dan masa tanggapannya berakhir."
            )
        self._owe_again()
        entry = self._move(Progress.ANSWERED, Step.ANSWERED, self.user, body, key=key)
        notices.mail_office(self, "follow_up_answered", f"entry:{entry.id}")
        return entry

    def close(self, by: User, resolution: str, *, seen: int | None = None) -> None:
        """Say what was done, and close; or propose to, if a second person closes.

        Raises `WrongState`, and `Overtaken` when the user wrote after the entry that
        `by` has `seen`.
        """
        self.require_own(by)
        if seen is not None and any(entry.id > seen for entry in self.of_user):
            raise Overtaken.by(self.user.name, NOT_CLOSED)
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
        """Say why it cannot be closed yet."""
        self._require_confirmable(by)
        self._move(self._before_proposal(), Step.RETURNED, by, reason)

    def note_change(self, before: int, after: int) -> None:
        """Note that the rating was changed; still low, a closed one opens again."""
        if self.is_closed and self.rating.is_low:
            self._owe_again()
            self._move(
                *(Progress.ANSWERED, Step.RATING_CHANGED, self.user),
                before=before,
                after=after,
            )
        else:
            self._note(Step.RATING_CHANGED, self.user, before=before, after=after)

    def warn_of_deadline(self) -> None:
        """Mail who must act, once, that the deadline is near."""
        if self.is_owing and self.due_warned_at is None:
            self.due_warned_at = clock.now()
            notices.mail_office(self, "follow_up_due_soon", self.due_at.isoformat())

    def tell_of_breach(self) -> None:
        """Mail who must act, and the head, once, that the deadline is past."""
        if self.is_overdue() and self.breach_told_at is None:
            self.breach_told_at = clock.now()
            heads = User.serving(Role.HEAD)
            due = self.due_at.isoformat()
            notices.mail_office(self, "follow_up_overdue", due, heads)

    def erase(self) -> None:
        """Forget every word written in it; that it was done stays."""
        self.draft, self.draft_at, self.resolution = "", None, ""
        for entry in self.entries:
            entry.body = ERASED if entry.body else ""

    # Questions

    @property
    def consultation(self) -> Consultation:
        return self.rating.consultation

    @property
    def user(self) -> User:
        return self.rating.consultation.user

    @property
    def letters(self) -> list[FollowUpEntry]:
        """What the office and the user wrote to each other."""
        return [entry for entry in self.entries if entry.is_letter]

    @property
    def of_user(self) -> list[FollowUpEntry]:
        """What the user answered, or changed in the rating."""
        return [entry for entry in self.entries if entry.is_of_user]

    @property
    def newest_id(self) -> int:
        return max((entry.id for entry in self.entries), default=0)

    @property
    def draft_key(self) -> str:
        """Name the text being written as it is now."""
        return self.draft_at.isoformat() if self.draft_at else ""

    @property
    def is_closed(self) -> bool:
        return self.progress is Progress.CLOSED

    @property
    def is_to_confirm(self) -> bool:
        return self.progress is Progress.TO_CONFIRM

    @property
    def is_owing(self) -> bool:
        """Say whether the office owes the user something."""
        return self.progress in OWING

    @property
    def is_mailed(self) -> bool:
        return self.first_sent_at is not None

    def is_overdue(self) -> bool:
        return self.is_owing and clock.now() > self.due_at

    def is_owned_by(self, person: User) -> bool:
        return self.owner_id is not None and self.owner_id == person.id

    def can_be_claimed_by(self, person: User) -> bool:
        is_free = self.owner is None or not (
            self.owner.active and self.owner.is_officer
        )
        return person.is_officer and is_free and not self.is_closed

    def can_be_worked_by(self, person: User) -> bool:
        return self.is_owned_by(person) and not self.is_closed

    def can_be_confirmed_by(self, person: User) -> bool:
        """Say whether `person` is the second one, of the team, who may close it."""
        is_of_team = person.role in (Role.OFFICER, Role.HEAD)
        return self.is_to_confirm and is_of_team and person.id != self.resolved_by_id

    def can_be_answered(self) -> bool:
        """Say whether the user's answer is taken: also for a while after closing."""
        if self.consultation.is_erased:
            return False
        return self.closed_at is None or clock.now() <= self.answerable_until

    @property
    def answerable_until(self) -> datetime:
        since = max(filter(None, (self.opened_at, self.sent_at, self.closed_at)))
        return since + timedelta(days=settings.current().follow_up_answer_days)

    @property
    def answer_url(self) -> str:
        """The whole address where the user answers, without logging in."""
        return link("feedback.answer", token=links.sign("follow_up", self.number))

    @property
    def audit_subject(self) -> str:
        return f"follow_up:{self.number}"

    # Selections

    @classmethod
    def visible_to(cls, person: User) -> sa.Select[Self]:
        """Choose what `person` may know of: officers and the head all, nobody else."""
        chosen = sa.select(cls)
        if person.role in (Role.OFFICER, Role.HEAD):
            return chosen
        return chosen.where(sa.false())

    # Private

    def _owe_again(self) -> None:
        """Let the deadline count anew, unless the office owes something already."""
        now = self.answered_at = clock.now()
        if not self.is_owing:
            self.due_at = _due_at(now)
            self.due_warned_at = self.breach_told_at = None
        self.closed_at = self.closed_by = None

    def _close(self, by: User, resolution: str = "") -> None:
        self._move(Progress.CLOSED, Step.CLOSED, by, resolution)
        self.closed_at, self.closed_by = clock.now(), by

    def _before_proposal(self) -> Progress:
        if self.sent_at is None:
            return Progress.OPEN
        if self.answered_at is not None and self.answered_at > self.sent_at:
            return Progress.ANSWERED
        return Progress.SENT

    def _move(
        self,
        to: Progress,
        step: Step,
        by: User | None,
        body: str = "",
        *,
        key: str | None = None,
        mail: OutboxMail | None = None,
        **data: Any,
    ) -> FollowUpEntry:
        if to not in NEXT[self.progress]:
            raise WrongState(
                "Tindakan ini tidak dapat dilakukan pada keadaannya sekarang."
            )
        self.progress = to
        return self._note(step, by, body, key=key, mail=mail, **data)

    def _note(
        self,
        step: Step,
        by: User | None,
        body: str = "",
        *,
        key: str | None = None,
        mail: OutboxMail | None = None,
        **data: Any,
    ) -> FollowUpEntry:
        entry = FollowUpEntry(
            follow_up_id=self.id,
            step=step,
            author=by,
            body=body,
            data=data,
            key=key,
            mail=mail,
            created_at=clock.now(),
        )
        db.session.add(entry)
        db.session.flush()
        audit.record(
            f"follow_up_{step.value}",
            self.audit_subject,
            by.id if by else None,
            progress=self.progress.value,
        )
        return entry

    def require_own(self, officer: User) -> None:
        """Raise `WrongState` unless `officer` works on it."""
        if self.is_closed:
            raise WrongState("Tindak lanjut ini sudah ditutup.")
        if not self.is_owned_by(officer):
            raise WrongState(self._why_not_claimable())

    def _require_confirmable(self, by: User) -> None:
        if not self.is_to_confirm:
            raise WrongState("Tindak lanjut ini tidak sedang menunggu pengesahan.")
        if not self.can_be_confirmed_by(by):
            raise WrongState("Penutupan disahkan oleh orang lain, bukan pengusulnya.")

    def _why_not_claimable(self) -> str:
        if self.is_closed:
            return "Tindak lanjut ini sudah ditutup."
        if self.owner is None:
            return "Ambil tindak lanjut ini dahulu."
        return f"Tindak lanjut ini ditangani {self.owner.name}."

    def _with_key(self, key: str | None) -> FollowUpEntry | None:
        if key is None:
            return None
        return db.session.scalar(
            sa.select(FollowUpEntry).filter_by(follow_up_id=self.id, key=key)
        )

    @classmethod
    def _next_sequence(cls, year: int) -> int:
        highest = sa.select(sa.func.max(cls.sequence)).where(cls.year == year)
        return (db.session.scalar(highest) or 0) + 1


def _due_at(since: datetime) -> datetime:
    """Tell when the office must have acted: the end of the third working day after."""
    return days_off.calendar().due_at(since, settings.current().follow_up_workdays)
