"""Logging in and out."""

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from pst import held
from pst.access import everyone
from pst.accounts.blueprint import (
    bp,
    current_log_in,
    give_cookie,
    limited,
    limited_by_account,
    status_of_form,
    take_cookie,
)
from pst.accounts.forms import LogInForm
from pst.accounts.models import LOG_IN_LASTS, LogIn, User, is_password_of
from pst.database import db, reading
from pst.pages import page, safe_next


@bp.route("/masuk", methods=["GET", "POST"])
@everyone
@limited
@limited_by_account
def log_in() -> ResponseReturnValue:
    form = LogInForm()
    if request.method == "GET" or not form.validate():
        return _ask(form)
    with reading():
        user = User.with_email(form.email.data)
        is_right = is_password_of(user, form.password.data)
        id = user.id if user and user.active and is_right else None
    if id is None:
        form.password.errors = ["Email atau kata sandi tidak cocok."]
        return _ask(form)
    return _let_in(db.session.get_one(User, id))


def _ask(form: LogInForm) -> ResponseReturnValue:
    onward = safe_next(request.values.get("next"), "")
    typed = held.from_form()
    answer = page("accounts/log_in.html", form=form, onward=onward, held=typed)
    return answer, status_of_form()


def _let_in(user: User) -> Response:
    """Open a log-in of its own for this browser, and send the person on."""
    if (before := current_log_in()) is not None:
        before.close()
    _, token = LogIn.open(user, request.user_agent.string)
    seconds, home = int(LOG_IN_LASTS[user.role].total_seconds()), home_of(user)
    db.session.commit()
    session.clear()  # a log-in starts a new session, with a new form token
    session.permanent = True
    if typed := held.from_form():
        response: Response = page("held.html", held=typed, why="signed_in")
    else:
        response = redirect(safe_next(request.values.get("next"), home), code=303)
    return give_cookie(response, token, seconds)


def home_of(user: User) -> str:
    """Tell where `user` starts working."""
    if user.is_officer:
        return url_for("desk.index")
    if user.is_head:
        return url_for("reports.head_index")
    if user.is_admin:
        return url_for("admin.index")
    return url_for("consultations.index")


@bp.post("/keluar")
@everyone
def log_out() -> ResponseReturnValue:
    log_in = current_log_in()
    if log_in is not None:
        log_in.close()
    db.session.commit()
    session.clear()
    flash("Anda sudah keluar.")
    return take_cookie(redirect(url_for("front.home"), code=303))


@bp.get("/keluar")
@everyone
def leaving() -> ResponseReturnValue:
    return page("accounts/leaving.html")
