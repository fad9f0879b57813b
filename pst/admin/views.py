"""The IT person's screens."""

from flask import Blueprint
from werkzeug.wrappers import Response

from pst.access import admins
from pst.pages import page

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.get("")
@admins
def index() -> Response:
    return page("soon.html")
