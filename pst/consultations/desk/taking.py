"""The buttons of the worklist: all are of one form, and each names its consultation."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from pst.consultations.desk.roster import take_over
from pst.consultations.desk.views import claim
from pst.web.access import officers

bp = Blueprint("taking", __name__, url_prefix="/petugas/daftar-kerja")


@bp.post("/pengambilan")
@officers
def take() -> ResponseReturnValue:
    """Claim a consultation, or take it over from who is away."""
    if number := request.form.get("take_over"):
        return take_over(number)
    return claim(request.form.get("claim", ""))
