"""A person's own account: what they said of themselves."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.accounts.blueprint import bp
from pst.accounts.forms import NameForm, ProfileForm, StaffForm
from pst.database import db
from pst.web.access import before_two_step, signed_in
from pst.web.responses import SAVED, done, page


@bp.get("/akun")
@signed_in
@before_two_step
def show() -> ResponseReturnValue:
    return page("accounts/own_account/show.html", profile=profile_form())


@bp.post("/akun/pemberitahuan")
@signed_in
@before_two_step
def choose_notices() -> ResponseReturnValue:
    """Switch the mails on or off that tell that an officer wrote."""
    current_user.choose_notices("on" in request.form)
    db.session.commit()
    flash(SAVED)
    return done(url_for(".show"))


def profile_form() -> NameForm:
    """Make the form of the person's kind, filled with what is stored."""
    kind = StaffForm if current_user.is_staff else ProfileForm
    return kind(formdata=None, obj=current_user)


@bp.post("/akun/profil")
@signed_in
@before_two_step
def change_profile() -> ResponseReturnValue:
    form = StaffForm() if current_user.is_staff else ProfileForm()
    if not form.validate():
        return page("accounts/own_account/show.html", profile=form), 422
    current_user.change_profile(**form.data)
    db.session.commit()
    flash(SAVED)
    return done(url_for(".show"))
