"""Writing articles, for officers."""

from flask import Blueprint
from werkzeug.wrappers import Response

from pst.access import officers
from pst.pages import page

bp = Blueprint("editor", __name__, url_prefix="/petugas/artikel")


@bp.get("")
@officers
def index() -> Response:
    return page("soon.html")
