"""Rating a consultation, without logging in."""

from flask import Blueprint
from werkzeug.wrappers import Response

from pst.access import everyone
from pst.feedback import letters, models  # noqa: F401  their tables
from pst.pages import page

bp = Blueprint("feedback", __name__)


@bp.get("/nilai/<token>")
@everyone
def rate(token: str) -> Response:
    return page("soon.html")


@bp.get("/tindak-lanjut/<token>")
@everyone
def answer(token: str) -> Response:
    return page("soon.html")
