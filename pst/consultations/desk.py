"""stub"""

from flask import Blueprint

from pst.access import staff
from pst.pages import page

bp = Blueprint("desk", __name__, url_prefix="/petugas")


@bp.get("")
@staff
def index():
    return page("soon.html")


@bp.get("/konsultasi/<number>")
@staff
def show(number: str):
    return page("soon.html")
