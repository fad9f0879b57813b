"""Registering, and the links that are mailed to prove whose an address is."""

from flask import flash, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

# The views in these modules stand on the same blueprint; importing them adds them.
from pst.accounts import (  # noqa: F401  (see the line above)
    addresses,
    email_verification,
    log_in,
    mistyped,
    profile,
    security,
    throttling,
)
from pst.accounts.address_change import AddressChange
from pst.accounts.blueprint import (
    bp,
    dead_link,
    status_of_form,
)
from pst.accounts.consents import OPTIONAL, Consent
from pst.accounts.consents import Purpose as Consented
from pst.accounts.email_verification import note_choice
from pst.accounts.forms import EmailForm, NewPasswordForm, RegistrationForm
from pst.accounts.known_browsers import remember
from pst.accounts.mails import (
    mail_already_registered,
    mail_new_password,
    mail_password_changed,
    mail_verification,
    pretend,
    write_new_password,
)
from pst.accounts.passwords import hash_password
from pst.accounts.tokens import LinkToken, Purpose
from pst.accounts.users import User, unused_address
from pst.database import db, reading, rehearsal
from pst.office import settings
from pst.web.access import everyone
from pst.web.responses import done, page


@bp.route("/daftar", methods=["GET", "POST"])
@everyone
def register() -> ResponseReturnValue:
    if request.method != "POST" and current_user.is_authenticated:
        return log_in.go_on()
    form = RegistrationForm()
    if request.method != "POST" or not form.validate():
        return page("accounts/register.html", form=form), status_of_form()
    if wait_s := throttling.ask_mail("registration", form.email.data):
        return page("accounts/register.html", form=form, mail_wait_s=wait_s), 429
    password_hash = hash_password(form.password.data)
    user = User.with_email(form.email.data)
    # The page answers the same, and in the same time, whether the account exists: what
    # is done for the one is rehearsed for the other. Only the owner of the address
    # learns that it does.
    if user is not None and AddressChange.is_taken(user):
        with rehearsal():
            _take(None, unused_address(), form, password_hash)
        mail_already_registered(user)
    else:
        with rehearsal():
            if account := db.session.scalar(db.select(User).limit(1)):
                mail_already_registered(account)
        _take(user, form.email.data, form, password_hash)
    db.session.commit()
    session["registered"] = form.email.data
    note_choice(password_hash)
    return done(url_for(".registered"))


def _take(
    user: User | None, email: str, form: RegistrationForm, password_hash: str
) -> None:
    user = _written_down(user, email, form, password_hash)
    _agree(user, form)
    mail_verification(user)


def _written_down(
    user: User | None, email: str, form: RegistrationForm, password_hash: str
) -> User:
    """Make the account; of one that was never verified the last registration counts."""
    about = {
        "name": form.name.data,
        "password_hash": password_hash,
        "consent_version": settings.current().consent_version,
        "institution_kind": form.institution_kind.data,
        "institution": form.institution.data,
        "occupation": form.occupation.data,
    }
    if user is None:
        return User.register(email, **about)
    user.register_again(**about)
    return user


def _agree(user: User, form: RegistrationForm) -> None:
    """Note each consent by itself, with the version of the notice."""
    version = settings.current().consent_version
    Consent.give(user, Consented.SERVICE, version)
    for purpose in OPTIONAL:
        if form[purpose.value].data:
            Consent.give(user, purpose, version)
        else:
            Consent.withdraw(user, purpose)


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
    return _set_password(Purpose.NEW_PASSWORD, token, "accounts/new_password.html")


@bp.route("/undangan/<token>", methods=["GET", "POST"])
@everyone
def accept(token: str) -> ResponseReturnValue:
    """Let a person whom an admin invited choose their password."""
    return _set_password(Purpose.INVITE, token, "accounts/accept.html")


def _set_password(purpose: Purpose, token: str, template: str) -> ResponseReturnValue:
    with reading():
        found = LinkToken.find(purpose, token)
        user = found.user if found else None
        about = {"name": user.name, "email": user.email} if user else {}
    if not about:
        return dead_link(".forgotten")
    form = NewPasswordForm()
    form.own = tuple(about.values())
    if request.method != "POST" or not form.validate():
        return page(template, form=form, **about), status_of_form()
    password_hash = hash_password(form.password.data)
    found = LinkToken.find(purpose, token)  # another press may have been quicker
    if found is None:
        return dead_link(".forgotten")
    found.use()
    found.user.verify()  # the person who followed the link reads this mailbox
    found.user.change_password(password_hash)
    LinkToken.end_all(found.user)
    if purpose is Purpose.NEW_PASSWORD:
        mail_password_changed(found.user)
    db.session.commit()
    flash("Kata sandi Anda sudah tersimpan. Silakan masuk.")
    answer = done(url_for(".log_in"))
    # One who reads the mailbox gets in, however often strangers have guessed.
    remember(answer, about["email"])
    return answer
