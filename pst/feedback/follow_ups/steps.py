"""The single steps of a follow-up: each is noted, and some are mailed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from pst import clock
from pst.accounts.users import User
from pst.consultations import links
from pst.database import db
from pst.feedback.follow_ups import notices
from pst.feedback.follow_ups.entries import FollowUpEntry, Step
from pst.feedback.follow_ups.progress import NEXT, Progress
from pst.feedback.follow_ups.row import FollowUpRow
from pst.office import audit, days_off, settings
from pst.outbox.models import OutboxMail
from pst.rules import NOT_IN_THIS_STATE, WrongState
from pst.web.responses import link

CLOSED = "Tindak lanjut ini sudah ditutup."
NOTHING_WRITTEN = "Tulis email tindak lanjut dahulu."


class FollowUpSteps(FollowUpRow):
    """What the verbs of a follow-up are made of."""

    __abstract__ = True

    # What its mails say

    @property
    def answer_url(self) -> str:
        """The whole address where the user answers, without logging in."""
        return link("feedback.answer", token=links.sign("follow_up", self.number))

    @property
    def mail_context(self) -> dict[str, Any]:
        """What every mail to the user is filled with."""
        return {
            "follow_up": self,
            "consultation": self.consultation,
            "url": self.answer_url,
        }

    @property
    def draft_context(self) -> dict[str, Any]:
        """What the mail being written is filled with, sent now."""
        days = settings.current().follow_up_answer_days
        until = clock.now() + timedelta(days=days)
        return {**self.mail_context, "text": self.draft, "until": until}

    # What is refused

    def require_own(self, officer: User) -> None:
        """Raise `WrongState` unless `officer` works on it."""
        if self.is_closed:
            raise WrongState(CLOSED)
        if not self.is_owned_by(officer):
            raise WrongState(self._why_not_claimable())

    def _require_confirmable(self, by: User) -> None:
        if not self.is_to_confirm:
            raise WrongState("Tindak lanjut ini tidak sedang menunggu pengesahan.")
        if not self.can_be_confirmed_by(by):
            raise WrongState("Penutupan disahkan oleh orang lain, bukan pengusulnya.")

    def _why_not_claimable(self) -> str:
        if self.is_closed:
            return CLOSED
        if self.owner is None:
            return "Ambil tindak lanjut ini dahulu."
        return f"Tindak lanjut ini ditangani {self.owner.name}."

    # Steps

    def _owe_again(self) -> None:
        """Start the deadline again, unless the user waits for the office already."""
        now = self.answered_at = clock.now()
        if not self.is_owing:
            self.due_at = due_at(now)
            self.due_warned_at = self.breach_told_at = None
        self.closed_at = self.closed_by = None

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
        **details: Any,
    ) -> FollowUpEntry:
        if to not in NEXT[self.progress]:
            raise WrongState(NOT_IN_THIS_STATE)
        self.progress = to
        return self._note(step, by, body, **details)

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

    def _with_key(self, key: str | None) -> FollowUpEntry | None:
        if key is None:
            return None
        return db.session.scalar(
            sa.select(FollowUpEntry).filter_by(follow_up_id=self.id, key=key)
        )

    def _mail_user(self, kind: str, cause: str, **context: Any) -> OutboxMail | None:
        cause = f"{self.number}:{cause}"
        return notices.mail_user(self.user, kind, cause, **context)

    def _mail_office(self, kind: str, cause: str, also: Sequence[User] = ()) -> None:
        """Mail the people who must act, and those in `also`."""
        notices.mail_office(
            [*notices.responsible(self.owner, self.consultation.officer), *also],
            kind,
            f"{self.number}:{cause}",
            follow_up=self,
            consultation=self.consultation,
            url=link("follow_ups.show", number=self.number),
        )


def due_at(since: datetime) -> datetime:
    """Return when the office must have acted: at the end of the third working day."""
    return days_off.calendar().due_at(since, settings.current().follow_up_workdays)
