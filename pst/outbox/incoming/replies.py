"""Replies to mails of ours: which feature takes one, and how it is read whole.

The outbox knows whose mail was answered, and that its reader answered; what becomes
of the words is for the feature that wrote the mail, and registered a taker here.
"""

from collections.abc import Callable
from email import message_from_bytes
from email.message import Message

from pst.database import reading
from pst.outbox.incoming import reports
from pst.outbox.incoming.bounces import MAX_BYTES, is_by_its_reader
from pst.outbox.incoming.return_paths import mail_named_in
from pst.outbox.models import OutboxMail

# A mail with its files; base64 makes them a third larger.
MAX_WHOLE_BYTES = 30_000_000
# Called inside the transaction that marks the mail as read.
TakeUp = Callable[[], None]
# Called with the id of the mail and the reply, outside of any transaction; None: not
# one for this feature.
Taker = Callable[[int, Message], TakeUp | None]
# Whether replies to this mail are taken at all.
Asker = Callable[[OutboxMail], bool]


class NotNow(Exception):
    """A reply that cannot be taken yet; it stays in its mailbox. Its text is shown."""


_takers: list[tuple[Asker, Taker]] = []


def register(asks: Asker, takes: Taker) -> None:
    """Give replies to the mails that `asks` says yes to, to `takes`."""
    _takers.append((asks, takes))


def are_taken(mail: OutboxMail) -> bool:
    """Return whether a reply to `mail` becomes something."""
    return any(asks(mail) for asks, _ in _takers)


def prepare(
    raw: bytes, whole: Callable[[], bytes], recipient: str = ""
) -> TakeUp | None:
    """Return how a reply is taken up; None when no feature takes it.

    `raw` is its beginning, `whole` fetches all of it; `recipient` is where it went,
    when the server tells. Holds no transaction, so that files can be looked at in
    their own time. Raises `NotNow`.
    """
    message = message_from_bytes(raw)
    if reports.read(message).kind is not reports.ReportKind.REPLY:
        return None
    with reading():
        mail = mail_named_in(recipient.encode()[:1_000] + b"\n" + raw)
        if mail is None or not is_by_its_reader(mail, message):
            return None
        id = mail.id
        takes = [take for asks, take in _takers if asks(mail)]
    if takes and len(raw) >= MAX_BYTES:
        message = message_from_bytes(whole())
    for take in takes:
        if (take_up := take(id, message)) is not None:
            return take_up
    return None
