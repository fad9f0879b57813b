"""A person's password, second step and devices."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from pst.accounts.blueprint import (
    bp,
    confirmation_page,
    confirmed,
    current_log_in,
    take_cookie,
)
from pst.accounts.forms import ChangePasswordForm, CodeForm
from pst.accounts.log_in import throttling
from pst.accounts.log_in.two_step import TwoStep
from pst.accounts.log_ins import LogIn
from pst.accounts.mails import mail_password_changed, mail_two_step
from pst.accounts.passwords import hash_password
from pst.accounts.tokens import LinkToken
from pst.accounts.users import User, is_password_of
from pst.database import db
from pst.web.access import before_two_step, ends_log_in, find_or_404, signed_in, team
from pst.web.forms import resubmission
from pst.web.responses import done, page, safe_next


@bp.get("/akun/keamanan")
@signed_in
@before_two_step
def security() -> ResponseReturnValue:
    return _security(ChangePasswordForm(formdata=None))


def _security(form: ChangePasswordForm) -> Response:
    here = current_log_in()
    return page(
        "accounts/own_account/security.html",
        form=form,
        two_step=TwoStep.of(current_user),
        log_ins=LogIn.of(current_user),
        here=here.id if here else 0,
    )


@bp.post("/akun/kata-sandi")
@signed_in
@before_two_step
def change_password() -> ResponseReturnValue:
    form = ChangePasswordForm()
    id, hashed = current_user.id, current_user.password_hash
    form.own = (current_user.name, current_user.email)
    db.session.rollback()  # let go of the write lock while passwords are hashed
    if form.validate() and (error := password_refusal(hashed, form.current.data)):
        form.current.errors = [error]
    if form.errors:
        return _security(form), 422
    password_hash = hash_password(form.password.data)
    user = db.session.get_one(User, id)
    user.change_password(password_hash)
    LinkToken.end_all(user)
    mail_password_changed(user)
    db.session.commit()
    flash("Kata sandi Anda sudah diganti. Silakan masuk lagi.")
    return done(url_for(".log_in"))


def password_refusal(hashed: str, password: str) -> str:
    """Compare the present password; return the sentence when it is refused."""
    counters = _counters("password change")
    db.session.rollback()
    if throttling.guesses().take(counters):
        return throttling.TOO_OFTEN
    if is_password_of(User(password_hash=hashed), password):
        throttling.guesses().give_back(counters)
        return ""
    return "Kata sandi sekarang tidak cocok."


def _counters(kind: str) -> list[throttling.Counter]:
    log_in = current_log_in()
    assert log_in is not None
    return throttling.counters_in(kind, log_in.id)


@bp.post("/akun/perangkat/<int:id>/pengeluaran")
@signed_in
@before_two_step
def end_log_in(id: int) -> ResponseReturnValue:
    """Sign one device out."""
    own = db.select(LogIn).filter_by(user_id=current_user.id)
    log_in: LogIn = find_or_404(own, id=id)
    log_in.close()
    db.session.commit()
    flash("Perangkat itu sudah dikeluarkan.")
    return done(url_for(".security"))


@bp.post("/akun/perangkat/pengeluaran")
@signed_in
@before_two_step
@ends_log_in
def end_all_log_ins() -> ResponseReturnValue:
    """End every log-in, this one too (*Keluar dari semua perangkat*)."""
    current_user.log_out_everywhere()
    db.session.commit()
    flash("Anda sudah keluar dari semua perangkat.")
    return take_cookie(redirect(url_for(".log_in"), code=303))


@bp.route("/akun/konfirmasi", methods=["GET", "POST"])
@signed_in
@before_two_step
def confirm() -> ResponseReturnValue:
    """Take the password or a code again; then what was held can be sent."""
    onward = safe_next(request.values.get("next"), "")
    fields = resubmission.from_form()
    if request.method != "POST":
        return confirmation_page(None, onward=onward)
    counters = _counters("confirmation")
    if throttling.guesses().take(counters):
        sentence = throttling.TOO_OFTEN
        return confirmation_page(fields, onward=onward, error=sentence), 429
    if not _is_really_there():
        answer = confirmation_page(fields, onward=onward, error="Tidak cocok.")
        return answer, 422
    throttling.guesses().give_back(counters)
    log_in = current_log_in()
    assert log_in is not None
    log_in.confirm()
    db.session.commit()
    if fields is not None:
        return page("held.html", held=fields, why="confirmed")
    return done(onward or url_for(".show"))


def _is_really_there() -> bool:
    if current_user.has_two_step:
        two_step = TwoStep.of(current_user)
        is_right = two_step is not None and two_step.takes(request.form.get("code", ""))
        db.session.commit()  # the code is used up, right or wrong
        return is_right
    hashed = current_user.password_hash
    db.session.rollback()  # let go of the write lock while passwords are compared
    return is_password_of(User(password_hash=hashed), request.form.get("password", ""))


@bp.get("/akun/dua-langkah")
@team
@before_two_step
def two_step() -> ResponseReturnValue:
    return _two_step(CodeForm(formdata=None))


def _two_step(form: CodeForm) -> Response:
    return page(
        "accounts/own_account/two_step.html",
        form=form,
        two_step=TwoStep.of(current_user),
    )


@bp.post("/akun/dua-langkah/persiapan")
@team
@before_two_step
@confirmed
def start_two_step() -> ResponseReturnValue:
    """Choose a secret and show it; nothing is asked for until a code came back."""
    TwoStep.start(current_user)
    db.session.commit()
    return done(url_for(".two_step"))


@bp.post("/akun/dua-langkah")
@team
@before_two_step
@confirmed
def enable_two_step() -> ResponseReturnValue:
    form = CodeForm()
    row = TwoStep.of(current_user)
    if row is None:
        return done(url_for(".two_step"))
    if form.validate() and not row.enable(form.code.data):
        form.code.errors = ["Kode tidak cocok. Periksa jam pada ponsel Anda."]
    if form.errors:
        db.session.rollback()
        return _two_step(form), 422
    LogIn.end_others(current_log_in())
    mail_two_step(current_user, is_on=True)
    db.session.commit()
    flash("Masuk dua langkah sudah aktif. Perangkat lain harus masuk kembali.")
    return done(url_for(".recovery_codes"))


@bp.get("/akun/dua-langkah/kode-cadangan")
@team
@confirmed
def recovery_codes() -> ResponseReturnValue:
    """Show the ten codes, until the person says they are kept."""
    row = TwoStep.of(current_user)
    if row is None or row.enabled_at is None or row.codes_saved_at is not None:
        return redirect(url_for(".two_step"), code=303)
    return page("accounts/own_account/recovery_codes.html", codes=row.recovery_codes)


@bp.post("/akun/dua-langkah/kode-cadangan/penyimpanan")
@team
def keep_recovery_codes() -> ResponseReturnValue:
    if (row := TwoStep.of(current_user)) is not None:
        row.note_saved()
    db.session.commit()
    return done(url_for(".two_step"))


@bp.post("/akun/dua-langkah/kode-cadangan")
@team
@confirmed
def renew_recovery_codes() -> ResponseReturnValue:
    row = TwoStep.of(current_user)
    if row is not None and row.enabled_at is not None:
        row.renew_codes()
    db.session.commit()
    return done(url_for(".recovery_codes"))


@bp.post("/akun/dua-langkah/penonaktifan")
@team
@confirmed
def disable_two_step() -> ResponseReturnValue:
    if (row := TwoStep.of(current_user)) is not None:
        row.disable(by=current_user)
        mail_two_step(current_user, is_on=False)
    db.session.commit()
    flash("Masuk dua langkah dimatikan.")
    return done(url_for(".two_step"))
