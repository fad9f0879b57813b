"""What a mail server answered, and what that means for the mail and for the others.

The enhanced code decides (RFC 3463, RFC 5248), not the words: only 5.1.x speaks of an
address that does not exist. What speaks of our sender, our account or our server is no
fault of a mail, so it stops the run and the mails wait until an admin has mended it.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

ENHANCED = re.compile(r"\s*#?([245]\.\d{1,3}\.\d{1,3})\b")
ADDRESSES = re.compile(r"<[^>]*>|\S+@\S+")
# How servers name us when the code alone does not tell (Postfix puts refusals of the
# client and the sender behind RCPT).
ABOUT_US = re.compile(
    r"sender address|sender domain|client host|client address|\bhelo\b|\behlo\b"
    r"|relay(ing)? (access )?denied|not permitted to relay|unable to relay"
    r"|(block|black|deny) ?list|\bspamhaus\b|\bspf\b|\bdkim\b|\bdmarc\b"
    r"|your (ip|host|server|domain)\b|authentication (is )?required|not authenticated",
    re.I,
)
# Plain codes about our protocol or log-in, at every stage.
OUR_MANNERS = {500, 502, 503, 504, 530, 534, 535, 538}
# 5.1.x that is about the sender's address.
SENDER = {"1.7", "1.8"}
TOO_BIG = {"2.3", "3.4"}
GREYLISTED = "2.0"
SERVICE_CLOSING = 421
STORAGE_EXCEEDED = 552


class Stage(StrEnum):
    """Which command of the conversation an answer belongs to."""

    CONNECT = "connect"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    # The server offers no encryption, or cannot prove its name.
    TRUST = "trust"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    AFTER_DOT = "after_dot"


class Outcome(StrEnum):
    """What an answer means."""

    DEAD_ADDRESS = "dead_address"  # the mail ends
    MAILBOX = "mailbox"  # full or closed for now: the mail waits
    LATER = "later"  # the mail waits
    CONTENT = "content"  # too big, or not as the server wants it: the mail waits
    UNCLEAR = "unclear"  # refused without a reason: the mail waits
    UNSURE = "unsure"  # may have arrived: one more try, hours later
    AWAY = "away"  # the server takes nothing now: the run stops
    REFUSES_US = "refuses_us"  # the run stops, an admin must act


# The server takes no mail at all: no use trying the others.
STOPPING = {Outcome.AWAY, Outcome.REFUSES_US}
BEFORE_MAIL = (Stage.CONNECT, Stage.EHLO, Stage.STARTTLS, Stage.TRUST, Stage.AUTH)


@dataclass(frozen=True)
class SmtpAnswer:
    """One refusal: where, with which code, in which words."""

    stage: Stage
    code: int | None  # none: the server did not get so far as to answer
    words: str = ""
    is_broken: bool = False  # the connection ended, or time ran out

    @property
    def enhanced(self) -> str | None:
        """Return the enhanced code, when it agrees with the plain one."""
        match = ENHANCED.match(self.words)
        if match is None or (self.code and match[1][0] != str(self.code)[0]):
            return None
        return match[1]

    @property
    def status(self) -> str:
        """Return the codes as one reads them: `550 5.1.1`."""
        return " ".join(str(code) for code in (self.code, self.enhanced) if code)

    @property
    def line(self) -> str:
        """Return the answer as it came: `550 5.1.1 No such user`."""
        return f"{self.code} {self.words}" if self.code else self.words

    @property
    def subject(self) -> str:
        """Return the last two parts of the enhanced code, `1.1`; empty without one."""
        return self.enhanced.partition(".")[2] if self.enhanced else ""

    @property
    def is_passing(self) -> bool:
        """Return whether the server itself says that it may go well later (4xx)."""
        return self.code is not None and 400 <= self.code < 500

    @property
    def names_us(self) -> bool:
        """Return whether the text is about our sender, client or relaying."""
        return bool(ABOUT_US.search(ADDRESSES.sub(" ", self.words)))

    @property
    def outcome(self) -> Outcome:
        """Return what this answer means."""
        if self.is_broken:
            after = self.stage is Stage.AFTER_DOT
            return Outcome.UNSURE if after else Outcome.AWAY
        if self.code == SERVICE_CLOSING:
            return Outcome.AWAY
        if self.stage in BEFORE_MAIL:
            return self._stop
        if self.subject in TOO_BIG or self.subject.startswith("6."):
            return Outcome.CONTENT
        if self.stage is Stage.MAIL or self.names_us or self.subject in SENDER:
            return self._stop
        return self._about_recipient()

    @property
    def _stop(self) -> Outcome:
        return Outcome.AWAY if self.is_passing else Outcome.REFUSES_US

    def _about_recipient(self) -> Outcome:
        kind = self.subject.partition(".")[0]
        if self.is_passing and self.subject == GREYLISTED:
            return Outcome.LATER
        if kind == "2" or (not kind and self.code == STORAGE_EXCEEDED):
            return Outcome.MAILBOX
        if self.is_passing:
            return self._passing(kind)
        if kind == "1":
            return Outcome.DEAD_ADDRESS
        if kind in ("3", "4", "5", "7") or (not kind and self.code in OUR_MANNERS):
            return Outcome.REFUSES_US
        return Outcome.UNCLEAR

    def _passing(self, kind: str) -> Outcome:
        # 4.7 at RCPT is how servers greylist one sender and recipient; later it is a
        # limit on all that we send.
        is_whole = kind in ("3", "5") or (kind == "7" and self.stage is not Stage.RCPT)
        return Outcome.AWAY if is_whole else Outcome.LATER
