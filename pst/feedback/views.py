"""Rating a consultation."""

from flask import Blueprint
from werkzeug.wrappers import Response

from pst.access import everyone
from pst.pages import page

bp = Blueprint("feedback", __name__, url_prefix="/nilai")


@bp.get("/<token>")
@everyone
def rate(token: str) -> Response:
    return page("soon.html")
