"""Logging in, with one step or two, and out."""

from datetime import datetime, timedelta

from flask import current_app, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from pst import clock
from pst.accounts.blueprint import (
    bp,
    current_log_in,
    give_cookie,
    status_of_form,
    take_cookie,
)
from pst.accounts.forms import CodeForm, LogInForm
from pst.accounts.log_in import throttling
from pst.accounts.log_in.known_browsers import remember
from pst.accounts.log_in.two_step import TwoStep
from pst.accounts.log_ins import LOG_IN_LASTS, LogIn, ProviderLogIn
from pst.accounts.passwords import hash_password, is_outdated, tail
from pst.accounts.users import User, is_password_of
from pst.database import db, reading
from pst.office import audit
from pst.web import registered_pages
from pst.web.access import ends_log_in, everyone
from pst.web.forms import resubmission
from pst.web.responses import page, safe_next

# How long a right password waits for the second step.
HALF_WAY = timedelta(minutes=10)


@bp.route("/masuk", methods=["GET", "POST"])
@everyone
def log_in() -> ResponseReturnValue:
    if request.method != "POST" and current_user.is_authenticated:
        return go_on()
    form = LogInForm()
    if request.method != "POST" or not form.validate():
        return _ask(form)
    counters = throttling.counters_for("password", form.email.data)
    if wait_s := throttling.guesses().take(counters):
        return _say_wait(form, wait_s)
    with reading():
        user = User.with_email(form.email.data)
        is_right = is_password_of(user, form.password.data)
        id = user.id if user and user.active and is_right else None
        is_old = user is not None and is_right and is_outdated(user.password_hash)
    if id is None:
        return _refuse(form)
    new_hash = hash_password(form.password.data) if is_old else None
    user = db.session.get_one(User, id)
    if _belongs_to_organisation(user):
        throttling.guesses().give_back(counters)
        form.password.errors = ["Petugas masuk dengan akun organisasi."]
        return _ask(form)
    if new_hash is not None:
        user.renew_hash(new_hash)
    throttling.guesses().give_back(counters)
    if user.has_two_step:
        return go_half_way(user, shared=is_ticked("shared"))
    return let_in(user, shared=is_ticked("shared"))


def _belongs_to_organisation(user: User) -> bool:
    """Return whether `user` may log in with the organisation only.

    The first admin may always use the password: the provider may be away.
    """
    sign_on = current_app.config["PST"].sign_on
    return bool(sign_on and sign_on.is_required and user.is_staff) and (
        user.id != User.first_admin_id()
    )


def is_ticked(name: str) -> bool:
    return request.form.get(name) == "ya"


def _ask(form: LogInForm, wait_s: int = 0) -> ResponseReturnValue:
    answer = page(
        "accounts/log_in/log_in.html",
        form=form,
        onward=safe_next(request.values.get("next"), ""),
        held=resubmission.from_form(),
        wait_s=wait_s,
    )
    return answer, 429 if wait_s else status_of_form()


def _refuse(form: LogInForm) -> ResponseReturnValue:
    """Answer that it is wrong, the same for every address, and note it."""
    user = User.with_email(form.email.data)
    audit.record("log_in_failed", user.subject if user else "user:unknown", None)
    db.session.commit()
    form.password.errors = ["Email atau kata sandi tidak cocok."]
    return _ask(form)


def _say_wait(form: LogInForm, wait_s: int) -> ResponseReturnValue:
    db.session.rollback()
    return _ask(form, wait_s)


def go_half_way(
    user: User, *, shared: bool, origin: ProviderLogIn | None = None, onward: str = ""
) -> ResponseReturnValue:
    """Remember who took the first step, and ask for the second."""
    session["half_way_shared"] = shared
    session["half_way_at_provider"] = origin and [origin.session_id, origin.short_leave]
    session["half_way"] = [user.id, clock.now().isoformat(), tail(user.password_hash)]
    db.session.commit()
    if fields := resubmission.from_form():
        return _ask_code(CodeForm(formdata=None), fields), 200
    onward = onward or safe_next(request.values.get("next"), "")
    return redirect(url_for("accounts.second_step", next=onward or None), code=303)


@bp.route("/masuk/kode", methods=["GET", "POST"])
@everyone
def second_step() -> ResponseReturnValue:
    user = _half_way()
    if user is None:
        session.pop("half_way", None)
        return redirect(url_for(".log_in"), code=303)
    form = CodeForm()
    if request.method != "POST" or not form.validate():
        return _ask_code(form, resubmission.from_form()), status_of_form()
    counters = throttling.counters_for("second step", user.email)
    if wait_s := throttling.guesses().take(counters):
        return _ask_code(form, resubmission.from_form(), wait_s), 429
    two_step = TwoStep.of(user)
    if two_step is None or not two_step.takes(form.code.data):
        audit.record("second_step_failed", user.subject, None)
        db.session.commit()
        form.code.errors = ["Kode tidak cocok atau sudah dipakai."]
        return _ask_code(form, resubmission.from_form()), 422
    throttling.guesses().give_back(counters)
    origin = ProviderLogIn(*(session.get("half_way_at_provider") or ()))
    return let_in(user, shared=bool(session.get("half_way_shared")), origin=origin)


def _half_way() -> User | None:
    """Find who gave the right password in this browser a moment ago."""
    id, at, fingerprint = session.get("half_way") or (0, "", "")
    if not at or clock.now() - datetime.fromisoformat(at) > HALF_WAY:
        return None
    user = db.session.get(User, id)
    if user is None or not user.active or tail(user.password_hash) != fingerprint:
        return None
    return user


def _ask_code(
    form: CodeForm, words: resubmission.HeldForm | None, wait_s: int = 0
) -> Response:
    return page(
        "accounts/log_in/second_step.html",
        form=form,
        onward=safe_next(request.values.get("next"), ""),
        held=words,
        wait_s=wait_s,
    )


def let_in(
    user: User, *, shared: bool, origin: ProviderLogIn | None = None, onward: str = ""
) -> Response:
    """Open a log-in of its own for this browser, and send the person on.

    On a `shared` computer it ends with the browser, which remembers no one.
    """
    if (before := current_log_in()) is not None:
        before.close()
    row, token = LogIn.open(
        user, request.user_agent.string, request.remote_addr, shared=shared
    )
    row.origin = origin or ProviderLogIn()
    lasts = int(LOG_IN_LASTS[user.role].total_seconds())
    seconds, home = None if shared else lasts, home_of(user)
    email = user.email
    db.session.commit()
    session.clear()  # a log-in starts a new session, with a new form token
    g.pop(current_app.config["WTF_CSRF_FIELD_NAME"], None)  # made for this request
    session.permanent = not shared
    if fields := resubmission.from_form():
        response: Response = page("held.html", held=fields, why="signed_in")
    else:
        onward = onward or safe_next(request.values.get("next"), home)
        response = redirect(onward, code=303)
    if not shared:
        remember(response, email)
    return give_cookie(response, token, seconds)


def go_on() -> Response:
    """Redirect a person who is signed in to the page they wanted, or home."""
    home = home_of(current_user)
    return redirect(safe_next(request.args.get("next"), home), code=303)


def home_of(user: User) -> str:
    """Return the address where `user` starts working."""
    return url_for(registered_pages.home_of(user.role))


@bp.post("/keluar")
@everyone
@ends_log_in
def log_out() -> ResponseReturnValue:
    log_in = current_log_in()
    user_id = log_in.user_id if log_in is not None else None
    leave_url = log_in.origin.leave_url if log_in is not None else None
    if log_in is not None:
        log_in.close()
    db.session.commit()
    session.clear()
    if user_id is not None:
        session["left"] = user_id  # the next page removes what they typed here
    if leave_url:
        # A page, not a redirect: a form of ours may not lead to another site.
        response: Response = page("accounts/log_in/left_here.html", leave_url=leave_url)
    else:
        flash("Anda sudah keluar.")
        response = redirect(url_for(registered_pages.endpoint_of("home")), code=303)
    response = take_cookie(response)
    # What the browser kept of pages that were for this person's eyes.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.get("/keluar")
@everyone
def leaving() -> ResponseReturnValue:
    return page("accounts/log_in/leaving.html")
