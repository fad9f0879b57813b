"""The accounts and their roles: inviting, changing and deactivating people."""

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from pst.accounts.address_change import AddressChange
from pst.accounts.blueprint import confirmed
from pst.accounts.log_in.two_step import TwoStep
from pst.accounts.mails import (
    mail_address_changed,
    mail_invitation,
    mail_two_step,
    mail_verification,
)
from pst.accounts.passwords import UNUSABLE
from pst.accounts.users import User
from pst.admin.forms import NewAddressForm, PersonForm, RoleForm
from pst.admin.queries import OpenWork, People
from pst.consultations.forms import is_id
from pst.database import db
from pst.office import audit
from pst.rules import ADDRESS_TAKEN, WrongState
from pst.web.access import Role, admins
from pst.web.registered_pages import register_page
from pst.web.responses import done, page

bp = Blueprint("people", __name__, url_prefix="/admin/pengguna")
register_page("person", "people.show")


def find(id: int) -> User:
    return db.get_or_404(User, id)


@bp.get("")
@admins
def index() -> ResponseReturnValue:
    people = People(
        request.args.get("q", "").strip(),
        request.args.get("peran", ""),
        request.args.get("hal", 1, type=int),
    )
    return page("people/index.html", people=people)


@bp.route("/baru", methods=["GET", "POST"])
@admins
@confirmed
def invite() -> ResponseReturnValue:
    """Make an account; its person chooses the password from a mailed link."""
    form = PersonForm()
    if request.method != "POST" or not form.validate() or not invited(form):
        return page("people/invite.html", form=form), _status()
    db.session.commit()
    flash("Undangan dikirim.")
    return done(url_for(".index"))


def invited(form: PersonForm) -> User | None:
    """Make the account and owe its invitation; None when the address has one."""
    if User.with_email(form.email.data) is not None:
        form.email.errors = [ADDRESS_TAKEN]
        return None
    user = User.register(
        form.email.data,
        form.name.data,
        UNUSABLE,
        role=Role(form.role.data),
        by=current_user,
    )
    mail_invitation(user)
    return user


@bp.get("/<int:id>")
@admins
def show(id: int) -> ResponseReturnValue:
    person = find(id)
    return _show(person, RoleForm(formdata=None, role=person.role.value))


def _show(
    person: User, form: RoleForm, address: NewAddressForm | None = None
) -> Response:
    return page(
        "people/show.html",
        person=person,
        form=form,
        address=address or NewAddressForm(formdata=None),
        work=OpenWork(person),
        colleagues=[p for p in User.serving(Role.OFFICER) if p.id != person.id],
    )


@bp.post("/<int:id>/undangan")
@admins
def invite_again(id: int) -> ResponseReturnValue:
    person = find(id)
    person.require_uninvited()
    mail_invitation(person)
    db.session.commit()
    flash("Undangan dikirim ulang.")
    return done(url_for(".show", id=id))


@bp.post("/<int:id>/peran")
@admins
@confirmed
def change_role(id: int) -> ResponseReturnValue:
    person, form = find(id), RoleForm()
    if not form.validate():
        return _show(person, form), 422
    if form.role.data != Role.OFFICER:
        _hand_over(person)
    person.change_role(Role(form.role.data), by=current_user)
    db.session.commit()
    flash("Peran diubah.")
    return done(url_for(".show", id=id))


@bp.post("/<int:id>/alamat")
@admins
@confirmed
def change_address(id: int) -> ResponseReturnValue:
    """Give an account whose owner cannot get in any more another address."""
    person, form = find(id), NewAddressForm()
    if person.id == current_user.id or person.is_visitor or person.is_erased:
        raise WrongState("Alamat akun ini tidak dapat diubah di sini.")
    if form.validate() and User.with_email(form.email.data) is not None:
        form.email.errors = [ADDRESS_TAKEN]
    if form.errors:
        return _show(person, RoleForm(formdata=None, role=person.role.value), form), 422
    before = person.email
    undo = AddressChange.order(
        person, form.email.data, by=current_user, why=form.why.data
    )
    mail_address_changed(person, before, undo)
    mail_verification(person)
    db.session.commit()
    flash("Alamat diganti. Alamat lama dan baru sudah dikirimi email.")
    return done(url_for(".show", id=id))


@bp.post("/<int:id>/penonaktifan")
@admins
@confirmed
def deactivate(id: int) -> ResponseReturnValue:
    person = find(id)
    person.deactivate(by=current_user)
    _hand_over(person)
    db.session.commit()
    flash("Akun dinonaktifkan.")
    return done(url_for(".show", id=id))


@bp.post("/<int:id>/serah-terima")
@admins
def hand_over(id: int) -> ResponseReturnValue:
    """Hand over the open work of an officer, without changing the account."""
    _hand_over(find(id))
    db.session.commit()
    flash("Pekerjaan diserahkan.")
    return done(url_for(".show", id=id))


def _hand_over(person: User) -> None:
    """Give the open work of `person` to the colleague in the form, or back."""
    recipient = request.form.get("recipient", "")
    to = db.session.get(User, int(recipient)) if is_id(recipient) else None
    if recipient and to is None:
        raise WrongState("Penerima itu tidak ada. Pilih dari daftar.")
    work = OpenWork(person)
    for consultation in work.consultations:
        consultation.hand_over(to, by=current_user)
    for follow_up in work.follow_ups:
        follow_up.pass_on(to, by=current_user)
    if work.count:
        audit.record("hand_over", person.subject, current_user.id, count=work.count)


@bp.post("/<int:id>/dua-langkah/penonaktifan")
@admins
@confirmed
def disable_two_step(id: int) -> ResponseReturnValue:
    """Let in a person who lost phone and codes and has proved who they are."""
    person = find(id)
    if (row := TwoStep.of(person)) is not None:
        row.disable(by=current_user)
        person.log_ins.clear()
        mail_two_step(person, is_on=False)
    db.session.commit()
    flash("Masuk dua langkah dimatikan untuk orang ini.")
    return done(url_for(".show", id=id))


@bp.post("/<int:id>/pengaktifan")
@admins
@confirmed
def activate(id: int) -> ResponseReturnValue:
    find(id).activate(by=current_user)
    db.session.commit()
    flash("Akun diaktifkan.")
    return done(url_for(".show", id=id))


def _status() -> int:
    return 422 if request.method == "POST" else 200
