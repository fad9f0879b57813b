"""The first screen of the head of the team."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.reports.head.overview import Overview
from pst.web.access import Role, heads
from pst.web.registered_pages import register_home
from pst.web.responses import page

bp = Blueprint("head", __name__)
register_home(Role.HEAD, lambda: "head.index")


@bp.get("/ketua")
@heads
def index() -> ResponseReturnValue:
    return page("head/index.html", overview=Overview(current_user))
