"""Writing down what was asked at the counter, by telephone, letter or WhatsApp."""

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.accounts.users import User
from pst.accounts.visitors import visit, visitor_address
from pst.consultations.desk.counter_form import CounterOutcome, RecordForm
from pst.consultations.models import Consultation
from pst.consultations.states import Category, Channel
from pst.database import db
from pst.office import settings
from pst.web.access import officers
from pst.web.forms import form_keys
from pst.web.responses import done, page

bp = Blueprint("counter", __name__, url_prefix="/petugas/catat")
# What comes with the form and says nothing of the visit.
UNTOLD = ("csrf_token", "key")


@bp.get("")
@officers
def new() -> ResponseReturnValue:
    form = RecordForm(formdata=None)
    form.asked_at.data = form.answered_at.data = form.now()
    return page("counter/new.html", form=form)


@bp.post("")
@officers
def record() -> ResponseReturnValue:
    form = RecordForm()
    if not form.validate():
        return page("counter/new.html", form=form), 422
    key = key_of(form)
    consultation = recorded(key) or write_down(form, key)
    number, is_open = consultation.number, consultation.is_open
    is_unexplained = consultation.can_be_explained_by(current_user)
    db.session.commit()
    flash(f"Konsultasi dicatat dengan nomor {number}.")
    if is_unexplained and not is_open:
        return done(url_for("closing.ask", number=number))
    if is_open:
        return done(url_for("desk.show", number=number))
    return done(url_for("desk.index"))


def key_of(form: RecordForm) -> str:
    """Return the key of the form with all that it says: other words, other visit."""
    fields = sorted(request.form.items(multi=True))
    return form_keys.with_content(
        form.key.data or "", [pair for pair in fields if pair[0] not in UNTOLD]
    )


def recorded(key: str) -> Consultation | None:
    """Return what the same form recorded before, if its response was lost."""
    visitor = User.with_email(visitor_address(key))
    if visitor is None:
        return None
    return db.session.scalar(Consultation.owned_by(visitor))


def write_down(form: RecordForm, key: str) -> Consultation:
    """Record the visitor, what they asked, and what was answered."""
    visitor = visit(key, **form.visitor())
    question = form.question.data or form.subject.data or ""
    consultation = Consultation.record(
        current_user,
        visitor,
        Channel(form.channel.data),
        Category(form.category.data),
        form.subject.data or "",
        question,
        form.asked_at.data.replace(tzinfo=settings.current().zone),
        form.minutes.data,
        {"area": form.area.data} if form.area.data else None,
    )
    outcome = CounterOutcome(form.outcome.data)
    if form.answer.data:
        consultation.note_answer(
            current_user,
            form.answer.data,
            form.answered,
            closes=outcome is CounterOutcome.ANSWERED,
            flagged=form.flagged.data,
        )
    elif outcome is CounterOutcome.MINE:
        consultation.claim(current_user)
    return consultation
