"""Ending a conversation from the desk, and why an answer was late."""

from collections.abc import Mapping

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.catalogue.queries import CatalogueResults
from pst.consultations.blueprint import find
from pst.consultations.desk.forms import ClosingForm, LateForm
from pst.consultations.edit_conflicts import NOT_CLOSED, missed
from pst.consultations.models import Consultation
from pst.consultations.queries import same_candidates
from pst.consultations.states import BY_OFFICER, LateReason, Reason
from pst.consultations.verbs.ending import UnpublishedData
from pst.database import db
from pst.web.access import officers, staff
from pst.web.responses import done, link, page

# How many items are offered, one of which may be named.
NEAREST = 3
bp = Blueprint("closing", __name__, url_prefix="/petugas")


@bp.get("/konsultasi/<number>/penutupan")
@officers
def ask(number: str) -> ResponseReturnValue:
    """Ask what is needed before closing; or after it, why the answer was late."""
    consultation = find(number)
    reason, seen_id = _closing_reason(request.args), request.args.get("seen")
    form = _form_for(
        consultation, reason, formdata=None, closing_reason=reason, seen=seen_id
    )
    return _page(consultation, form)


def _form_for(
    consultation: Consultation, reason: Reason, **values: object
) -> ClosingForm:
    """Make the form of what is asked when this consultation is closed for `reason`.

    Once it is closed only the lateness is left to be explained.
    """
    form = ClosingForm(**values)
    if not consultation.needs_explanation and consultation.is_open:
        del form.reason, form.note
    if not consultation.needs_words_to_close(reason):
        del form.unanswered, form.unavailable, form.nearest
    else:
        form.suggest(CatalogueResults(consultation.subject, NEAREST).nearest)
    if consultation.is_open and reason is Reason.DUPLICATE:
        form.offer(same_candidates(consultation))
    else:
        del form.same_as
    return form


def _page(consultation: Consultation, form: ClosingForm) -> Response:
    """Show the form, and above it what came since the page was opened."""
    seen_id = form.seen_id
    messages = (
        missed(consultation.id, current_user, seen_id) if seen_id is not None else []
    )
    form.seen.data = str(consultation.newest_id)
    return page(
        "closing/ask.html",
        consultation=consultation,
        form=form,
        written=messages,
        not_closed=NOT_CLOSED,
    )


@bp.post("/konsultasi/<number>/penutupan")
@officers
def close(number: str) -> ResponseReturnValue:
    reason = _closing_reason(request.form)
    consultation = find(number)
    form = _form_for(consultation, reason)
    if consultation.can_be_closed_by(current_user):
        seen_id = form.seen_id
        if seen_id is not None and missed(consultation.id, current_user, seen_id):
            return _page(consultation, form), 409
        if not form.validate():
            return _page(consultation, form), 422
        if form.reason is not None:
            _explain(consultation, form)
    why = _explanation(form) if form.unanswered else ""
    other = find(form.same_as.data) if form.same_as and form.same_as.data else None
    consultation.close(
        reason,
        by=current_user,
        seen=form.seen_id,
        why=why,
        same_as=other,
        lacking=_lacking(form),
    )
    sentence = closing_notice(consultation)
    db.session.commit()
    flash(sentence)
    return done(url_for("desk.show", number=number))


def _lacking(form: ClosingForm) -> UnpublishedData | None:
    """Return what the report counts as wanted but not published."""
    if not form.unanswered or not form.unavailable.data:
        return None
    item = form.nearest_item
    return UnpublishedData(item.id if item else None)


def _explanation(form: ClosingForm) -> str:
    """Return why there is no answer, with what is nearest to one."""
    item = form.nearest_item
    return render_template(
        "closing/explanation.txt",
        words=form.unanswered.data or "",
        is_unavailable=form.unavailable.data,
        nearest=item,
        address=item and (item.address or link("catalogue.show", id=item.id)),
    )


def closing_notice(consultation: Consultation) -> str:
    """Return a sentence that it is closed, and what the user is mailed about it."""
    sentence = "Pengguna diminta memberi penilaian."
    if not consultation.user.can_be_mailed:
        sentence = "Tidak ada alamat email untuk meminta penilaian."
    elif consultation.reason is Reason.DUPLICATE:
        sentence = "Pengguna diberi tahu dan tidak diminta menilai."
    return f"{consultation.number} ditutup. {sentence}"


def _closing_reason(values: Mapping[str, str]) -> Reason:
    """Return the reason for closing; only one that an officer may choose."""
    reason = values.get("closing_reason") or Reason.RESOLVED
    if reason not in BY_OFFICER:
        abort(400)
    return Reason(reason)


@bp.post("/konsultasi/<number>/pembukaan")
@staff
def reopen(number: str) -> ResponseReturnValue:
    consultation = find(number)
    consultation.reopen(current_user)
    name = consultation.officer.name if consultation.officer else None
    db.session.commit()
    whose = f"Konsultasi ini kembali ditangani {name}." if name else "Masuk antrian."
    flash(f"{number} dibuka kembali. {whose}")
    return done(url_for("desk.show", number=number))


@bp.post("/konsultasi/<number>/keterlambatan")
@officers
def explain(number: str) -> ResponseReturnValue:
    """Take the reason why it was late, when the user or the clock closed it."""
    consultation = find(number)
    form = _form_for(consultation, Reason.RESOLVED)
    if form.unanswered is not None:  # asked of who closes it, not of who explains
        del form.unanswered, form.unavailable
    if form.reason is None:  # It was reopened or explained since.
        return done(url_for("desk.show", number=number))
    if not form.validate():
        return _page(consultation, form), 422
    _explain(consultation, form)
    db.session.commit()
    flash("Sebab keterlambatan disimpan.")
    return done(url_for("desk.show", number=number))


def _explain(consultation: Consultation, form: LateForm) -> None:
    why = LateReason(form.reason.data)
    consultation.explain_delay(current_user, why, form.note.data or "")
