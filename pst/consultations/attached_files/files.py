"""Uploads, downloads and previews of attachments, and the read marks."""

from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.accounts.blueprint import is_shared_computer
from pst.consultations.attached_files.attachments import Attachment
from pst.consultations.attached_files.uploading import store_files, what_is_taken
from pst.consultations.blueprint import find
from pst.consultations.forms import new_key
from pst.consultations.messages import Message
from pst.consultations.models import Consultation
from pst.consultations.rate_limits import limited_by_files

# Imported so that replies to our mails, with their files, are taken as messages.
from pst.consultations.replies import mail_replies  # noqa: F401  (see above)
from pst.database import db
from pst.office import settings
from pst.rules import WrongState
from pst.uploads.file_store import send
from pst.uploads.file_types import Busy, FileRefusal
from pst.uploads.storage import name_of
from pst.web.access import find_or_404, hide, signed_in

bp = Blueprint("files", __name__, url_prefix="/konsultasi")
bp.add_app_template_global(new_key, "new_key")
# Room for the rest of the form around one file.
ENVELOPE_BYTES = 20_000
HELD = "ditahan pemeriksa virus; tidak akan sampai kepada siapa pun"
# A preview is asked for with each page of a conversation; the file itself once.
PREVIEW_S = 3_600
SANDBOX = "default-src 'none'; sandbox"


def find_attachment(number: str, id: int) -> Attachment:
    """Find a file the reader may see; those of notes are for the office only."""
    consultation = find(number)
    its = db.select(Attachment).filter_by(consultation_id=consultation.id)
    attachment: Attachment = find_or_404(its, id=id)
    message = db.session.get(Message, attachment.message_id or 0)
    if message is None and attachment.uploader_id != current_user.id:
        hide()
    if message and message.is_note and consultation.user_id == current_user.id:
        hide()
    consultation.record_reading(current_user)
    return attachment


@bp.post("/<number>/lampiran")
@signed_in
@limited_by_files
def upload(number: str) -> ResponseReturnValue:
    """Take one file for a message that is being written; its id goes with that."""
    if is_oversize():
        return jsonify(error=f"Berkas terlalu besar. {what_is_taken()}"), 413
    consultation_id = _writable(find(number)).id
    files = [file for file in request.files.getlist("files") if file.filename]
    if len(files) != 1:
        abort(400)
    try:
        (stored_file,) = store_files(files, current_user, is_listed=True)
    except Busy as error:
        return jsonify(error=str(error)), 503, {"Retry-After": "5"}
    except FileRefusal as error:
        return jsonify(error=str(error)), 422
    key = request.form.get("key") or new_key()  # of any length: it is hashed
    attachment = Attachment.keep(
        stored_file, consultation_id=consultation_id, uploader=current_user, key=key
    )
    answer = {"id": attachment.id, "name": attachment.name, "size": attachment.size}
    if attachment.finding:
        answer["held"] = HELD
    db.session.commit()
    return jsonify(answer), 201


def is_oversize() -> bool:
    """Return whether more comes than is taken: then nothing of it is read."""
    limit = settings.current().attachment_mb * 1_000_000 + ENVELOPE_BYTES
    return (request.content_length or 0) > limit


def _writable(consultation: Consultation) -> Consultation:
    """Refuse an upload to a conversation in which the reader could not write."""
    if consultation.user_id == current_user.id:
        if not consultation.can_be_written_by_user:
            abort(409)
    elif not consultation.can_be_answered_by(current_user):
        abort(409)
    return consultation


@bp.get("/<number>/lampiran/<int:id>")
@signed_in
def download(number: str, id: int) -> Response:
    """Send the file itself, whole or from where a broken download stopped."""
    attachment = find_attachment(number, id)
    if attachment.finding:
        raise WrongState("Berkas ini ditahan karena pemeriksa virus menemukan sesuatu.")
    return _send(
        attachment.sha256,
        attachment.media_type,
        as_attachment=True,
        download_name=attachment.name,
    )


@bp.get("/<number>/lampiran/<int:id>/pratinjau")
@signed_in
def preview(number: str, id: int) -> Response:
    """Send the small picture of a picture."""
    attachment = find_attachment(number, id)
    if attachment.preview_sha256 is None:
        abort(404)
    return _send(attachment.preview_sha256, "image/webp", is_preview=True)


def _send(
    sha256: str, media_type: str, *, is_preview: bool = False, **options: object
) -> Response:
    max_age = PREVIEW_S if is_preview else None
    response = send(
        name_of(sha256), media_type, etag=sha256, max_age=max_age, **options
    )
    response.headers["Content-Security-Policy"] = SANDBOX
    is_kept = is_preview and not is_shared_computer()
    caching = f"private, max-age={PREVIEW_S}" if is_kept else "private, no-store"
    response.headers["Cache-Control"] = caching
    return response


@bp.post("/<number>/bacaan")
@signed_in
def read(number: str) -> ResponseReturnValue:
    """Note that the reader has seen everything up to an entry."""
    upto = request.form.get("upto", "")
    if not upto.isdecimal() or len(upto) > 18:
        abort(400)
    find(number).read(current_user, int(upto))
    db.session.commit()
    return "", 204
