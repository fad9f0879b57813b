"""The follow-up mail: written from a template, previewed, sent; and the templates."""

from collections.abc import Sequence

from flask import Blueprint, Response, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.consultations.conversation.thread import Thread
from pst.consultations.forms import is_id
from pst.consultations.rate_limits import limited_by_files
from pst.database import db
from pst.feedback.follow_ups import files as follow_up_files
from pst.feedback.follow_ups.mail_templates import FollowUpTemplate, preview
from pst.feedback.follow_ups.models import FollowUp
from pst.feedback.follow_ups.steps import NOTHING_WRITTEN
from pst.feedback.follow_ups.views import find
from pst.feedback.forms import DraftForm, LetterForm, SendingForm, TemplateForm
from pst.feedback.queries import Board
from pst.knowledge.article.files import SafeFile
from pst.rules import WrongState
from pst.web.access import officers
from pst.web.forms.choices import choices_from
from pst.web.responses import SAVED, done, page

bp = Blueprint("follow_up_mails", __name__, url_prefix="/petugas/tindak-lanjut")


def find_worked(number: str) -> FollowUp:
    """Find a follow-up that the officer works on. Raise `WrongState` for others."""
    follow_up = find(number)
    follow_up.require_own(current_user)
    return follow_up


@bp.get("/<number>/email")
@officers
def write(number: str) -> ResponseReturnValue:
    follow_up = find_worked(number)
    return _writing_page(follow_up, DraftForm(formdata=None, body=follow_up.draft))


@bp.post("/<number>/email")
@officers
@limited_by_files
def keep(number: str) -> ResponseReturnValue:
    """Store the text: to go on writing, with a template added, or to preview it."""
    good, refusals = _files(number)
    follow_up = find_worked(number)
    onward = request.form.get("press")
    form = LetterForm() if onward == "pratinjau" else DraftForm()
    is_valid = form.validate()
    if request.form.get("has_files"):  # the page had the list of them
        follow_up_files.drop(follow_up.id, but=request.form.getlist("file"))
    refusals += follow_up_files.keep(follow_up.id, good)
    if not is_valid or refusals:
        follow_up.write(current_user, follow_up.draft)  # a preview shows other files
        db.session.commit()
        return _writing_page(find_worked(number), form, refusals), 422
    text = form.body.data or ""
    if onward == "templat":
        template = _find_template(form.template.data)
        text = "\n\n".join(
            filter(None, (text, template.filled(follow_up, current_user)))
        )
    follow_up.write(current_user, text)
    db.session.commit()
    if onward == "pratinjau":
        return done(url_for(".show", number=number))
    if onward == "simpan":
        flash("Tulisan tersimpan.")
    return done(url_for(".write", number=number))


def _files(number: str) -> tuple[list[SafeFile], list[str]]:
    """Look at the files that were chosen, with no transaction open."""
    find_worked(number)
    files = [file for file in request.files.getlist("files") if file.filename]
    db.session.rollback()
    return follow_up_files.look_at(files)


def _writing_page(
    follow_up: FollowUp, form: DraftForm, refusals: Sequence[str] = ()
) -> Response:
    templates = FollowUpTemplate.all_by_name()
    form.body.flags.required = True
    form.template.choices = choices_from((str(t.id), t.name) for t in templates)
    return page(
        "follow_up_mails/write.html",
        follow_up=follow_up,
        form=form,
        files=follow_up_files.files_of(follow_up.id),
        refusals=refusals,
        thread=Thread(follow_up.consultation, current_user),
    )


@bp.get("/<number>/email/pratinjau")
@officers
def show(number: str) -> ResponseReturnValue:
    """Show the mail exactly as the user will get it."""
    follow_up = find_worked(number)
    if not follow_up.draft.strip():
        raise WrongState(NOTHING_WRITTEN)
    subject, body = preview(follow_up)
    return page(
        "follow_up_mails/preview.html",
        follow_up=follow_up,
        subject=subject,
        body=body,
        files=follow_up_files.files_of(follow_up.id),
        form=SendingForm(formdata=None, key=follow_up.draft_key),
    )


@bp.post("/<number>/pengiriman")
@officers
def send(number: str) -> ResponseReturnValue:
    find(number).send(current_user, SendingForm().key.data or "")
    db.session.commit()
    flash("Tindak lanjut dikirim.")
    return done(url_for("follow_ups.show", number=number))


@bp.get("/templat")
@officers
def templates() -> ResponseReturnValue:
    return page(
        "follow_up_mails/templates.html",
        templates=FollowUpTemplate.all(),
        board=Board(current_user),
    )


@bp.get("/templat/baru")
@officers
def new_template() -> ResponseReturnValue:
    return page("follow_up_mails/template.html", row=None, form=TemplateForm())


@bp.post("/templat/baru")
@officers
def add_template() -> ResponseReturnValue:
    form = TemplateForm()
    if not form.validate() or not _is_stored(form, None):
        return page("follow_up_mails/template.html", row=None, form=form), 422
    return _back_to_templates()


@bp.get("/templat/<int:id>")
@officers
def template(id: int) -> ResponseReturnValue:
    row = _find_template(id)
    form = TemplateForm(formdata=None, obj=row)
    return page("follow_up_mails/template.html", row=row, form=form)


@bp.post("/templat/<int:id>")
@officers
def change_template(id: int) -> ResponseReturnValue:
    row = _find_template(id)
    form = TemplateForm()
    if not form.validate() or not _is_stored(form, row):
        return page("follow_up_mails/template.html", row=row, form=form), 422
    return _back_to_templates()


@bp.post("/templat/<int:id>/tawaran")
@officers
def offer_template(id: int) -> ResponseReturnValue:
    """Offer a template to officers, or stop offering it."""
    _find_template(id).set_active(current_user, request.form.get("active") == "ya")
    return _back_to_templates()


def _is_stored(form: TemplateForm, row: FollowUpTemplate | None) -> bool:
    """Store the fields; a name that is taken becomes an error of its field."""
    name, body = form.name.data or "", form.body.data or ""
    try:
        if row is None:
            FollowUpTemplate.add(current_user, name, body)
        else:
            row.change(current_user, name, body)
    except WrongState as taken:
        form.name.errors = [str(taken)]
        return False
    return True


def _back_to_templates() -> ResponseReturnValue:
    db.session.commit()
    flash(SAVED)
    return done(url_for(".templates"))


def _find_template(id: int | str | None) -> FollowUpTemplate:
    if not is_id(str(id)):
        abort(400)
    return db.get_or_404(FollowUpTemplate, int(str(id)))
