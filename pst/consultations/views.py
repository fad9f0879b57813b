"""stub"""

from flask import Blueprint

from pst.access import signed_in
from pst.pages import page

bp = Blueprint("consultations", __name__, url_prefix="/konsultasi")


@bp.get("")
@signed_in
def index():
    return page("soon.html")


@bp.get("/baru")
@signed_in
def new():
    return page("soon.html")


@bp.get("/<number>")
@signed_in
def show(number: str):
    return page("soon.html")
