"""Canned answers: the officers' screen of them, and what the composer offers."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.consultations.answers.canned import FIELDS, CannedAnswer, preview
from pst.consultations.answers.drafts import Draft
from pst.consultations.blueprint import find
from pst.consultations.desk.forms import CannedForm
from pst.database import db
from pst.web.access import find_or_404, officers
from pst.web.forms.fields import MESSAGE_LENGTH
from pst.web.responses import done, fragment, page

MAX_LENGTH = 5_000
bp = Blueprint("canned_answers", __name__, url_prefix="/petugas")


def find_canned(id: int) -> CannedAnswer:
    """Return one that the officer may use; another officer's own is not found."""
    return find_or_404(CannedAnswer.usable_by(current_user), id=id)


def usable() -> list[CannedAnswer]:
    return list(db.session.scalars(CannedAnswer.usable_by(current_user)))


@bp.get("/templat")
@officers
def index() -> ResponseReturnValue:
    return _index(CannedForm(formdata=None))


def _index(form: CannedForm) -> Response:
    return page("canned_answers/index.html", answers=usable(), **_writing(form))


def _writing(form: CannedForm) -> dict[str, Any]:
    """Return what the fields of the form show: their names, and what they become."""
    sample = preview(form.body.data or "", current_user)
    return {"form": form, "fields": FIELDS, "preview": sample}


@bp.post("/templat/pratinjau")
@officers
def show_preview() -> ResponseReturnValue:
    """Show a text with its fields filled, for an invented consultation."""
    body = request.form.get("body", "")[:MAX_LENGTH]
    return fragment("canned_answers/_preview.html", preview=preview(body, current_user))


@bp.post("/templat")
@officers
def create() -> ResponseReturnValue:
    form = CannedForm()
    is_valid = form.validate()
    if not is_valid or _is_preview():
        return _index(form), 200 if is_valid else 422
    CannedAnswer.write(current_user, *form.texts, is_shared=form.shared.data)
    return _stored()


@bp.get("/templat/<int:id>")
@officers
def edit(id: int) -> ResponseReturnValue:
    answer = find_canned(id)
    form = CannedForm(formdata=None, obj=answer, shared=answer.is_shared)
    return _edit(answer, form)


def _edit(answer: CannedAnswer, form: CannedForm) -> Response:
    return page("canned_answers/edit.html", answer=answer, **_writing(form))


def _is_preview() -> bool:
    """Return whether only the preview was asked for, without scripts."""
    return "preview" in request.form


@bp.post("/templat/<int:id>")
@officers
def update(id: int) -> ResponseReturnValue:
    answer = find_canned(id)
    form = CannedForm()
    is_valid = form.validate()
    if not is_valid or _is_preview():
        return _edit(answer, form), 200 if is_valid else 422
    answer.rewrite(current_user, *form.texts, is_shared=form.shared.data)
    return _stored()


def _stored() -> ResponseReturnValue:
    db.session.commit()
    flash("Templat disimpan.")
    return done(url_for(".index"))


@bp.post("/templat/<int:id>/penghapusan")
@officers
def remove(id: int) -> ResponseReturnValue:
    find_canned(id).remove(current_user)
    db.session.commit()
    flash("Templat dihapus.")
    return done(url_for(".index"))


@bp.get("/konsultasi/<number>/templat")
@officers
def choices(number: str) -> ResponseReturnValue:
    """Return the texts with their fields filled for this conversation."""
    return fragment(
        "canned_answers/_rows.html", consultation=find(number), answers=usable()
    )


@bp.post("/konsultasi/<number>/draf")
@officers
def keep_draft(number: str) -> ResponseReturnValue:
    """Keep the answer that is being written, unchecked."""
    body = request.form.get("body", "")[:MESSAGE_LENGTH].replace("\r\n", "\n")
    fields = request.form
    version = Draft.keep(
        find(number), current_user, body, fields.get("key"), fields.get("draft")
    )
    db.session.commit()
    return "", 204, {"Pst-Draft": version}
