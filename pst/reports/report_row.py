"""What is stored of a report, and what may be done to it now."""

import hashlib
import json
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from pst import clock
from pst.accounts.users import User
from pst.database import db
from pst.office import audit
from pst.outbox.mail_files import Enclosure
from pst.outbox.models import OutboxMail
from pst.reports.letter.approvals import SEAL_LENGTH, Approval
from pst.reports.periods import Period, is_over
from pst.reports.states import NEEDED, NEXT, ReportState
from pst.rules import STATE_CHANGED, WrongState
from pst.web.responses import link


class ReportRow(db.Model):
    """The columns of a report, questions about it, its moves and mails."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    first_on: Mapped[date]
    last_on: Mapped[date]
    version: Mapped[int]
    previous_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("report.id"), unique=True
    )
    state: Mapped[ReportState]
    # None: it was drafted automatically, and no officer has taken it yet.
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
    # The approval, and the letter with its mark; None also of what was approved before.
    approval_values: Mapped[dict[str, Any] | None] = mapped_column(
        "approval", sa.JSON(none_as_null=True)
    )
    seal: Mapped[str | None] = mapped_column(sa.String(SEAL_LENGTH))
    signed_pdf: Mapped[bytes | None] = mapped_column(deferred=True)
    signed_sha256: Mapped[str | None] = mapped_column(sa.String(64))

    @declared_attr
    def author(cls) -> Mapped[User | None]:
        return relationship(foreign_keys="Report.author_id")

    @declared_attr
    def decided_by(cls) -> Mapped[User | None]:
        return relationship(foreign_keys="Report.decided_by_id")

    __table_args__ = (
        sa.Index("ix_report_period", "first_on", "last_on"),
        sa.Index("ix_report_seal", "seal", unique=True),
        sa.Index("ix_report_signed_sha256", "signed_sha256", unique=True),
    )

    # Questions

    @property
    def period(self) -> Period:
        return Period(self.first_on, self.last_on)

    @property
    def missing(self) -> list[str]:
        """The sections without words that it needs before it is sent."""
        return [key for key in NEEDED if not self.words.get(key)]

    @property
    def is_draft(self) -> bool:
        return self.state is ReportState.DRAFT

    @property
    def is_returned(self) -> bool:
        return self.state is ReportState.RETURNED

    @property
    def file_name(self) -> str:
        """The name of a file of it, without the ending."""
        span = f"{self.first_on:%Y%m%d}-{self.last_on:%Y%m%d}"
        return f"laporan-{self.period.code or span}-v{self.version}"

    @property
    def is_intact(self) -> bool:
        """Return whether what was sent still has the hash it was sent with."""
        return self.frozen is not None and fingerprint(self.frozen) == self.fingerprint

    @property
    def approval(self) -> Approval | None:
        return Approval(**self.approval_values) if self.approval_values else None

    @property
    def is_genuine(self) -> bool:
        """Return whether what was approved and its letter are still the same."""
        approval, pdf, mark = self.approval, self.signed_pdf, self.fingerprint
        if approval is None or pdf is None or mark is None or not self.is_intact:
            return False
        is_sealed = approval.seal(mark) == self.seal
        return is_sealed and digest(pdf) == self.signed_sha256

    def can_be_taken_by(self, person: User) -> bool:
        return self.is_draft and self.author_id is None and person.is_officer

    def can_be_written_by(self, person: User) -> bool:
        return self.is_draft and self.author_id == person.id

    def can_be_sent_by(self, person: User) -> bool:
        return self.can_be_written_by(person) and not self.missing

    def can_be_decided_by(self, person: User) -> bool:
        return self._waits_for(person) and self.author_id != person.id

    def must_be_decided_by_another(self, person: User) -> bool:
        """Return whether `person`, a head by now, wrote it as an officer."""
        return self._waits_for(person) and self.author_id == person.id

    def can_be_revised_by(self, person: User) -> bool:
        return self.is_returned and person.is_officer

    # Private

    def _waits_for(self, person: User) -> bool:
        return self.state is ReportState.SENT and person.is_head

    def _require_draft_of(self, person: User) -> None:
        if self.state is not ReportState.DRAFT:
            raise WrongState("Laporan ini sudah dikirim dan tidak dapat diubah lagi.")
        if self.author_id != person.id:
            raise WrongState("Ambil laporan ini dahulu sebelum menyusunnya.")

    def _move(self, to: ReportState, by: User, **detail: Any) -> None:
        if to not in NEXT[self.state]:
            raise WrongState(
                f"Laporan ini sudah diputuskan oleh {self.decided_by.name}."
                if self.decided_by
                else STATE_CHANGED
            )
        before, self.state = self.state, to
        self._record(f"report_{to.value}", by, before=before.value, **detail)

    def _record(self, action: str, by: User | None, **detail: Any) -> None:
        audit.record(action, f"report:{self.id}", by.id if by else None, **detail)

    def _decide(self, to: ReportState, by: User) -> None:
        if not by.is_head:
            raise WrongState("Hanya Ketua Tim yang memutuskan laporan.")
        if self.author_id == by.id:
            raise WrongState(
                "Laporan ini Anda susun sendiri. Ketua Tim lain yang memutuskannya."
            )
        self._move(to, by)
        self.decided_by, self.decided_at = by, clock.now()

    def _mail_head(
        self, head: User, figures: dict[str, Any], pdf: bytes, sent_at: datetime
    ) -> None:
        self._mail(
            "report_sent",
            head,
            "head_show",
            attached=Enclosure(f"{self.file_name}.pdf", "application/pdf", pdf),
            figures=figures,
            is_early=not is_over(self.period, sent_at),
        )

    def _mail_author(self, kind: str, attached: Enclosure | None = None) -> None:
        if self.author is not None:
            page = "head_show" if self.author.is_head else "show"
            self._mail(kind, self.author, page, attached=attached)

    def _mail(self, kind: str, to: User, page: str, **context: Any) -> None:
        OutboxMail.put(
            kind,
            to=to.mailbox,
            cause=f"report:{self.id}:{to.id}",
            report=self,
            url=link(f"reports.{page}", id=self.id),
            **context,
        )


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def fingerprint(frozen: dict[str, Any]) -> str:
    """Return the hash of what is sent; the same values always have the same."""
    text = json.dumps(frozen, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
