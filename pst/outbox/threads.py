"""Which conversation a mail is about, and whether an answer to it is a message."""

from typing import Any

from flask import current_app

from pst.office import settings


def thread_of(context: dict[str, Any]) -> str | None:
    """Return the number of the consultation that a mail is about."""
    consultation = context.get("consultation")
    return consultation.number if consultation else None


def takes_replies(context: dict[str, Any], address: str) -> bool:
    """Return whether a reply to a mail of this context becomes a message.

    Only to the user of a conversation, where the office wants it and we read what
    comes back.
    """
    consultation, config = context.get("consultation"), current_app.config["PST"]
    if not consultation or not settings.current().reply_by_mail:
        return False
    is_read = bool(config.bounce_mailbox and config.bounce_address)
    return is_read and consultation.user.mailbox[1] == address
