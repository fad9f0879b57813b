"""Waiting for the user: the notice, the warning, and the clock that closes it."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from pst import clock
from pst.consultations import links
from pst.consultations.conversation.excerpts import excerpt_of
from pst.consultations.messages import Event, Kind, Message
from pst.consultations.states import HoldReason, Reason, State
from pst.consultations.verbs.owing import Owing
from pst.database import db
from pst.office import audit, settings
from pst.web.registered_pages import endpoint_of
from pst.web.responses import link

# A user is mailed that an officer wrote when they have not read it for so long, and no
# more often than this.
TELL_AFTER = timedelta(minutes=2)
TELL_EVERY = timedelta(minutes=15)


def closing_moment(waiting_since: datetime, warned_at: datetime | None) -> datetime:
    """Return when the clock closes what waits for its user since `waiting_since`.

    Between the warning and the end there is always the time the settings give.
    """
    now = settings.current()
    since_warning = (warned_at or clock.now()) + now.close_after - now.warn_after
    return max(waiting_since + now.close_after, since_warning)


class Waiting(Owing):
    """A consultation whose user is mailed, warned and waited for (step 4)."""

    __abstract__ = True

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
            excerpt=self.excerpt,
            reply_url=self.reply_url,
            unsubscribe_url=self.unsubscribe_url,
        )

    def warn_of_closing(self) -> None:
        """Mail the user when the conversation will be closed (step 4).

        A late warning, and one repeated after mails were lost, leaves as much time
        as any other.
        """
        self.warned_at, self.closing_held = clock.now(), None
        self._happened(
            Event.WARNED,
            None,
            at=self.closes_at.isoformat(),
            asked=self.is_asking_user,
        )
        self._mail_user(
            "closing_warning",
            f"warned:{self.warned_at.isoformat()}",
            closes_at=self.closes_at,
            reply_url=self.reply_url,
        )

    def hold_closing(self, why: HoldReason) -> None:
        """Keep it open, as the user may not know that we wait; see the worklist."""
        if self.closing_held is not why:
            self.closing_held = why
            audit.record("hold_closing", self.audit_subject, None, why=why.value)

    # Questions

    @property
    def excerpt(self) -> str:
        """Return the first lines of the last answer or question, where they may be."""
        return self.excerpt_of(self.last_from_office())

    def excerpt_of(self, message: Message | None) -> str:
        """Return the first lines of a final answer, or of a question that is open."""
        is_question = not self.is_clear
        if message is None or not (message.is_final or is_question):
            return ""
        return excerpt_of(message, self.user)

    def last_from_office(self, until: int | None = None) -> Message | None:
        """Return what an officer wrote last, up to the message with the id `until`."""
        query = sa.select(Message).where(
            Message.consultation_id == self.id,
            Message.kind == Kind.MESSAGE,
            Message.author_id != self.user_id,
        )
        if until is not None:
            query = query.where(Message.id <= until)
        return db.session.scalar(query.order_by(Message.id.desc()).limit(1))

    @property
    def is_closed_by_clock(self) -> bool:
        """Return whether it closes by itself while the user stays silent."""
        return self.state is State.WAITING_USER and self.is_online

    def is_silent(self, since: datetime) -> bool:
        """Return whether the officer has waited for the user since before `since`."""
        return (
            self.is_closed_by_clock
            and self.waiting_since is not None
            and self.waiting_since <= since
        )

    @property
    def is_closable_by_clock(self) -> bool:
        """Return whether the user was warned and the time given to them is over."""
        return (
            self.is_closed_by_clock
            and self.warned_at is not None
            and clock.now() >= self.closes_at
        )

    @property
    def reason_of_silence(self) -> Reason:
        """Return why the clock closes it: silent, or nothing was asked of the user."""
        return Reason.NO_RESPONSE if self.is_asking_user else Reason.RESOLVED

    @property
    def is_to_be_told(self) -> bool:
        """Return whether the user is to be mailed now that an officer wrote."""
        return self.tell_user_at is not None and self.tell_user_at <= clock.now()

    @property
    def closes_at(self) -> datetime:
        """Return when the clock closes it if the user stays silent."""
        assert self.waiting_since is not None
        return closing_moment(self.waiting_since, self.warned_at)

    @property
    def rating_url(self) -> str:
        """Return the whole address where the user rates it, without logging in."""
        return link(endpoint_of("rating"), token=links.sign("rating", self.number))

    @property
    def reply_url(self) -> str:
        """Return the whole address of a reply box that needs no log-in for 7 days."""
        token = links.sign("reply", f"{self.number}.{self.newest_shown_id}")
        return link("replying.write", token=token)

    @property
    def unsubscribe_url(self) -> str:
        """Return the whole address where its user switches notices off."""
        token = links.sign("notices", self.number)
        return link("replying.unsubscribe", token=token)

    # Private

    def _wait_for_user(self, message: Message) -> None:
        """Start the 3-day clock of step 4, and plan a notice to the user."""
        self._stop_waiting()
        self.waiting_since = message.created_at
        self._plan_notice()

    def _stop_waiting(self) -> None:
        self.waiting_since = self.warned_at = self.closing_held = None

    def _plan_notice(self) -> None:
        """Plan the mail that an officer wrote; reading it first cancels the mail."""
        if not self.is_online or self.tell_user_at is not None:
            return
        self.tell_user_at = clock.now() + TELL_AFTER
        if self.user_told_at is not None:
            self.tell_user_at = max(self.tell_user_at, self.user_told_at + TELL_EVERY)
