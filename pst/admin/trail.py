"""The audit trail, to be looked through."""

from datetime import date

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst import clock
from pst.access import admins
from pst.accounts.blueprint import confirmed
from pst.admin.queries import Trail
from pst.admin.tables import trail_csv
from pst.office import audit, settings
from pst.pages import page

bp = Blueprint("trail", __name__, url_prefix="/admin/audit")


@bp.get("")
@admins
def index() -> ResponseReturnValue:
    return page("admin/trail.html", trail=asked_for())


@bp.get("/unduhan")
@admins
@confirmed
def export() -> ResponseReturnValue:
    """The entries that the filters choose, as CSV."""
    body = "".join(trail_csv(asked_for()))
    now = clock.now().astimezone(settings.current().zone)
    name = f"audit-{now:%Y%m%d-%H%M%S}.csv"
    audit.record_export("audit", current_user.id)
    return Response(
        "\ufeff" + body,
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


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
