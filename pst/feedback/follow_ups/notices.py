"""Mails about a follow-up: to its user, and to the people who must act."""

from collections.abc import Iterable
from typing import Any

from pst.accounts.users import User
from pst.outbox.models import OutboxMail
from pst.web.access import Role


def mail_user(user: User, kind: str, cause: str, **context: Any) -> OutboxMail | None:
    """Put a mail to `user` in the outbox; return None for a closed account."""
    if not user.can_be_mailed:
        return None
    return OutboxMail.put(kind, to=user.mailbox, cause=cause, **context)


def mail_office(people: Iterable[User], kind: str, cause: str, **context: Any) -> None:
    """Put a mail to each of `people` in the outbox, once per `cause`."""
    for person in people:
        OutboxMail.put(kind, to=person.mailbox, cause=f"{cause}:{person.id}", **context)


def responsible(*candidates: User | None) -> list[User]:
    """Return the first of `candidates` who still serves, else all officers."""
    for person in candidates:
        if person is not None and person.active and person.is_officer:
            return [person]
    return User.serving(Role.OFFICER)
