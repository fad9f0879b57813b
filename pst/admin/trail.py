"""The audit trail, to be looked through."""

from datetime import date

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from pst.access import admins
from pst.admin.queries import Trail
from pst.pages import page

bp = Blueprint("trail", __name__, url_prefix="/admin/audit")


@bp.get("")
@admins
def index() -> ResponseReturnValue:
    return page("admin/trail.html", trail=asked_for(), asked=request.args)


def asked_for() -> Trail:
    """Read the filters from the address; what makes no sense filters nothing."""
    return Trail(
        action=request.args.get("tindakan", ""),
        actor=request.args.get("pelaku", "").strip(),
        subject=request.args.get("objek", "").strip(),
        since=request.args.get("dari", type=date.fromisoformat),
        until=request.args.get("sampai", type=date.fromisoformat),
        page=request.args.get("hal", 1, type=int),
    )
