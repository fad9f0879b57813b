"""A person's own data."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from pst.access import before_two_step, signed_in
from pst.pages import page

bp = Blueprint("personal", __name__, url_prefix="/akun/data")


@bp.get("")
@signed_in
@before_two_step
def index() -> ResponseReturnValue:
    return page("soon.html")
