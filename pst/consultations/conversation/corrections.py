"""The page on which an author corrects a message, shortly after it and while unread."""

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.consultations.blueprint import find
from pst.consultations.forms import CorrectionForm, new_key
from pst.consultations.messages import EarlierWords, Kind, Message
from pst.consultations.models import Consultation
from pst.consultations.rate_limits import MAX_MESSAGES, by_person
from pst.database import db
from pst.extensions import limiter
from pst.rules import WrongState
from pst.web.access import find_or_404, heads, hide, signed_in
from pst.web.responses import done, page

bp = Blueprint("corrections", __name__, url_prefix="/konsultasi")


def find_own(consultation: Consultation, id: int) -> Message:
    """Return a message that the reader wrote."""
    messages = db.select(Message).filter_by(
        consultation_id=consultation.id, kind=Kind.MESSAGE
    )
    message: Message = find_or_404(messages, id=id)
    if not message.is_by(current_user):
        hide()
    return message


@bp.get("/<number>/pesan/<int:id>/perbaikan")
@signed_in
def edit(number: str, id: int) -> ResponseReturnValue:
    consultation = find(number)
    message = find_own(consultation, id)
    form = CorrectionForm(formdata=None, body=message.body)
    why = consultation.why_not_correctable(message, current_user)
    return _page(consultation, message, form, why), 409 if why else 200


@bp.post("/<number>/pesan/<int:id>/perbaikan")
@signed_in
@limiter.limit(MAX_MESSAGES, key_func=by_person)
def correct(number: str, id: int) -> ResponseReturnValue:
    consultation = find(number)
    message, form = find_own(consultation, id), CorrectionForm()
    if not form.validate():
        return _page(consultation, message, form), 422
    try:
        consultation.correct(message, current_user, form.body.data or "")
    except WrongState as error:
        return _page(consultation, message, form, str(error)), 409
    here = _address(consultation, message)
    db.session.commit()
    return done(here)


@bp.get("/<number>/pesan/<int:id>/semula")
@heads
def earlier(number: str, id: int) -> ResponseReturnValue:
    """Show the head what a corrected message said before."""
    consultation = find(number)
    messages = db.select(Message).filter_by(consultation_id=consultation.id)
    message: Message = find_or_404(messages, id=id)
    consultation.record_reading(current_user)
    query = db.select(EarlierWords).filter_by(message_id=message.id)
    words = list(db.session.scalars(query.order_by(EarlierWords.id)))
    return page(
        "corrections/earlier.html",
        consultation=consultation,
        message=message,
        words=words,
        back=_address(consultation, message),
    )


def _address(consultation: Consultation, message: Message) -> str:
    is_own = consultation.user_id == current_user.id
    endpoint = "consultations.show" if is_own else "desk.show"
    return url_for(
        endpoint, number=consultation.number, _anchor=f"message-{message.id}"
    )


def _page(
    consultation: Consultation, message: Message, form: CorrectionForm, why: str = ""
) -> Response:
    """Show the words in their field; where they are refused, with the way on."""
    return page(
        "corrections/edit.html",
        consultation=consultation,
        message=message,
        form=form,
        why=why,
        key=new_key(),
        back=_address(consultation, message),
    )
