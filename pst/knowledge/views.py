"""Search and articles, for everybody."""

from flask import Blueprint
from werkzeug.wrappers import Response

from pst.access import everyone
from pst.pages import page

bp = Blueprint("knowledge", __name__, url_prefix="")


@bp.get("/cari")
@everyone
def search() -> Response:
    return page("soon.html")
