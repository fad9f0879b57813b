"""A report on a period: drafted, written, frozen when sent, approved or returned."""

import hashlib
import json
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock
from pst.access import Role
from pst.accounts.users import User
from pst.database import db
from pst.errors import WrongState
from pst.office import audit
from pst.outbox.models import Attached, OutboxMail
from pst.pages import link
from pst.reports.periods import Period, is_over


class State(StrEnum):
    """Where a report stands."""

    DRAFT = "draft"
    DISCARDED = "discarded"
    SENT = "sent"
    RETURNED = "returned"
    APPROVED = "approved"


NEXT = {
    State.DRAFT: {State.SENT, State.DISCARDED},
    State.SENT: {State.RETURNED, State.APPROVED},
    # What the head has seen never changes: a returned report gets a new version.
    State.RETURNED: set(),
    State.APPROVED: set(),
    State.DISCARDED: set(),
}
# The sections whose words a report is not sent without.
NEEDED = ("summary", "conclusion")
KNOWN_TO_ALL = (State.SENT, State.RETURNED, State.APPROVED)


class Report(db.Model):
    """One version of the analysis of a period (service standard, steps 8 and 9)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    first_on: Mapped[date]
    last_on: Mapped[date]
    version: Mapped[int]
    previous_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("report.id"), unique=True
    )
    state: Mapped[State]
    # None: the clock drafted it, and no officer has taken it yet.
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    number: Mapped[str] = mapped_column(sa.String(100))
    words: Mapped[dict[str, Any]]
    # The headline figures that the officer saw when writing, by key, as written.
    written_figures: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    comment: Mapped[str] = mapped_column(sa.Text)
    # What was sent: figures, words and letter, and the hash of all of it.
    frozen: Mapped[dict[str, Any] | None] = mapped_column(
        sa.JSON(none_as_null=True), deferred=True
    )
    fingerprint: Mapped[str | None] = mapped_column(sa.String(64))
    pdf: Mapped[bytes | None] = mapped_column(deferred=True)
    # The anonymised rows as CSV; None also of what was sent before they were kept.
    rows: Mapped[bytes | None] = mapped_column(deferred=True)

    author: Mapped[User | None] = relationship(foreign_keys=author_id)
    decided_by: Mapped[User | None] = relationship(foreign_keys=decided_by_id)
    previous: Mapped["Report | None"] = relationship(remote_side=id)

    __table_args__ = (sa.Index("ix_report_period", "first_on", "last_on"),)

    # Makers

    @classmethod
    def draft(cls, period: Period, by: User | None) -> Self:
        """Start a report on `period`; `by` None is the clock.

        An officer who has a draft of the period gets that one; else they take the
        clock's, when nobody has yet.
        """
        if (own := cls.draft_of(period, by)) is not None:
            return own
        untaken = cls.draft_of(period, None)
        if untaken is not None and by is not None:
            untaken.take(by)
            return untaken
        return cls._make(period, by, version=cls._next_version(period))

    @classmethod
    def _make(cls, period: Period, by: User | None, **given: Any) -> Self:
        now = clock.now()
        values: dict[str, Any] = {"number": "", "words": {}, **given}
        report = cls(
            first_on=period.first,
            last_on=period.last,
            state=State.DRAFT,
            author=by,
            created_at=now,
            edited_at=now,
            comment="",
            frozen=None,
            fingerprint=None,
            pdf=None,
            rows=None,
            **values,
        )
        db.session.add(report)
        db.session.flush()
        report._record("draft_report", by, period=period.text)
        return report

    # Verbs

    def take(self, by: User) -> None:
        """Have `by` write the report that the clock drafted."""
        if self.author is not None and self.author.id == by.id:
            return
        if self.state is not State.DRAFT or self.author is not None:
            name = self.author.name if self.author else "petugas lain"
            raise WrongState(f"Laporan ini sudah disusun oleh {name}.")
        self.author = by
        self._record("take_report", by)

    def write(
        self,
        by: User,
        number: str,
        words: dict[str, Any],
        figures: dict[str, str] | None = None,
    ) -> None:
        """Store the officer's words; a JSON value is replaced, never changed.

        `figures` are the headline figures that stood above the words.
        """
        self._require_draft_of(by)
        if figures and figures != self.written_figures:
            self.written_figures = figures
        if (number, words) != (self.number, self.words):
            self.number, self.words = number, words
            self.edited_at = clock.now()

    def send(
        self,
        by: User,
        frozen: dict[str, Any],
        pdf: bytes,
        rows: bytes,
        edited_at: datetime,
    ) -> None:
        """Send to the heads; from now on neither words nor figures nor rows change.

        `frozen`, `pdf` and `rows` were made, outside the transaction, of the words as
        edited last at `edited_at`; raises `WrongState` when they have changed since.
        """
        self._require_draft_of(by)
        if self.missing:
            raise WrongState("Tulis ringkasan dan simpulan dahulu, lalu kirim.")
        if self.edited_at != edited_at:
            raise WrongState(
                "Laporan baru saja diubah di jendela lain. Periksa pratinjau, lalu"
                " kirim lagi."
            )
        heads = User.serving(Role.HEAD)
        if not heads:
            raise WrongState("Belum ada akun Ketua Tim yang aktif. Hubungi Admin TI.")
        self.frozen, self.pdf, self.rows = frozen, pdf, rows
        self.fingerprint = fingerprint(frozen)
        self.sent_at = clock.now()
        files = {"pdf": pdf, "rows": rows}
        digests = {name: hashlib.sha256(it).hexdigest() for name, it in files.items()}
        self._move(State.SENT, by, fingerprint=self.fingerprint, **digests)
        attached = Attached(f"{self.file_name}.pdf", "application/pdf", pdf)
        for head in heads:
            self._mail(
                *("report_sent", head, "head_show"),
                attached=attached,
                figures=frozen["figures"],
                is_early=not is_over(self.period, self.sent_at),
            )

    def approve(self, by: User) -> None:
        """Accept the report (*Setujui*), if it is still what was sent."""
        if self.frozen is not None and not self.is_intact():
            raise WrongState(
                "Isi laporan ini tidak cocok lagi dengan sidiknya. Jangan disetujui;"
                " hubungi Admin TI."
            )
        self._decide(State.APPROVED, by)
        self._tell_author("report_approved")

    def hand_back(self, by: User, comment: str) -> None:
        """Return the report with what should be better (*Kembalikan*)."""
        self._decide(State.RETURNED, by)
        self.comment = comment
        self._tell_author("report_returned")

    def revise(self, by: User) -> "Report":
        """Start the next version of a returned report; this one stays as it was."""
        if self.state is not State.RETURNED:
            raise WrongState("Hanya laporan yang dikembalikan yang dapat diperbaiki.")
        newer = db.session.scalar(sa.select(Report).filter_by(previous_id=self.id))
        if newer is not None and newer.state is State.DISCARDED:
            # One version follows another: a draft put away leaves its place.
            newer.previous, newer = None, None
            db.session.flush()
        if newer is not None and newer.author_id == by.id:
            return newer
        if newer is not None:
            raise WrongState("Versi baru laporan ini sudah disusun petugas lain.")
        return Report._make(
            self.period,
            by,
            version=Report._next_version(self.period),
            previous=self,
            number=self.number,
            words=self.words,
        )

    def discard(self, by: User) -> None:
        """Put a draft away (*Hapus draf*); the row stays, so the clock sees it."""
        self._require_draft_of(by)
        self._move(State.DISCARDED, by)

    # Questions

    @property
    def period(self) -> Period:
        return Period(self.first_on, self.last_on)

    @property
    def missing(self) -> list[str]:
        """Name the words without which it cannot be sent."""
        return [key for key in NEEDED if not self.words.get(key)]

    @property
    def is_draft(self) -> bool:
        return self.state is State.DRAFT

    @property
    def is_returned(self) -> bool:
        return self.state is State.RETURNED

    @property
    def file_name(self) -> str:
        """What a file of it is called, without the ending."""
        span = f"{self.first_on:%Y%m%d}-{self.last_on:%Y%m%d}"
        return f"laporan-{self.period.code or span}-v{self.version}"

    def is_intact(self) -> bool:
        """Say whether what was sent is still what the hash was made of."""
        return self.frozen is not None and fingerprint(self.frozen) == self.fingerprint

    def can_be_taken_by(self, person: User) -> bool:
        return self.is_draft and self.author_id is None and person.is_officer

    def can_be_written_by(self, person: User) -> bool:
        return self.is_draft and self.author_id == person.id

    def can_be_sent_by(self, person: User) -> bool:
        return self.can_be_written_by(person) and not self.missing

    def can_be_decided_by(self, person: User) -> bool:
        return self._waits_for(person) and self.author_id != person.id

    def must_be_decided_by_another(self, person: User) -> bool:
        """Say whether `person`, a head by now, wrote it as an officer."""
        return self._waits_for(person) and self.author_id == person.id

    def can_be_revised_by(self, person: User) -> bool:
        return self.is_returned and person.is_officer

    # Selections

    @classmethod
    def exists(cls, period: Period) -> bool:
        """Say whether anybody, or the clock, ever drafted a report on `period`."""
        return db.session.scalar(cls._on(period).limit(1)) is not None

    @classmethod
    def draft_of(cls, period: Period, person: User | None) -> Self | None:
        """Find the draft of `period` that `person` writes; None: that nobody took."""
        query = cls._on(period).filter_by(
            state=State.DRAFT, author_id=person.id if person else None
        )
        return db.session.scalar(query.order_by(cls.id.desc()).limit(1))

    @classmethod
    def others_on(cls, period: Period, but: Self | None = None) -> list[Self]:
        """List what officers are writing, or have sent, on `period`.

        Not `but` and the version that follows it, nor what a newer version replaced.
        """
        replaced = sa.select(cls.previous_id).where(cls.previous_id.is_not(None))
        query = cls._on(period).where(
            cls.state != State.DISCARDED,
            cls.author_id.is_not(None),
            cls.id.not_in(replaced),
        )
        if but is not None:
            query = query.where(
                cls.id != but.id, cls.previous_id.is_distinct_from(but.id)
            )
        return list(db.session.scalars(query.order_by(cls.id)))

    @classmethod
    def visible_to(cls, person: User) -> sa.Select[Self]:
        """Choose what `person` may know of; a draft is its author's alone."""
        known: sa.ColumnElement[bool] = cls.state.in_(KNOWN_TO_ALL)
        if person.is_officer:
            mine = sa.or_(cls.author_id == person.id, cls.author_id.is_(None))
            known = sa.or_(known, sa.and_(cls.state == State.DRAFT, mine))
        elif not person.is_head:
            known = sa.false()
        return sa.select(cls).where(known)

    # Private

    @classmethod
    def _on(cls, period: Period) -> sa.Select[Self]:
        return sa.select(cls).filter_by(first_on=period.first, last_on=period.last)

    @classmethod
    def _next_version(cls, period: Period) -> int:
        """Number the versions of a period through, whoever writes them."""
        known = cls._on(period).where(cls.state != State.DISCARDED).subquery()
        return (db.session.scalar(sa.select(sa.func.max(known.c.version))) or 0) + 1

    def _waits_for(self, person: User) -> bool:
        return self.state is State.SENT and person.is_head

    def _require_draft_of(self, person: User) -> None:
        if self.state is not State.DRAFT:
            raise WrongState("Laporan ini sudah dikirim dan tidak dapat diubah lagi.")
        if self.author_id != person.id:
            raise WrongState("Ambil laporan ini dahulu sebelum menyusunnya.")

    def _decide(self, to: State, by: User) -> None:
        if not by.is_head:
            raise WrongState("Hanya Ketua Tim yang memutuskan laporan.")
        if self.author_id == by.id:
            raise WrongState(
                "Laporan ini Anda susun sendiri. Ketua Tim lain yang memutuskannya."
            )
        self._move(to, by)
        self.decided_by, self.decided_at = by, clock.now()

    def _move(self, to: State, by: User, **detail: Any) -> None:
        if to not in NEXT[self.state]:
            raise WrongState(
                f"Laporan ini sudah diputuskan oleh {self.decided_by.name}."
                if self.decided_by
                else "Keadaan laporan ini sudah berubah. Muat ulang halaman."
            )
        before, self.state = self.state, to
        self._record(f"report_{to.value}", by, before=before.value, **detail)

    def _record(self, action: str, by: User | None, **detail: Any) -> None:
        audit.record(action, f"report:{self.id}", by.id if by else None, **detail)

    def _tell_author(self, kind: str) -> None:
        if self.author is not None:
            page = "head_show" if self.author.is_head else "show"
            self._mail(kind, self.author, page)

    def _mail(self, kind: str, to: User, page: str, **context: Any) -> None:
        OutboxMail.put(
            kind,
            to=to.mailbox,
            cause=f"report:{self.id}:{to.id}",
            report=self,
            url=link(f"reports.{page}", id=self.id),
            **context,
        )


def fingerprint(frozen: dict[str, Any]) -> str:
    """Hash what was sent, written in one way only."""
    text = json.dumps(frozen, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
