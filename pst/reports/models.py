"""A report on a period: drafted, written, frozen when sent, approved or returned."""

from datetime import datetime
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship

from pst import clock
from pst.accounts.users import User
from pst.database import db
from pst.outbox.mail_files import Enclosure
from pst.reports.letter.approvals import Approval
from pst.reports.periods import Period
from pst.reports.report_row import ReportRow, digest, fingerprint
from pst.reports.states import KNOWN_TO_ALL, ReportState
from pst.rules import WrongState
from pst.web.access import Role


class Report(ReportRow):
    """One version of the analysis of a period (service standard, steps 8 and 9)."""

    previous: Mapped["Report | None"] = relationship(remote_side="Report.id")

    # Makers

    @classmethod
    def draft(cls, period: Period, by: User | None) -> Self:
        """Start a report on `period`; `by` is None for the monthly draft.

        An officer who has a draft of the period gets that one; else they take the one
        that was drafted automatically, if it has no author yet.
        """
        if (own := cls.draft_of(period, by)) is not None:
            return own
        untaken = cls.draft_of(period, None)
        if untaken is not None and by is not None:
            untaken.take(by)
            return untaken
        return cls._make(period, by, version=cls._next_version(period))

    @classmethod
    def _make(cls, period: Period, by: User | None, **others: Any) -> Self:
        now = clock.now()
        values: dict[str, Any] = {"number": "", "words": {}, **others}
        report = cls(
            first_on=period.first,
            last_on=period.last,
            state=ReportState.DRAFT,
            author=by,
            created_at=now,
            edited_at=now,
            comment="",
            frozen=None,
            fingerprint=None,
            pdf=None,
            rows=None,
            approval_values=None,
            seal=None,
            signed_pdf=None,
            signed_sha256=None,
            **values,
        )
        db.session.add(report)
        db.session.flush()
        report._record("draft_report", by, period=period.text)
        return report

    # Verbs

    def take(self, by: User) -> None:
        """Make `by` the author of a report that was drafted automatically."""
        if self.author is not None and self.author.id == by.id:
            return
        if self.state is not ReportState.DRAFT or self.author is not None:
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

        `frozen`, `pdf` and `rows` were made before the transaction from the words as
        edited last at `edited_at`. Raise `WrongState` when these changed since.
        """
        heads = self._require_sendable(by, edited_at)
        self.frozen, self.pdf, self.rows = frozen, pdf, rows
        self.fingerprint = fingerprint(frozen)
        self.sent_at = clock.now()
        files = {"pdf": pdf, "rows": rows}
        digests = {name: digest(content) for name, content in files.items()}
        self._move(ReportState.SENT, by, fingerprint=self.fingerprint, **digests)
        for head in heads:
            self._mail_head(head, frozen["figures"], pdf, self.sent_at)

    def approve(self, by: User, approval: Approval, pdf: bytes) -> None:
        """Accept the report (*Setujui*), if it is still what was sent.

        `pdf` is the letter with the mark of the approval, set before the transaction;
        the letter that was sent stays next to it.
        """
        if self.frozen is not None and not self.is_intact:
            raise WrongState(
                "Isi laporan ini tidak cocok lagi dengan sidiknya. Jangan disetujui;"
                " hubungi Admin TI."
            )
        self._decide(ReportState.APPROVED, by)
        self.number, self.decided_at = approval.number, approval.moment
        self.approval_values = approval.values
        self.seal = approval.seal(self.fingerprint or "")
        self.signed_pdf, self.signed_sha256 = pdf, digest(pdf)
        hashes = {"seal": self.seal, "pdf": self.signed_sha256}
        self._record("seal_report", by, number=self.number, **hashes)
        name = f"{self.file_name}-disetujui.pdf"
        self._mail_author("report_approved", Enclosure(name, "application/pdf", pdf))

    def hand_back(self, by: User, comment: str) -> None:
        """Return the report with what should be better (*Kembalikan*)."""
        self._decide(ReportState.RETURNED, by)
        self.comment = comment
        self._mail_author("report_returned")

    def revise(self, by: User) -> "Report":
        """Start the next version of a returned report; this one stays as it was."""
        if self.state is not ReportState.RETURNED:
            raise WrongState("Hanya laporan yang dikembalikan yang dapat diperbaiki.")
        newer = db.session.scalar(sa.select(Report).filter_by(previous_id=self.id))
        if newer is not None and newer.state is ReportState.DISCARDED:
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
        """Put a draft away (*Hapus draf*); the row stays and is not drafted again."""
        self._require_draft_of(by)
        self._move(ReportState.DISCARDED, by)

    # Selections

    @classmethod
    def exists(cls, period: Period) -> bool:
        """Return whether a report on `period` was ever drafted."""
        return db.session.scalar(cls._on(period).limit(1)) is not None

    @classmethod
    def draft_of(cls, period: Period, person: User | None) -> Self | None:
        """Return the draft of `period` by `person`; None: the one without author."""
        query = cls._on(period).filter_by(
            state=ReportState.DRAFT, author_id=person.id if person else None
        )
        return db.session.scalar(query.order_by(cls.id.desc()).limit(1))

    @classmethod
    def others_on(cls, period: Period, but: Self | None = None) -> list[Self]:
        """List what officers are writing, or have sent, on `period`.

        Not `but` and the version that follows it, nor what a newer version replaced.
        """
        replaced_ids = sa.select(cls.previous_id).where(cls.previous_id.is_not(None))
        query = cls._on(period).where(
            cls.state != ReportState.DISCARDED,
            cls.author_id.is_not(None),
            cls.id.not_in(replaced_ids),
        )
        if but is not None:
            query = query.where(
                cls.id != but.id, cls.previous_id.is_distinct_from(but.id)
            )
        return list(db.session.scalars(query.order_by(cls.id)))

    @classmethod
    def visible_to(cls, person: User) -> sa.Select[Self]:
        """Select what `person` may see; a draft only its author."""
        is_visible: sa.ColumnElement[bool] = cls.state.in_(KNOWN_TO_ALL)
        if person.is_officer:
            mine = sa.or_(cls.author_id == person.id, cls.author_id.is_(None))
            is_visible = sa.or_(
                is_visible, sa.and_(cls.state == ReportState.DRAFT, mine)
            )
        elif not person.is_head:
            is_visible = sa.false()
        return sa.select(cls).where(is_visible)

    # Private

    @classmethod
    def _on(cls, period: Period) -> sa.Select[Self]:
        return sa.select(cls).filter_by(first_on=period.first, last_on=period.last)

    @classmethod
    def _next_version(cls, period: Period) -> int:
        """Number the versions of a period in one row, also of several authors."""
        versions = cls._on(period).where(cls.state != ReportState.DISCARDED).subquery()
        return (db.session.scalar(sa.select(sa.func.max(versions.c.version))) or 0) + 1

    def _require_sendable(self, by: User, edited_at: datetime) -> list[User]:
        """Return the heads it is sent to; raise `WrongState` if it cannot be sent."""
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
        return heads
