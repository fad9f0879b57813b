"""The mails about an account, each owed once for its cause."""

from collections.abc import Callable
from contextlib import nullcontext

import sqlalchemy as sa
from flask import has_request_context, request
from flask_login import current_user

from pst import clock
from pst.accounts.address_change import UNDONE_WITHIN, AddressChange
from pst.accounts.digests import digest
from pst.accounts.log_in import throttling
from pst.accounts.log_in.known_browsers import mark_of, name_of
from pst.accounts.tokens import FRESH, LinkToken, TokenPurpose
from pst.accounts.user_row import UNKNOWN
from pst.accounts.users import User
from pst.database import db, rehearsal
from pst.office import audit
from pst.outbox.models import OutboxMail
from pst.web.registered_pages import endpoint_of
from pst.web.responses import link

# One of these in so long a time is what strangers can have mailed to an address.
PAUSE = FRESH


def mail_verification(user: User) -> None:
    """Put a mail with a link that verifies the address."""
    audit.record("ask_link", user.subject, None)
    has_one = LinkToken.is_fresh(user, TokenPurpose.VERIFY)
    with rehearsal() if has_one and _is_by_stranger(user) else nullcontext():
        write_verification(user)


def write_verification(user: User) -> None:
    _mail_link(user, TokenPurpose.VERIFY, "verify_email", "accounts.verify")


def mail_new_password(user: User) -> None:
    """Put a mail with a link to a new password for `user`."""
    audit.record("ask_link", user.subject, None)
    has_one = LinkToken.is_fresh(user, TokenPurpose.NEW_PASSWORD)
    with rehearsal() if has_one and _is_by_stranger(user) else nullcontext():
        write_new_password(user)


def write_new_password(user: User) -> None:
    _mail_link(user, TokenPurpose.NEW_PASSWORD, "new_password", "accounts.new_password")


def pretend(write: Callable[[User], None]) -> None:
    """Rehearse a mail to an account, so that both cases take as long."""
    audit.record("ask_link", "user:unknown", None)
    with rehearsal():
        if account := db.session.scalar(sa.select(User).limit(1)):
            write(account)


def mail_invitation(user: User) -> str:
    """Mail a new account a link to its first password; return the mail."""
    audit.record("ask_link", user.subject, None)
    return _mail_link(user, TokenPurpose.INVITE, "invitation", "accounts.accept")


def mail_already_registered(user: User, with_request: bool = False) -> None:
    """Mail the owner of an address that it was used for a registration.

    A request that was written along waits until the owner logs in.
    """
    if _had_lately("already_registered", user.email) and _is_by_stranger(user):
        return
    OutboxMail.put(
        "already_registered",
        to=user.mailbox,
        by_stranger=_is_by_stranger(user),
        cause=f"{user.id}:{request.form.get('csrf_token', '')[-20:]}",
        request_url=link(endpoint_of("kept_request")) if with_request else "",
        log_in_url=link("accounts.log_in"),
        forgotten_url=link("accounts.forgotten"),
    )


def mail_register_again(email: str) -> None:
    """Ask the reader of `email` to register there: nothing waits to be verified."""
    if _had_lately("register_again", email) and throttling.guesses().enabled:
        return
    OutboxMail.put(
        "register_again",
        to=(UNKNOWN, email),
        by_stranger=throttling.guesses().enabled,
        cause=f"{name_of(email)}:{clock.now().isoformat()}",
        url=link("accounts.register"),
    )


def mail_account_active(user: User) -> None:
    """Mail `user`, who asked for a link again, that the account is active already."""
    if _had_lately("account_active", user.email) and _is_by_stranger(user):
        return
    OutboxMail.put(
        "account_active",
        to=user.mailbox,
        by_stranger=_is_by_stranger(user),
        cause=f"{user.id}:{clock.now().isoformat()}",
        log_in_url=link("accounts.log_in"),
        forgotten_url=link("accounts.forgotten"),
    )


def mail_address_proof(change: AddressChange, token: str) -> None:
    """Ask the reader of a new address to press a button; its name is not proved yet."""
    OutboxMail.put(
        "address_proof",
        to=(UNKNOWN, change.after),
        cause=str(change.id),
        url=link("accounts.prove_address", token=token),
        expires_at=change.expires_at,
    )


def mail_address_changed(user: User, before: str, token: str) -> None:
    """Mail the old address that it is no longer the account's, and how to undo it."""
    OutboxMail.put(
        "address_changed",
        to=(user.name, before),
        cause=digest(token).hex()[:32],
        undo_url=link("accounts.ask_to_undo", token=token),
        until=clock.now() + UNDONE_WITHIN,
    )


def mail_password_changed(user: User) -> None:
    """Mail `user` that the password is another one now."""
    OutboxMail.put(
        "password_changed",
        to=user.mailbox,
        cause=f"{user.id}:{user.password_hash[-12:]}",
        forgotten_url=link("accounts.forgotten"),
    )


def mail_two_step(user: User, is_on: bool) -> None:
    """Mail `user` that a second step is asked for now, or no longer."""
    OutboxMail.put(
        "two_step",
        to=user.mailbox,
        cause=f"{user.id}:{is_on}:{clock.now().isoformat()}",
        is_on=is_on,
        url=link("accounts.security"),
    )


def _is_by_stranger(user: User) -> bool:
    """Return whether the mail may be asked for by anyone but `user` and the office."""
    if not has_request_context() or not throttling.guesses().enabled:
        return False
    if current_user.is_authenticated and (
        current_user.is_staff or current_user.id == user.id
    ):
        return False
    return mark_of(user.email) is None


def _had_lately(kind: str, address: str) -> bool:
    """Return whether such a mail was put for `address` a moment ago."""
    lately = sa.select(OutboxMail.id).where(
        OutboxMail.to_address == address,
        OutboxMail.kind == kind,
        OutboxMail.created_at > clock.now() - PAUSE,
    )
    return db.session.scalar(sa.select(sa.exists(lately))) is True


def _mail_link(user: User, purpose: TokenPurpose, kind: str, endpoint: str) -> str:
    row, token = LinkToken.issue(user, purpose)
    url = link(endpoint, token=token)
    OutboxMail.put(
        kind,
        to=user.mailbox,
        by_stranger=purpose is not TokenPurpose.INVITE and _is_by_stranger(user),
        cause=str(row.id),
        user=user,
        url=url,
        expires_at=row.expires_at,
        again_url=link("accounts.resend"),
    )
    return url
