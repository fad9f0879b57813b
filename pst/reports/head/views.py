"""The first screen of the head of the team."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.reports.head.overview import Overview
from pst.web.access import heads
from pst.web.responses import page

bp = Blueprint("head", __name__)


@bp.get("/ketua")
@heads
def index() -> ResponseReturnValue:
    return page("head/index.html", overview=Overview(current_user))
