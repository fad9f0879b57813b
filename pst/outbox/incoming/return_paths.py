"""The address that a mail of ours comes back to, and which mail it was.

Each mail has one of its own (VERP), signed, so that no one can make one up. Where the
mail account puts its own address in its place, the id of the mail that is sent back
tells which it was; ids are signed in the same way.
"""

import hmac
import re
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app

from pst.database import db
from pst.outbox.models import OutboxMail, new_message_id

TAG = re.compile(rb"\bb(\d{1,12})-([0-9a-f]{20})\b")
MESSAGE_ID = re.compile(rb"<[0-9a-f]{32}@[\w.\-]{1,255}>")
# So many candidates in one mail are looked at; ours has one.
MAX_CANDIDATES = 8


def is_seen() -> bool:
    """Return whether mails that come back arrive where we read them."""
    return current_app.config["PST"].bounce_address is not None


def return_path(id: int, sender: str) -> str:
    """Return the address that mail `id` comes back to; `sender` when none is set."""
    address = current_app.config["PST"].bounce_address
    return address.replace("*", _tag(id)) if address else sender


def mail_named_in(raw: bytes) -> OutboxMail | None:
    """Return the mail that `raw` is about, by a signed address or id in it."""
    for id, seal in TAG.findall(raw)[:MAX_CANDIDATES]:
        if hmac.compare_digest(seal, _seal(int(id)).encode()):
            return db.session.get(OutboxMail, int(id))
    for message_id in dict.fromkeys(MESSAGE_ID.findall(raw)[:MAX_CANDIDATES]):
        mail = db.session.scalar(
            sa.select(OutboxMail).filter_by(message_id=message_id.decode())
        )
        # An id from before ids were signed can be made up: it proves nothing.
        if mail is not None and mail.message_id == new_message_id(mail.cause):
            return mail
    return None


def _tag(id: int) -> str:
    return f"b{id}-{_seal(id)}"


def _seal(id: int) -> str:
    config = current_app.config["PST"]
    key = f"return path:{config.secret_key}".encode()
    text = f"{id}@{urlsplit(config.base_url).hostname}"
    return hmac.new(key, text.encode(), "sha256").hexdigest()[:20]
