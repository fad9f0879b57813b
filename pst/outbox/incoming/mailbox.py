"""Read the mailbox that mails come back to, by IMAP.

It is only read: nothing in it is changed, so people may use it too. What was read
before is known by the numbers that the server gives its mails.
"""

import imaplib
import logging
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic
from typing import Self

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.background import later
from pst.database import db, is_trouble, transaction
from pst.outbox.incoming import replies
from pst.outbox.incoming.bounces import MAX_BYTES, take
from pst.outward import connections
from pst.server.mail_config import BounceMailbox

log = logging.getLogger(__name__)
IMAP_TIMEOUT_S = 30
# One run ends soon, so that the worker can be stopped gently; the next goes on.
MAX_A_RUN, RUN_S = 200, 45
# Of a mailbox that was never read, what came in the last days is looked at.
FIRST_LOOK_BACK = timedelta(days=5)
READ = "pst.outbox.incoming.mailbox.read_bounces"


class ReadMailbox(db.Model):
    """How far the mailbox has been read, and how the last look at it went."""

    id: Mapped[int] = mapped_column(primary_key=True)
    # Another mailbox begins from the start; its numbers mean other mails.
    name: Mapped[str] = mapped_column(sa.String(300), unique=True)
    uid_validity: Mapped[int | None]
    last_uid: Mapped[int]
    read_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(sa.String(300))

    @classmethod
    def of(cls, box: BounceMailbox) -> Self:
        """Return the row of `box`, a new one the first time."""
        row = db.session.scalar(sa.select(cls).filter_by(name=box.name))
        if row is None:
            row = cls(name=box.name, uid_validity=None, last_uid=0)
            db.session.add(row)
        return row


def trouble(box: BounceMailbox) -> tuple[datetime | None, str | None]:
    """Return when `box` was last read whole, and what hinders it since."""
    row = db.session.scalar(sa.select(ReadMailbox).filter_by(name=box.name))
    return (row.read_at, row.error) if row else (None, None)


def read_bounces() -> None:
    """Take what came back since the last look; hold no lock while the server thinks."""
    box = current_app.config["PST"].bounce_mailbox
    if box is None:
        return
    try:
        is_done = _read(box)
    except (imaplib.IMAP4.error, OSError, replies.NotNow) as error:
        log.warning("the bounce mailbox cannot be read: %s", error)
        with transaction():
            ReadMailbox.of(box).error = " ".join(str(error).split())[:300] or "?"
        return
    with transaction():
        row = ReadMailbox.of(box)
        row.read_at, row.error = clock.now(), None
        if not is_done:
            later(READ, behind=True)


def _read(box: BounceMailbox) -> bool:
    """Read on from where the last run ended; return whether that was all."""
    until = monotonic() + RUN_S
    with _open(box) as server:
        uids = _new_uids(server, box)
        for at, uid in enumerate(uids):
            if at >= MAX_A_RUN or monotonic() > until:
                return False
            raw = _fetch(server, uid, MAX_BYTES)
            take_up = _prepare(server, raw, uid)
            with transaction():
                _take(raw, uid, take_up)
                ReadMailbox.of(box).last_uid = uid
    return True


def _prepare(server: imaplib.IMAP4, raw: bytes, uid: int) -> replies.TakeUp | None:
    """Read a reply whole, with its files, while no transaction is open."""
    try:
        return replies.prepare(
            raw, lambda: _fetch(server, uid, replies.MAX_WHOLE_BYTES)
        )
    except (imaplib.IMAP4.error, OSError, replies.NotNow):
        raise  # no fault of this mail
    except Exception as error:
        if is_trouble(error):
            raise
        log.exception("reply %s in the bounce mailbox cannot be read", uid)
        return None


def _take(raw: bytes, uid: int, take_up: replies.TakeUp | None) -> None:
    """Take one mail; one that cannot be read stops none of the others."""
    try:
        with db.session.begin_nested():
            if take_up is not None:
                take_up()
            else:
                take(raw)
    except Exception as error:
        if is_trouble(error):  # no fault of this mail
            raise
        log.exception("mail %s of the bounce mailbox cannot be read", uid)


def _new_uids(server: imaplib.IMAP4, box: BounceMailbox) -> list[int]:
    """List the numbers of what has not been read, oldest first."""
    validity = int((server.response("UIDVALIDITY")[1] or [b"0"])[0] or 0)
    with transaction():
        row = ReadMailbox.of(box)
        if row.uid_validity != validity:  # the mailbox was made again
            row.uid_validity, row.last_uid = validity, 0
        last = row.last_uid
    since = imaplib.Time2Internaldate(clock.now() - FIRST_LOOK_BACK)[1:12].strip()
    criteria = ("UID", f"{last + 1}:*") if last else ("SINCE", since)
    kind, answer = server.uid("SEARCH", *criteria)
    if kind != "OK":
        raise imaplib.IMAP4.error(f"SEARCH: {answer!r}")
    uids = sorted(int(uid) for uid in (answer[0] or b"").split())
    return [uid for uid in uids if uid > last]  # n:* gives the last one always


def _fetch(server: imaplib.IMAP4, uid: int, most: int) -> bytes:
    """Fetch the beginning of one mail, and leave it unread."""
    kind, answer = server.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{most}>)")
    if kind != "OK":
        raise imaplib.IMAP4.error(f"FETCH: {answer!r}")
    parts = [part[1] for part in answer or () if isinstance(part, tuple)]
    return bytes(parts[0]) if parts else b""  # removed since


class _Line(imaplib.IMAP4):
    """A line to the mailbox by our one way out, which knows the proxy."""

    def __init__(self, box: BounceMailbox) -> None:
        super().__init__(box.host, box.port, timeout=IMAP_TIMEOUT_S)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return connections.open_socket(self.host, self.port, timeout or IMAP_TIMEOUT_S)


class _SecureLine(_Line):
    """The same over TLS, to who can prove its name."""

    def _create_socket(self, timeout: float | None) -> socket.socket:
        trust = ssl.create_default_context()
        connection = super()._create_socket(timeout)
        return trust.wrap_socket(connection, server_hostname=self.host)


@contextmanager
def _open(box: BounceMailbox) -> Iterator[imaplib.IMAP4]:
    """Log in and look without changing anything."""
    server = (_SecureLine if box.ssl else _Line)(box)
    try:
        server.login(box.user, box.password)
        folder = box.folder.replace("\\", "\\\\").replace('"', '\\"')
        kind, answer = server.select(f'"{folder}"', readonly=True)
        if kind != "OK":
            raise imaplib.IMAP4.error(f"SELECT: {answer!r}")
        yield server
    finally:
        try:
            server.logout()
        except (imaplib.IMAP4.error, OSError):
            server.shutdown()
