"""How the mail server is: whether it takes mails, since when not, and why.

One row for each server and account. What it refuses is not one mail, so the
pause is the server's: all mails wait, and none is charged an attempt.
"""

import hashlib
import hmac
import logging
from datetime import datetime, timedelta
from typing import Self

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.database import db
from pst.outbox.answers import Outcome, SmtpAnswer, Stage
from pst.outbox.pauses import growing

log = logging.getLogger(__name__)
# A server that is away is asked again soon; one that refuses us is not asked often,
# since log-ins that fail every minute get an account locked.
PAUSES = {
    Outcome.AWAY: (timedelta(minutes=1), timedelta(hours=1)),
    Outcome.UNSURE: (timedelta(minutes=1), timedelta(hours=1)),
}
REFUSED_PAUSES = (timedelta(minutes=5), timedelta(hours=6))


class MailServer(db.Model):
    """A mail server and account, and what it said last."""

    name: Mapped[str] = mapped_column(sa.String(300), primary_key=True)
    paused_until: Mapped[datetime | None]
    since: Mapped[datetime | None]  # it has taken nothing
    pauses: Mapped[int]
    outcome: Mapped[Outcome | None]
    stage: Mapped[Stage | None]
    status: Mapped[str | None] = mapped_column(sa.String(20))
    words: Mapped[str | None] = mapped_column(sa.Text)
    took_at: Mapped[datetime | None]  # the newest mail

    @classmethod
    def current(cls) -> Self:
        """Return the row of the server that is set now; a new password is a new row."""
        name = server_name()
        server = db.session.get(cls, name)
        if server is None:
            server = cls(name=name, pauses=0)
            db.session.add(server)
        return server

    @classmethod
    def find(cls) -> Self | None:
        """Return the row of the server that is set now, if mails were ever tried."""
        if current_app.config["PST"].mail is None:
            return None
        return db.session.get(cls, server_name())

    @property
    def is_paused(self) -> bool:
        if self.paused_until is None:
            return False
        # A clock that was set back makes no pause of days.
        pause = self.paused_until - clock.now()
        return timedelta() < pause <= 2 * REFUSED_PAUSES[1]

    @property
    def is_refusing(self) -> bool:
        """Return whether an admin has to mend something before mails go again."""
        return self.since is not None and self.outcome not in PAUSES

    def pause(self, answer: SmtpAnswer) -> None:
        """Leave the server alone for a while, longer each time."""
        self.pauses += 1
        self.since = self.since or clock.now()
        first, longest = PAUSES.get(answer.outcome, REFUSED_PAUSES)
        self.paused_until = clock.now() + growing(self.pauses, first, longest)
        self.outcome, self.stage = answer.outcome, answer.stage
        self.status, self.words = answer.status or None, answer.line[:500]
        level = logging.ERROR if self.is_refusing else logging.WARNING
        where = (answer.stage, answer.status or "-", answer.outcome)
        log.log(level, "mail server: %s %s %s; mails wait", *where)

    def resume(self) -> None:
        """Try it again at once (*Coba sekarang*)."""
        self.paused_until = None

    def take(self) -> bool:
        """Note that it took a mail; return whether an outage ended with that."""
        was_out = self.since is not None
        self.took_at = clock.now()
        self.paused_until = self.since = None
        self.outcome = self.stage = self.status = self.words = None
        self.pauses = 0
        return was_out


def server_name() -> str:
    """Name the server and the account that are set, without giving them away."""
    config = current_app.config["PST"]
    mail = config.mail
    account = (
        f"{mail.user}\0{mail.password}\0{mail.tls}\0{mail.ssl}\0{config.mail_from}"
    )
    key = config.secret_key.encode()
    digest = hmac.new(key, account.encode(), hashlib.sha256).hexdigest()
    return f"{mail.host}:{mail.port}#{digest[:16]}"
