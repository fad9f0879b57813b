"""Correcting the address of a registration that waits for its verification."""

from flask import session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from pst.accounts.address_change import AddressChange
from pst.accounts.blueprint import bp
from pst.accounts.forms import EmailForm
from pst.accounts.log_in import throttling
from pst.accounts.mails import (
    mail_already_registered,
    mail_register_again,
    mail_verification,
    pretend,
    write_verification,
)
from pst.accounts.passwords import tail
from pst.accounts.registration.domains import likely_meant
from pst.accounts.registration.registrations import Registration
from pst.accounts.tokens import LinkToken
from pst.accounts.users import User
from pst.database import db, rehearsal
from pst.web.access import everyone
from pst.web.responses import done, page


@bp.get("/daftar/terkirim")
@everyone
def registered() -> ResponseReturnValue:
    return _registered(EmailForm(formdata=None, email=session.get("registered")))


def _registered(form: EmailForm, mail_wait_s: int = 0) -> Response:
    """Show where the link went; in the browser that registered, offer a correction."""
    email = session.get("registered")
    return page(
        "accounts/registration/registered.html",
        email=email,
        waits=session.get("asked"),
        form=form if email and session.get("chose") else None,
        meant=likely_meant(email or ""),
        mail_wait_s=mail_wait_s,
    )


@bp.post("/daftar/alamat")
@everyone
def correct_address() -> ResponseReturnValue:
    """Send the link to another address; the answer is the same for every address."""
    form = EmailForm()
    before = session.get("registered")
    if not before or not session.get("chose"):
        return done(url_for(".register"))
    if not form.validate():
        return _registered(form), 422
    if wait_s := throttling.ask_mail("registration", form.email.data):
        return _registered(form, mail_wait_s=wait_s), 429
    _move(User.with_email(before), form.email.data)
    db.session.commit()
    session["registered"] = form.email.data
    return done(url_for(".registered"))


def _move(user: User | None, email: str) -> None:
    """Move the registration made in this browser to `email`.

    Every case writes one mail and rehearses the other, so that all take as long.
    """
    other = User.with_email(email)
    if user is not None and _is_ours(user) and other in (None, user):
        with rehearsal():
            mail_register_again(email)
        user.correct_address(email)
        LinkToken.end_all(user)
        mail_verification(user)
        return
    pretend(write_verification)
    if other is not None and AddressChange.is_taken(other):
        mail_already_registered(other)
    else:
        # Nothing was kept for this address that its link could complete.
        mail_register_again(email)


def _is_ours(user: User) -> bool:
    """Return whether it is unproved, and no one but this browser registered it."""
    rows, choice = Registration.of(user), session.get("chose")
    hashes = [row.password_hash for row in rows] or [user.password_hash]
    return not AddressChange.is_taken(user) and [tail(each) for each in hashes] == [
        choice
    ]
