"""What an officer's answer form does: send, refuse, or keep the text as a draft."""

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.catalogue.queries import CatalogueResults, cited_in
from pst.consultations.answers import code_decisions
from pst.consultations.answers.drafts import Draft, DraftOfAnotherPage
from pst.consultations.attached_files.uploading import MAX_ATTACHMENTS, TOO_MANY
from pst.consultations.blueprint import find
from pst.consultations.desk import codes
from pst.consultations.desk.canned_answers import find_canned
from pst.consultations.desk.forms import AnswerForm, Press
from pst.consultations.desk.page import show_page
from pst.consultations.forms import is_id, new_key
from pst.consultations.models import Consultation
from pst.consultations.states import Next, Reason
from pst.consultations.verbs.ending import UnpublishedData
from pst.database import db
from pst.web.responses import done, fragment, is_htmx


def answer(consultation: Consultation, form: AnswerForm) -> None:
    """Send what was written, and do with it what was chosen."""
    assert form.choice is not None
    message = consultation.say(
        current_user,
        form.body.data or "",
        key=form.key.data,
        then=form.choice,
        seen=form.seen_id,
        attachments=form.taken,
        quoted=form.quoted_id,
    )
    if form.unavailable.data:
        consultation.note_unpublished(message, _lacking(consultation, message.body))
    code_decisions.note(consultation, message.body, current_user)
    Draft.become(consultation, current_user, message.body, request.form.get("draft"))
    if message.id != consultation.newest_id:
        return  # It was sent before; much may have happened since.
    if form.choice is Next.DONE:
        consultation.mark(message, current_user, final=True)
    if form.is_closing and not consultation.needs_explanation:
        consultation.close(Reason.RESOLVED, by=current_user)


def _lacking(consultation: Consultation, body: str) -> UnpublishedData:
    """Return the item that an answer links to, or the nearest to what was asked.

    The user sees the nearest next to the answer.
    """
    if item_id := cited_in(body):
        return UnpublishedData(item_id)
    items = CatalogueResults(consultation.subject).nearest
    return (
        UnpublishedData(items[0].id, items[0].title) if items else UnpublishedData(None)
    )


def refuse(number: str, form: AnswerForm, status: int) -> ResponseReturnValue:
    """Show the form again, unsent, next to the messages that have come."""
    db.session.rollback()
    if form.stored:
        Draft.keep_files(find(number), current_user, form.stored, form.key.data or "")
        db.session.commit()
    if is_htmx():
        return fragment("consultations/conversation/_refused.html", form=form), status
    return show_page(find(number), answer=form), status


def write_on(consultation: Consultation, form: AnswerForm) -> ResponseReturnValue:
    """Put a canned answer into the text, or keep it as a draft, without scripts."""
    consultation.require_own(current_user)
    number, key = consultation.number, form.key.data or new_key()
    if not form.store_chosen(current_user):
        return refuse(number, form, 422)
    kept_ids = {int(id) for id in request.form.getlist("attachment") if is_id(id)}
    if len(kept_ids) + len(form.stored) > MAX_ATTACHMENTS:
        form.files.errors, form.stored = [TOO_MANY], []
        return refuse(number, form, 422)
    Draft.drop_files(consultation, current_user, but=kept_ids)
    Draft.keep_files(consultation, current_user, form.stored, key)
    if form.pressed is Press.CANNED and form.canned_id:
        canned = find_canned(form.canned_id)
        form.add(canned.filled(consultation, current_user))
    if form.pressed is Press.CODE:
        form.add(codes.text_of(request.form.get("code", "")))
    text = form.body.data or ""
    try:
        Draft.keep(consultation, current_user, text, None, request.form.get("draft"))
    except DraftOfAnotherPage as error:
        form.body.errors = [str(error)]
        return refuse(number, form, 409)
    db.session.commit()
    here = url_for(".show", number=number, quoted=form.quoted_id, _anchor="composer")
    return done(here)
