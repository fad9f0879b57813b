"""Changing the address of one's own account, and taking it back from the old one."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from pst.accounts.address_change import AddressChange
from pst.accounts.blueprint import bp, dead_link
from pst.accounts.forms import AddressForm
from pst.accounts.log_in import throttling
from pst.accounts.mails import (
    mail_address_changed,
    mail_address_proof,
    mail_already_registered,
    mail_new_password,
)
from pst.accounts.own_account.security import password_refusal
from pst.accounts.users import User
from pst.database import db, rehearsal
from pst.web.access import before_two_step, ends_log_in, everyone, signed_in
from pst.web.responses import done, page


@bp.get("/akun/alamat")
@signed_in
@before_two_step
def address() -> ResponseReturnValue:
    return _address(AddressForm(formdata=None))


def _address(form: AddressForm, mail_wait_s: int = 0) -> Response:
    return page(
        "accounts/own_account/address.html",
        form=form,
        mail_wait_s=mail_wait_s,
        is_sent="terkirim" in request.args,
        undoable_notice=AddressChange.undoable_notice(current_user),
    )


@bp.post("/akun/alamat")
@signed_in
@before_two_step
def ask_address() -> ResponseReturnValue:
    """Mail a link to the new address; the same answer whether it has an account."""
    form = AddressForm()
    id, hashed = current_user.id, current_user.password_hash
    if form.validate():
        db.session.rollback()  # let go of the write lock while passwords are compared
        if error := password_refusal(hashed, form.current.data):
            form.current.errors = [error]
    if form.errors:
        return _address(form), 422
    if wait_s := throttling.ask_mail("address", form.email.data):
        return _address(form, wait_s), 429
    _ask(db.session.get_one(User, id), form.email.data)
    db.session.commit()
    return done(url_for(".address", terkirim=1))


def _ask(user: User, email: str) -> None:
    """Write one mail and rehearse the other, so that both take as long."""
    holder = User.with_email(email)
    if holder is None:
        with rehearsal():
            mail_already_registered(user)
        change, token = AddressChange.ask(user, email)
        mail_address_proof(change, token)
        return
    with rehearsal():
        mail_address_proof(*AddressChange.ask(user, email))
    mail_already_registered(holder)


@bp.get("/akun/alamat/<token>")
@signed_in
@before_two_step
def prove_address(token: str) -> ResponseReturnValue:
    """Show a button; only the owner, signed in, may press it."""
    change = AddressChange.find(token, is_made=False)
    if change is None or change.user_id != current_user.id:
        return dead_link(".address")
    return page("accounts/own_account/prove_address.html", change=change)


@bp.post("/akun/alamat/<token>")
@signed_in
@before_two_step
@ends_log_in
def change_address(token: str) -> ResponseReturnValue:
    change = AddressChange.find(token, is_made=False)
    if change is None or change.user_id != current_user.id:
        return dead_link(".address")
    undo = change.prove()
    mail_address_changed(change.user, change.before, undo)
    db.session.commit()
    flash("Alamat email akun Anda sudah diganti. Silakan masuk lagi.")
    return done(url_for(".log_in"))


@bp.get("/alamat-semula/<token>")
@everyone
def ask_to_undo(token: str) -> ResponseReturnValue:
    change = AddressChange.find(token, is_made=True)
    if change is None:
        return dead_link(".forgotten")
    return page("accounts/own_account/undo_address.html", change=change)


@bp.post("/alamat-semula/<token>")
@everyone
def undo_address(token: str) -> ResponseReturnValue:
    """Give the account back to the old address, and mail it a link to a password."""
    change = AddressChange.find(token, is_made=True)
    if change is None:
        return dead_link(".forgotten")
    change.undo()
    mail_new_password(change.user)
    db.session.commit()
    flash(
        "Alamat email akun sudah dikembalikan. Kata sandi yang lama tidak berlaku lagi;"
        " tautan untuk membuat yang baru sudah kami kirim."
    )
    return done(url_for(".log_in"))
