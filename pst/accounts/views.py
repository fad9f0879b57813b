"""Registering, and the links that are mailed to prove whose an address is."""

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.accounts.blueprint import (
    bp,
    dead_link,
    status_of_form,
)
from pst.accounts.forms import EmailForm, NewPasswordForm, RegistrationForm

# The views of these modules stand on the same blueprint; importing them adds them,
# so `noqa: F401`.
from pst.accounts.log_in import throttling
from pst.accounts.log_in.known_browsers import remember
from pst.accounts.log_in.views import go_on
from pst.accounts.mails import (
    mail_new_password,
    mail_password_changed,
    pretend,
    write_new_password,
)
from pst.accounts.own_account import addresses, profile, security  # noqa: F401
from pst.accounts.passwords import hash_password
from pst.accounts.registration import (  # noqa: F401
    email_verification,
    mistyped,
    registering,
)
from pst.accounts.tokens import LinkToken, TokenPurpose
from pst.accounts.users import User
from pst.database import db, reading
from pst.web.access import everyone
from pst.web.responses import done, page


@bp.route("/daftar", methods=["GET", "POST"])
@everyone
def register() -> ResponseReturnValue:
    if request.method != "POST" and current_user.is_authenticated:
        return go_on()
    form = RegistrationForm()
    if request.method != "POST" or not form.validate():
        return page("accounts/registration/register.html", form=form), status_of_form()
    if wait_s := throttling.ask_mail("registration", form.email.data):
        return page(
            "accounts/registration/register.html", form=form, mail_wait_s=wait_s
        ), 429
    registering.register(form, hash_password(form.password.data))
    db.session.commit()
    return done(url_for(".registered"))


@bp.route("/lupa-sandi", methods=["GET", "POST"])
@everyone
def forgotten() -> ResponseReturnValue:
    form = EmailForm()
    if request.method != "POST" or not form.validate():
        return page("accounts/forgotten.html", form=form), status_of_form()
    if wait_s := throttling.ask_mail("new_password", form.email.data):
        return page("accounts/forgotten.html", form=form, mail_wait_s=wait_s), 429
    user = User.with_email(form.email.data)
    if user is not None and user.active:
        mail_new_password(user)
    else:
        pretend(write_new_password)
    db.session.commit()
    return done(url_for(".forgotten_sent"))


@bp.get("/masuk/keadaan")
@everyone
def standing() -> ResponseReturnValue:
    """Answer nginx whether to take a large body from this sender."""
    return "", 204 if current_user.is_authenticated else 403


@bp.get("/lupa-sandi/terkirim")
@everyone
def forgotten_sent() -> ResponseReturnValue:
    return page("accounts/forgotten_sent.html")


@bp.route("/sandi-baru/<token>", methods=["GET", "POST"])
@everyone
def new_password(token: str) -> ResponseReturnValue:
    return _set_password(TokenPurpose.NEW_PASSWORD, token, "accounts/new_password.html")


@bp.route("/undangan/<token>", methods=["GET", "POST"])
@everyone
def accept(token: str) -> ResponseReturnValue:
    """Let a person that an admin invited choose a password."""
    return _set_password(TokenPurpose.INVITE, token, "accounts/accept.html")


def _set_password(
    purpose: TokenPurpose, token: str, template: str
) -> ResponseReturnValue:
    with reading():
        link = LinkToken.find(purpose, token)
        user = link.user if link else None
        about: dict[str, Any] = {}
        if user:
            about = {"name": user.name, "email": user.email}
    if not about:
        return dead_link(".forgotten")
    form = NewPasswordForm()
    form.own = tuple(about.values())
    if request.method != "POST" or not form.validate():
        return page(template, form=form, **about), status_of_form()
    password_hash = hash_password(form.password.data)
    link = LinkToken.find(purpose, token)  # another press may have been quicker
    if link is None:
        return dead_link(".forgotten")
    link.user.verify()  # the person who followed the link reads this mailbox
    link.user.change_password(password_hash)
    LinkToken.end_all(link.user)
    if purpose is TokenPurpose.NEW_PASSWORD:
        mail_password_changed(link.user)
    db.session.commit()
    flash("Kata sandi Anda sudah tersimpan. Silakan masuk.")
    answer = done(url_for(".log_in"))
    # One who reads the mailbox gets in, however often strangers have guessed.
    remember(answer, about["email"])
    return answer
