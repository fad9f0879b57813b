"""Follow-ups, for officers."""

from flask import Blueprint
from werkzeug.wrappers import Response

from pst.access import staff
from pst.pages import page

bp = Blueprint("follow_ups", __name__, url_prefix="/petugas/tindak-lanjut")


@bp.get("")
@staff
def index() -> Response:
    return page("soon.html")


@bp.get("/<number>")
@staff
def show(number: str) -> Response:
    return page("soon.html")
