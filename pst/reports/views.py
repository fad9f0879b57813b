"""Reports, for officers and the head."""

from flask import Blueprint
from werkzeug.wrappers import Response

from pst.access import heads, staff
from pst.pages import page

bp = Blueprint("reports", __name__, url_prefix="")


@bp.get("/petugas/laporan")
@staff
def index() -> Response:
    return page("soon.html")


@bp.get("/ketua/laporan")
@heads
def head_index() -> Response:
    return page("soon.html")
