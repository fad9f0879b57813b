"""Who is away, taking over from them, and handing over all of one's work."""

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.access import Role, officers, staff
from pst.accounts.models import User
from pst.consultations import duty
from pst.consultations.forms import AbsenceForm, HandOverForm
from pst.consultations.models import Consultation
from pst.consultations.queries import open_of
from pst.consultations.views import find
from pst.database import db
from pst.fields import BaseForm
from pst.pages import done, page

bp = Blueprint("duty", __name__, url_prefix="/petugas")


@bp.get("/jadwal")
@staff
def index() -> ResponseReturnValue:
    return _index()


def _index(**refused: BaseForm) -> Response:
    serving = User.serving(Role.OFFICER)
    forms: dict[str, BaseForm] = {
        "absence": AbsenceForm(formdata=None),
        "hand_over": HandOverForm(formdata=None),
        **refused,
    }
    return page(
        "desk/roster.html",
        serving=serving,
        away=duty.away_ids(duty.today()),
        absences=duty.planned(),
        mine=len(open_of(current_user)),
        **forms,
    )


@bp.post("/jadwal")
@staff
def plan() -> ResponseReturnValue:
    form = AbsenceForm()
    people = {str(person.id): person for person in User.serving(Role.OFFICER)}
    form.officer.choices = [(id, person.name) for id, person in people.items()]
    if not current_user.is_head:
        form.officer.data = str(current_user.id)
    if not form.validate():
        return _index(absence=form), 422
    duty.Absence.plan(
        people[form.officer.data],
        form.first.data,
        form.last.data,
        form.note.data or "",
        by=current_user,
    )
    db.session.commit()
    flash("Hari tidak bertugas dicatat.")
    return done(url_for(".index"))


@bp.post("/jadwal/<int:id>/penghapusan")
@staff
def cancel(id: int) -> ResponseReturnValue:
    db.get_or_404(duty.Absence, id).cancel(current_user)
    db.session.commit()
    flash("Catatan dihapus.")
    return done(url_for(".index"))


@bp.post("/serah-terima")
@officers
def hand_over() -> ResponseReturnValue:
    """Hand all of one's open consultations to a colleague, at once."""
    form = HandOverForm()
    people = {
        str(person.id): person
        for person in User.serving(Role.OFFICER)
        if person.id != current_user.id
    }
    form.officer.choices = [(id, person.name) for id, person in people.items()]
    if not form.validate():
        return _index(hand_over=form), 422
    to = people[form.officer.data]
    work: list[Consultation] = open_of(current_user)
    for consultation in work:
        consultation.transfer(to, current_user, form.note.data or "")
    name, count = to.name, len(work)
    db.session.commit()
    flash(f"{count} konsultasi diserahkan kepada {name}.")
    return done(url_for(".index"))


@bp.post("/konsultasi/<number>/pengambilalihan")
@officers
def take_over(number: str) -> ResponseReturnValue:
    find(number).take_over(current_user, request.form.get("catatan", "")[:2000])
    db.session.commit()
    return done(url_for("desk.show", number=number))
