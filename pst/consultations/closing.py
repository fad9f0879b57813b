"""Ending a conversation from the desk, and why an answer was late."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.access import officers
from pst.consultations.forms import LateForm
from pst.consultations.models import BY_OFFICER, Consultation, LateReason, Reason
from pst.consultations.views import find
from pst.database import db
from pst.pages import done, page

bp = Blueprint("closing", __name__, url_prefix="/petugas")


@bp.get("/konsultasi/<number>/penutupan")
@officers
def ask(number: str) -> ResponseReturnValue:
    """Ask why it was late; before it is closed, or afterwards."""
    form = LateForm(formdata=None, alasan=_closing_reason(request.args))
    return page("desk/closing.html", consultation=find(number), form=form)


@bp.post("/konsultasi/<number>/penutupan")
@officers
def close(number: str) -> ResponseReturnValue:
    reason = _closing_reason(request.form)
    consultation = find(number)
    if consultation.can_be_closed_by(current_user) and consultation.needs_explanation():
        form = LateForm()
        if not form.validate():
            return page("desk/closing.html", consultation=consultation, form=form), 422
        _explain(consultation, form)
    consultation.close(reason, by=current_user)
    can_be_mailed = consultation.user.can_be_mailed
    db.session.commit()
    asked = "Pengguna diminta memberi penilaian."
    if not can_be_mailed:
        asked = "Tidak ada alamat email untuk meminta penilaian."
    elif reason is Reason.DUPLICATE:
        asked = "Pengguna diberi tahu dan tidak diminta menilai."
    flash(f"{number} ditutup. {asked}")
    return done(url_for("desk.show", number=number))


def _closing_reason(given: Mapping[str, str]) -> Reason:
    """Read what it is closed for; only what an officer may decide."""
    reason = given.get("alasan") or Reason.RESOLVED
    if reason not in BY_OFFICER:
        abort(400)
    return Reason(reason)


@bp.post("/konsultasi/<number>/keterlambatan")
@officers
def explain(number: str) -> ResponseReturnValue:
    """Take the reason why it was late, when the user or the clock closed it."""
    consultation = find(number)
    form = LateForm()
    if not form.validate():
        return page("desk/closing.html", consultation=consultation, form=form), 422
    _explain(consultation, form)
    db.session.commit()
    flash("Sebab keterlambatan disimpan.")
    return done(url_for("desk.show", number=number))


def _explain(consultation: Consultation, form: LateForm) -> None:
    why = LateReason(form.reason.data)
    consultation.explain_delay(current_user, why, form.note.data or "")
