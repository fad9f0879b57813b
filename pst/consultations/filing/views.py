"""Filing a request: its kind, its form, and the one that was sent twice."""

from flask import Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.consultations.blueprint import bp
from pst.consultations.filing import newcomers
from pst.consultations.filing.receipts import received
from pst.consultations.filing.request_forms import (
    FORMS,
    RequestForm,
    chosen_category,
    is_changing_kind,
)
from pst.consultations.models import Consultation
from pst.consultations.rate_limits import MAX_REQUESTS, by_person
from pst.consultations.states import Category
from pst.database import db
from pst.extensions import limiter
from pst.web.access import everyone
from pst.web.responses import done, page


@bp.get("/baru")
@everyone
def new() -> ResponseReturnValue:
    is_unproved = current_user.is_authenticated and not current_user.is_verified
    category, previous = chosen_category(), _previous()
    if category is None or is_unproved:
        is_refused = not is_unproved and "jenis" in request.args
        return newcomers.kinds_page(is_refused, previous), 422 if is_refused else 200
    if newcomers.is_one():
        return newcomers.begin()
    return _ask_page(newcomers.begun(category), category, previous)


@bp.post("/baru")
@everyone
@limiter.limit(MAX_REQUESTS, key_func=by_person, exempt_when=newcomers.files_nothing)
def ask() -> ResponseReturnValue:
    category = chosen_category()
    if category is None:
        return newcomers.kinds_page(True), 422
    if newcomers.is_one():
        return newcomers.ask(FORMS[category](), category)
    form, previous = FORMS[category](), _previous()
    if is_changing_kind():
        return _ask_page(form, category, previous)
    if not form.validate():
        return _ask_page(form, category, previous), 422
    number, sentence = _file(form, category, previous)
    db.session.commit()
    flash(sentence)
    return done(url_for(".show", number=number))


def _file(
    form: RequestForm, category: Category, previous: Consultation | None
) -> tuple[str, str]:
    """File the request, or add what changed to the one filed before."""
    if same := form.filed_before(current_user, category):
        return same.number, received(same.number)
    consultation = form.file(current_user, category, form.key.data, previous)
    is_changed = form.differs_from(consultation, category)
    if is_changed and not consultation.is_open:  # It is over, so this is another one.
        key = form.key_of_another(category)
        consultation = form.file(current_user, category, key, previous)
        is_changed = False
    sentence = received(consultation.number)
    if is_changed:  # It was filed before, in other words.
        template = "consultations/filing/changed.txt"
        changes = render_template(template, form=form, category=category)
        form.add_to(consultation, current_user, changes)
        sentence += " Yang Anda ubah sesudahnya kami tambahkan sebagai pesan."
    return consultation.number, sentence


def _ask_page(
    form: RequestForm, category: Category, previous: Consultation | None
) -> Response:
    return page(
        "consultations/filing/ask.html",
        form=form,
        category=category,
        categories=list(Category),
        previous=previous,
    )


def _previous() -> Consultation | None:
    """Return the closed consultation that this one continues, if it is the user's."""
    number = request.args.get("lanjutan")
    if not current_user.is_authenticated:
        return None
    query = Consultation.owned_by(current_user).filter_by(number=number)
    return db.session.scalar(query) if number else None
