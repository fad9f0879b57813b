"""A person's own account: profile and password."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from pst.access import signed_in
from pst.accounts.blueprint import bp
from pst.accounts.forms import ChangePasswordForm, NameForm, ProfileForm
from pst.accounts.letters import mail_password_changed
from pst.accounts.models import User, hash_password, is_password_of
from pst.database import db
from pst.pages import done, page


@bp.get("/akun")
@signed_in
def show() -> ResponseReturnValue:
    return _account(profile_form(), ChangePasswordForm())


def profile_form() -> NameForm:
    """Make the form of the person's kind, filled with what is stored."""
    kind = NameForm if current_user.is_staff else ProfileForm
    return kind(formdata=None, obj=current_user)


def _account(profile: NameForm, password: ChangePasswordForm) -> Response:
    return page("accounts/show.html", profile=profile, password=password)


@bp.post("/akun/profil")
@signed_in
def change_profile() -> ResponseReturnValue:
    form = NameForm() if current_user.is_staff else ProfileForm()
    if not form.validate():
        return _account(form, ChangePasswordForm(formdata=None)), 422
    told = {name: value for name, value in form.data.items() if name != "csrf_token"}
    current_user.change_profile(**told)
    db.session.commit()
    flash("Perubahan tersimpan.")
    return done(url_for(".show"))


@bp.post("/akun/kata-sandi")
@signed_in
def change_password() -> ResponseReturnValue:
    form = ChangePasswordForm()
    id, hashed = current_user.id, current_user.password_hash
    db.session.rollback()  # let go of the write lock while passwords are hashed
    good = form.validate()
    if good and not is_password_of(User(password_hash=hashed), form.current.data):
        form.current.errors = ["Kata sandi sekarang tidak cocok."]
        good = False
    if not good:
        return _account(profile_form(), form), 422
    password_hash = hash_password(form.password.data)
    user = db.session.get_one(User, id)
    user.change_password(password_hash)
    mail_password_changed(user)
    db.session.commit()
    flash("Kata sandi Anda sudah diganti. Silakan masuk lagi.")
    return done(url_for(".log_in"))
