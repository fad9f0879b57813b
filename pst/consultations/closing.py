"""Ending a conversation from the desk, and why an answer was late."""

from collections.abc import Mapping

from flask import Blueprint, Response, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.access import officers
from pst.consultations.forms import ClosingForm, LateForm
from pst.consultations.models import BY_OFFICER, Consultation, LateReason, Reason
from pst.consultations.overtaking import Overtaken, missed
from pst.consultations.views import find
from pst.database import db
from pst.pages import done, page

bp = Blueprint("closing", __name__, url_prefix="/petugas")


@bp.get("/konsultasi/<number>/penutupan")
@officers
def ask(number: str) -> ResponseReturnValue:
    """Ask what is owed before it is closed; or afterwards, why it was late."""
    consultation = find(number)
    given = {"alasan": _closing_reason(request.args), "seen": request.args.get("lihat")}
    return _page(consultation, _owed(consultation, formdata=None, **given))


def _owed(consultation: Consultation, **given: object) -> ClosingForm:
    """Make the form of what is asked when this consultation is closed."""
    form = ClosingForm(**given)
    if not consultation.needs_explanation():
        del form.reason, form.note
    return form


def _page(consultation: Consultation, form: ClosingForm) -> Response:
    """Show the form, and above it what came since the reader looked."""
    seen = form.seen_id
    written = missed(consultation, current_user, seen) if seen is not None else []
    form.seen.data = str(consultation.newest_id)
    return page(
        "desk/closing.html", consultation=consultation, form=form, written=written
    )


@bp.post("/konsultasi/<number>/penutupan")
@officers
def close(number: str) -> ResponseReturnValue:
    reason = _closing_reason(request.form)
    consultation = find(number)
    form = _owed(consultation)
    if consultation.can_be_closed_by(current_user):
        if not form.validate():
            return _page(consultation, form), 422
        if form.reason is not None:
            _explain(consultation, form)
    try:
        consultation.close(reason, by=current_user, seen=form.seen_id)
    except Overtaken:
        db.session.rollback()
        return _page(find(number), form), 409
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
    form = ClosingForm()
    if not form.validate():
        return _page(consultation, form), 422
    _explain(consultation, form)
    db.session.commit()
    flash("Sebab keterlambatan disimpan.")
    return done(url_for("desk.show", number=number))


def _explain(consultation: Consultation, form: LateForm) -> None:
    why = LateReason(form.reason.data)
    consultation.explain_delay(current_user, why, form.note.data or "")
