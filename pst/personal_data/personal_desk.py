"""Personal data for the admin: retention, the register of breaches, erasing."""

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from pst.accounts.address_change import AddressChange
from pst.accounts.blueprint import confirmed
from pst.accounts.users import User
from pst.database import db
from pst.personal_data import erasure, retention
from pst.personal_data.breaches import Breach
from pst.personal_data.forms import BreachForm, BreachTextsForm, EraseForm
from pst.personal_data.queries import last_retentions
from pst.web.access import admins
from pst.web.registered_pages import endpoint_of
from pst.web.responses import SAVED, done, page

bp = Blueprint("personal_desk", __name__, url_prefix="/admin/data-pribadi")


def find(id: int) -> Breach:
    return db.get_or_404(Breach, id)


@bp.get("")
@admins
def index() -> ResponseReturnValue:
    return page(
        "personal_desk/index.html",
        counts=retention.counts(),
        runs=last_retentions(),
        breaches=Breach.all(),
    )


@bp.route("/insiden/baru", methods=["GET", "POST"])
@admins
def open_breach() -> ResponseReturnValue:
    form = BreachForm()
    if request.method != "POST" or not form.validate():
        status = 422 if request.method == "POST" else 200
        return page("personal_desk/breach_form.html", form=form, breach=None), status
    id = Breach.open(current_user, form.moment, form.texts).id
    db.session.commit()
    flash("Insiden dicatat.")
    return done(url_for(".breach", id=id))


@bp.get("/insiden/<int:id>")
@admins
def breach(id: int) -> ResponseReturnValue:
    return page("personal_desk/breach.html", breach=find(id))


@bp.route("/insiden/<int:id>/perubahan", methods=["GET", "POST"])
@admins
def change_breach(id: int) -> ResponseReturnValue:
    breach = find(id)
    form = BreachTextsForm(obj=breach)
    if request.method != "POST" or not form.validate():
        status = 422 if request.method == "POST" else 200
        return page("personal_desk/breach_form.html", form=form, breach=breach), status
    breach.change(current_user, form.texts)
    db.session.commit()
    flash(SAVED)
    return done(url_for(".breach", id=id))


@bp.post("/insiden/<int:id>/laporan")
@admins
def note_report(id: int) -> ResponseReturnValue:
    find(id).note_report(current_user)
    db.session.commit()
    flash("Laporan kepada lembaga dicatat.")
    return done(url_for(".breach", id=id))


@bp.post("/insiden/<int:id>/pemberitahuan")
@admins
@confirmed
def tell(id: int) -> ResponseReturnValue:
    count = find(id).tell(current_user)
    db.session.commit()
    flash(f"Pemberitahuan dikirim kepada {count} orang.")
    return done(url_for(".breach", id=id))


@bp.post("/insiden/<int:id>/penutupan")
@admins
def close(id: int) -> ResponseReturnValue:
    find(id).close(current_user)
    db.session.commit()
    flash("Insiden ditutup.")
    return done(url_for(".breach", id=id))


@bp.post("/pengguna/<int:id>/penghapusan")
@admins
@confirmed
def erase(id: int) -> ResponseReturnValue:
    """Erase a user who asked the office for it."""
    person, form = db.get_or_404(User, id), EraseForm()
    if not form.validate():
        return _erase_page(person, form), 422
    files = erasure.erase(person, by=current_user)
    db.session.commit()
    erasure.remove(files)
    flash("Data orang itu sudah dihapus.")
    return done(url_for(endpoint_of("person"), id=id))


@bp.get("/pengguna/<int:id>/penghapusan")
@admins
def ask_to_erase(id: int) -> ResponseReturnValue:
    return _erase_page(db.get_or_404(User, id), EraseForm(formdata=None))


def _erase_page(person: User, form: EraseForm) -> Response:
    notice = AddressChange.undoable_notice(person)
    return page(
        "personal_desk/erase.html", person=person, form=form, undoable_notice=notice
    )
