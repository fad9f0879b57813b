"""The first lines of what an officer wrote, in a mail and on the page that replies.

A mail may be forwarded, so only a final answer or a question is quoted, only where the
office wants it, and only what every check finds to hold no personal data. Without a
check nothing is quoted.
"""

from collections.abc import Callable
from typing import Any

from pst.consultations.messages import Message
from pst.office import settings

MAX_LINES, MAX_LENGTH = 4, 400
# Returns whether a text tells nothing about the person, or any other.
Check = Callable[[Any, str], bool]
_checks: list[Check] = []


def quotes_only_if(check: Check) -> Check:
    """Register a check of the texts that are quoted."""
    _checks.append(check)
    return check


def excerpt_of(message: Message, user: Any) -> str:
    """Return the first lines of `message` to `user`, or nothing when it may not be."""
    if not settings.current().mail_final_answers:
        return ""
    text = (message.body or "").strip()
    if not _checks or not all(check(user, text) for check in _checks):
        return ""
    lines = [line for line in text.splitlines() if line.strip()]
    begin = "\n".join(lines[:MAX_LINES])
    if begin == "\n".join(lines) and len(begin) <= MAX_LENGTH:
        return begin
    cut = begin[:MAX_LENGTH]
    return (cut.rsplit(" ", 1)[0] if len(cut) < len(begin) else cut) + " …"
