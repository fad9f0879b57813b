"""Proving whose an e-mail address is.

Anyone can register with any address, and chooses the password. Only in the browser
that did is pressing the button enough; elsewhere the password is asked for too, so
that no one verifies, for a stranger, an account that the stranger has the password of.
"""

from flask import flash, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.accounts import throttling
from pst.accounts.blueprint import (
    bp,
    dead_link,
    status_of_form,
)
from pst.accounts.forms import EmailForm
from pst.accounts.mails import (
    mail_account_active,
    mail_verification,
    pretend,
    write_verification,
)
from pst.accounts.passwords import tail
from pst.accounts.tokens import LinkToken, Purpose
from pst.accounts.users import User, is_password_of
from pst.database import db, reading
from pst.outbox.bad_addresses import BadAddress
from pst.web.access import everyone
from pst.web.responses import done, page


def note_choice(password_hash: str) -> None:
    """Remember in this browser that its person chose this password."""
    session["chose"] = tail(password_hash)


@bp.route("/verifikasi/<token>", methods=["GET", "POST"])
@everyone
def verify(token: str) -> ResponseReturnValue:
    """Show a button; pressing it verifies. A mail scanner that follows links cannot."""
    with reading():
        found = LinkToken.find(Purpose.VERIFY, token)
        id, email = (found.user.id, found.user.email) if found else (0, "")
        asks = found is not None and not _registered_here(found.user)
        hashed = found.user.password_hash if found else ""
    if not id:
        return _old_link(token)
    if request.method != "POST":
        return page("accounts/verify.html", email=email, asks=asks)
    if asks and (error := _what_is_wrong(email, hashed)):
        answer = page("accounts/verify.html", email=email, asks=True, error=error)
        return answer, 422
    found = LinkToken.find(Purpose.VERIFY, token)  # another press may have been quicker
    if found is None or found.user.password_hash != hashed:
        return _old_link(token)
    found.user.verify()
    LinkToken.end_all(found.user, Purpose.VERIFY)
    db.session.commit()
    flash("Email Anda sudah terverifikasi.")
    if current_user.is_authenticated:
        return done(url_for("consultations.index"))
    return done(url_for(".log_in"))


def _old_link(token: str) -> ResponseReturnValue:
    """Answer that the account is active, where it is; else that the link is dead."""
    with reading():
        is_done = LinkToken.has_verified(token)
    if is_done:
        return page("accounts/verified_already.html")
    return dead_link(".resend")


def _registered_here(user: User) -> bool:
    """Return whether the password was chosen, or given, in this browser."""
    is_chosen = session.get("chose") == tail(user.password_hash)
    return is_chosen or getattr(current_user, "id", None) == user.id


def _what_is_wrong(email: str, hashed: str) -> str:
    """Compare the password; return the sentence for the page when it is refused."""
    counters = throttling.counters_for("verification", email)
    if throttling.guesses().take(counters):
        return throttling.TOO_OFTEN
    if is_password_of(User(password_hash=hashed), request.form.get("password", "")):
        throttling.guesses().give_back(counters)
        return ""
    return "Kata sandi tidak cocok."


@bp.route("/verifikasi", methods=["GET", "POST"])
@everyone
def resend() -> ResponseReturnValue:
    """Mail a new verification link; the answer is the same for every address."""
    form = EmailForm()
    if request.method != "POST" or not form.validate():
        return page("accounts/resend.html", form=form), status_of_form()
    if wait_s := throttling.ask_mail("verification", form.email.data):
        return page("accounts/resend.html", form=form, mail_wait_s=wait_s), 429
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
