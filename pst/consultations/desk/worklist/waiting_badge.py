"""The number in the head of every officer's page: how many wait for an answer."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.consultations.desk.worklist.waiting_count import waiting_for
from pst.web.access import officers
from pst.web.responses import fragment

bp = Blueprint("waiting_badge", __name__, url_prefix="/petugas")
bp.add_app_template_global(waiting_for, "waiting_for")


@bp.get("/hitungan")
@officers
def show() -> ResponseReturnValue:
    """Return the number if it is another than the page has; else 304."""
    count = waiting_for(current_user)
    if request.headers.get("HX-PTag") == str(count):
        return "", 304
    return fragment("waiting_badge/_count.html", ptag=count, count=count)
