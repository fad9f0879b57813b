"""What the field *Wilayah* suggests, kept by the browser."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from pst.regions.resolving import Gazetteer, gazetteer
from pst.web.access import everyone

bp = Blueprint("regions", __name__, url_prefix="/wilayah")

KEPT = "private, max-age=86400"


@bp.get("/pilihan")
@everyone
def options() -> ResponseReturnValue:
    """Return every region as an option, for pages whose script asks."""
    body = render_template("regions/_options.html", names=gazetteer().suggestions)
    return body, 200, {"Cache-Control": KEPT}


@bp.app_template_global("regions_known")
def regions_known() -> Gazetteer:
    return gazetteer()
