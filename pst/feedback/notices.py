"""What is mailed about a follow-up: to its user, and to those who must act."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pst import clock
from pst.access import Role
from pst.accounts.models import User
from pst.office import settings
from pst.outbox.models import OutboxMail
from pst.pages import link

if TYPE_CHECKING:
    from pst.feedback.follow_ups import FollowUp


def mail_user(
    follow_up: "FollowUp", kind: str, cause: str, **context: Any
) -> OutboxMail | None:
    """Owe the user a mail; none to an account that was closed."""
    if not follow_up.user.can_be_mailed:
        return None
    return OutboxMail.put(
        kind,
        to=follow_up.user.mailbox,
        cause=f"{follow_up.number}:{cause}",
        **_context(follow_up),
        **context,
    )


def mail_office(
    follow_up: "FollowUp", kind: str, cause: str, also: Sequence[User] = ()
) -> None:
    """Owe a mail to everybody who must act, and to those in `also`."""
    for person in (*responsible(follow_up), *also):
        OutboxMail.put(
            kind,
            to=person.mailbox,
            cause=f"{follow_up.number}:{cause}:{person.id}",
            follow_up=follow_up,
            consultation=follow_up.consultation,
            url=link("follow_ups.show", number=follow_up.number),
        )


def responsible(follow_up: "FollowUp") -> list[User]:
    """Tell who must act: the owner, else who served the consultation, else all."""
    for person in (follow_up.owner, follow_up.consultation.officer):
        if person is not None and person.active and person.is_officer:
            return [person]
    return User.serving(Role.OFFICER)


def letter_context(follow_up: "FollowUp") -> dict[str, Any]:
    """Tell what the mail being written is made of."""
    name = follow_up.user.name
    return {"name": name, **_context(follow_up), **text_context(follow_up)}


def text_context(follow_up: "FollowUp") -> dict[str, Any]:
    """Tell what the officer wrote, and until when the user can answer it."""
    days = settings.current().follow_up_answer_days
    return {"text": follow_up.draft, "until": clock.now() + timedelta(days=days)}


def _context(follow_up: "FollowUp") -> dict[str, Any]:
    return {
        "follow_up": follow_up,
        "consultation": follow_up.consultation,
        "url": follow_up.answer_url,
    }
