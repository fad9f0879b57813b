"""Proving whose an e-mail address is.

Anyone can register with any address, and chooses the password. Only in the browser
that did is pressing the button enough; elsewhere the password is asked for too, so
that no one verifies, for a stranger, an account that the stranger has the password of.
"""

from flask import flash, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.accounts.blueprint import (
    bp,
    dead_link,
    status_of_form,
)
from pst.accounts.forms import EmailForm
from pst.accounts.log_in import throttling
from pst.accounts.log_in.views import is_ticked, let_in
from pst.accounts.mails import (
    mail_account_active,
    mail_verification,
    pretend,
    write_verification,
)
from pst.accounts.passwords import tail
from pst.accounts.registration.registrations import complete, hashes_of
from pst.accounts.tokens import LinkToken, TokenPurpose
from pst.accounts.users import User, is_password_of
from pst.database import db, reading
from pst.outbox.bad_addresses import BadAddress
from pst.web.access import everyone
from pst.web.registered_pages import endpoint_of
from pst.web.responses import done, page

VERIFY_PAGE = "accounts/registration/verify.html"


def note_choice(password_hash: str) -> None:
    """Remember in this browser that its person chose this password."""
    session["chose"] = tail(password_hash)


@bp.route("/verifikasi/<token>", methods=["GET", "POST"])
@everyone
def verify(token: str) -> ResponseReturnValue:
    """Show a button; pressing it verifies. A mail scanner that follows links cannot."""
    with reading():
        link = LinkToken.find(TokenPurpose.VERIFY, token)
        email = link.user.email if link else ""
        hashes = hashes_of(link.user) if link else []
        hashed = _chosen_here(link.user, hashes) if link else ""
    if not hashes:
        return _old_link(token)
    asks = not hashed
    if request.method != "POST":
        return page(VERIFY_PAGE, email=email, asks=asks)
    if asks:
        hashed, error = _given_here(email, hashes)
        if error:
            return page(VERIFY_PAGE, email=email, asks=True, error=error), 422
    # Another press may have been quicker.
    link = LinkToken.find(TokenPurpose.VERIFY, token)
    if link is None or hashed not in hashes_of(link.user):
        return _old_link(token)
    user = link.user
    LinkToken.end_all(user, TokenPurpose.VERIFY)
    onward, sentence = complete(user, hashed) or (
        url_for(endpoint_of("own_requests")),
        "",
    )
    go_on = _go_on(user, onward)  # a log-in begins a session: it is said afterwards
    flash(f"Email Anda sudah terverifikasi. {sentence}".strip())
    return go_on


def _go_on(user: User, onward: str) -> ResponseReturnValue:
    """Log the person in, who has just shown to read the mailbox and know the password.

    Not in a browser in which another is logged in, nor without a second step.
    """
    if current_user.is_authenticated:
        place = onward if current_user.id == user.id else url_for(".show")
        db.session.commit()
        return done(place)
    if user.is_staff or user.has_two_step:
        db.session.commit()
        return done(url_for(".log_in", next=onward))
    session.pop("asked", None)
    return let_in(user, shared=is_ticked("shared"), onward=onward)


def _old_link(token: str) -> ResponseReturnValue:
    """Answer that the account is active, where it is; else that the link is dead."""
    with reading():
        is_done = LinkToken.has_verified(token)
    if is_done:
        return page("accounts/registration/verified_already.html")
    return dead_link(".resend")


def _chosen_here(user: User, hashes: list[str]) -> str:
    """Return the hash of the password that was chosen, or given, in this browser."""
    choice = session.get("chose")
    if getattr(current_user, "id", None) == user.id:
        return user.password_hash
    return next((each for each in hashes if tail(each) == choice), "")


def _given_here(email: str, hashes: list[str]) -> tuple[str, str]:
    """Return which hash the password has, or the sentence for the page that has not."""
    counters = throttling.counters_for("verification", email)
    if throttling.guesses().take(counters):
        return "", throttling.TOO_OFTEN
    password = request.form.get("password", "")
    for hashed in hashes:
        if is_password_of(User(password_hash=hashed), password):
            throttling.guesses().give_back(counters)
            return hashed, ""
    return "", "Kata sandi tidak cocok."


@bp.route("/verifikasi", methods=["GET", "POST"])
@everyone
def resend() -> ResponseReturnValue:
    """Mail a new verification link; the answer is the same for every address."""
    form = EmailForm()
    if request.method != "POST" or not form.validate():
        return page("accounts/registration/resend.html", form=form), status_of_form()
    if wait_s := throttling.ask_mail("verification", form.email.data):
        return page(
            "accounts/registration/resend.html", form=form, mail_wait_s=wait_s
        ), 429
    _answer_by_mail(User.with_email(form.email.data))
    db.session.commit()
    session["registered"] = form.email.data
    return done(url_for(".registered"))


def _answer_by_mail(user: User | None) -> None:
    """Mail a link, or that none is needed; do the same work for every address."""
    if user is None or not user.active:
        pretend(write_verification)
        pretend(mail_account_active)
    elif user.is_verified and not BadAddress.of(user.email):
        pretend(write_verification)
        mail_account_active(user)
    else:
        pretend(mail_account_active)
        mail_verification(user)
