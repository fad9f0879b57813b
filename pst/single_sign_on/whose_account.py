"""Whose account it is when the provider says who has logged in there."""

from typing import Any

from pst.accounts.users import User
from pst.single_sign_on.models import SUBJECT_LENGTH, SignOnAccount
from pst.single_sign_on.provider import Provider


def user_of(there: Provider, identity: Any) -> tuple[User | None, str]:
    """Return the account of who logged in, or why there is none.

    Only accounts that are there are linked, and only by an address of the
    organisation that the provider has proved.
    """
    issuer, subject = there.config.issuer, identity.subject
    if not subject or len(subject) > SUBJECT_LENGTH:
        return None, "unproven"
    account = SignOnAccount.of(issuer, subject)
    if account is None:
        user = _by_email(there, identity)
        account = user and SignOnAccount.link(user, issuer, subject)
    user = account.user if account else None
    if user is None or not user.active or not user.is_staff:
        return None, "unknown"
    return user, ""


def _by_email(there: Provider, identity: Any) -> User | None:
    domain = identity.email.casefold().rpartition("@")[2]
    if not identity.is_email_verified or domain not in there.config.domains:
        return None
    user = User.with_email(identity.email)
    return user if user is not None and user.is_staff and user.active else None
