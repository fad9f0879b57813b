"""Handing over an officer's open consultations: chosen, confirmed, given back."""

from flask import Blueprint, Response, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.accounts.users import User
from pst.consultations import duty
from pst.consultations.desk.forms import HandOverForm
from pst.consultations.hand_overs import HandOver
from pst.consultations.models import Consultation
from pst.consultations.queries import open_of
from pst.database import db
from pst.web.access import Role, staff
from pst.web.forms.choices import choices_from
from pst.web.responses import done, page

bp = Blueprint("handing_over", __name__, url_prefix="/petugas/serah-terima")


@bp.get("")
@staff
def choose() -> ResponseReturnValue:
    """Show the open consultations of an officer, to choose what is handed over.

    An officer hands over their own; the head those of any officer.
    """
    giver = _giver(request.args.get("giver", ""))
    work = open_of(giver)
    form = HandOverForm(formdata=None, officer=request.args.get("officer", ""))
    return _page(form, giver, work, {each.id for each in work})


def _giver(id: str) -> User:
    people = {str(person.id): person for person in User.serving(Role.OFFICER)}
    giver = people.get(str(current_user.id) if current_user.is_officer else id)
    return giver or abort(404)


def _page(
    form: HandOverForm, giver: User, work: list[Consultation], ids: set[int]
) -> Response:
    """Show the form; `ids` are those that are ticked."""
    takers = [each for each in duty.team_today() if each[0].id != giver.id]
    return page(
        "handing_over/show.html",
        form=form,
        giver=giver,
        work=work,
        chosen=ids,
        takers=takers,
    )


@bp.post("")
@staff
def hand_over() -> ResponseReturnValue:
    form = HandOverForm()
    giver = _giver(form.giver.data or "")
    takers = {str(each.id): each for each in User.serving(Role.OFFICER)}
    takers.pop(str(giver.id))
    form.giver.choices = choices_from([(str(giver.id), giver.name)])
    form.giver.data = str(giver.id)
    form.officer.choices = choices_from((id, t.name) for id, t in takers.items())
    work, ids = open_of(giver), set(request.form.getlist("chosen"))
    selection = [each for each in work if str(each.id) in ids]
    if not form.validate() or not selection:
        return _page(form, giver, work, {each.id for each in selection}), 422
    to = takers[form.officer.data]
    HandOver.make(giver, to, selection, current_user, form.note.data or "")
    name, count = to.name, len(selection)
    db.session.commit()
    flash(f"{count} konsultasi diserahkan kepada {name}.")
    return done(url_for("roster.index"))


@bp.post("/<int:id>/pengembalian")
@staff
def give_back(id: int) -> ResponseReturnValue:
    """Give back at once what was handed over and is still open."""
    hand_over = db.get_or_404(HandOver, id)
    count = hand_over.give_back(current_user)
    name = hand_over.giver.name
    db.session.commit()
    flash(f"{count} konsultasi dikembalikan kepada {name}.")
    return done(url_for("roster.index"))
