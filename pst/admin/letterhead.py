"""The logo in the head of letters: shown, replaced, removed."""

from flask import Blueprint, Response, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.accounts.blueprint import confirmed
from pst.database import db
from pst.office import settings
from pst.office.letter_logo import MAX_BYTES, BadLogo, LetterLogo, refuse_unusable
from pst.uploads.file_types import Format, clean_image
from pst.uploads.formats import FileRefusal
from pst.web.access import admins, team
from pst.web.responses import done, page

bp = Blueprint("letterhead", __name__, url_prefix="/admin/pengaturan/kop-surat")


@bp.get("")
@admins
@confirmed
def index() -> ResponseReturnValue:
    return page("letterhead/index.html", error="")


@bp.post("")
@admins
@confirmed
def replace() -> ResponseReturnValue:
    by_id = current_user.id
    upload = request.files.get("file")
    content = upload.read(MAX_BYTES + 1) if upload else b""
    db.session.rollback()  # looking at a picture is slow
    try:
        refuse_unusable(content)
        clean, _ = clean_image(content, Format.PNG, str(by_id))
    except (BadLogo, FileRefusal) as error:
        return page("letterhead/index.html", error=str(error)), 422
    LetterLogo.keep(clean, by_id)
    db.session.commit()
    flash("Logo tersimpan. Laporan yang sudah dikirim tidak berubah.")
    return done(url_for(".index"))


@bp.post("/penghapusan")
@admins
@confirmed
def remove() -> ResponseReturnValue:
    settings.change({"letter_logo": ""}, by_id=current_user.id)
    db.session.commit()
    flash("Kop surat tidak berlogo lagi.")
    return done(url_for(".index"))


@bp.get("/<sha256>.png")
@team
def picture(sha256: str) -> Response:
    logo = db.session.get(LetterLogo, sha256)
    if logo is None:
        abort(404)
    response = Response(logo.content, content_type="image/png")
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
