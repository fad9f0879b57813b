"""The audit trail, to be looked through."""

from datetime import date

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst import clock
from pst.accounts.blueprint import confirmed
from pst.admin.queries import Trail
from pst.admin.tables import trail_csv
from pst.office import audit, settings
from pst.web.access import admins
from pst.web.formats.csv_files import ARGUMENT, INTERNATIONAL
from pst.web.responses import page

bp = Blueprint("audit", __name__, url_prefix="/admin/audit")
FIRST_YEAR, LAST_YEAR = 2000, 2100


@bp.get("")
@admins
def index() -> ResponseReturnValue:
    return page("audit/index.html", trail=asked_for(), unknown=unknown_days())


@bp.get("/unduhan")
@admins
@confirmed
def export() -> ResponseReturnValue:
    """Send the entries that the filters choose, as CSV."""
    if unknown := unknown_days():  # without its filter it would be all there is
        return page("audit/index.html", trail=asked_for(), unknown=unknown), 422
    is_other = request.args.get(ARGUMENT) == INTERNATIONAL
    body = "".join(trail_csv(asked_for(), international=is_other))
    now = clock.now().astimezone(settings.current().zone)
    name = f"audit-{now:%Y%m%d-%H%M%S}.csv"
    audit.record_export("audit", current_user.id)
    return Response(
        body,
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def asked_for() -> Trail:
    """Read the filters from the address; what makes no sense filters nothing."""
    return Trail(
        action=request.args.get("tindakan", ""),
        actor=request.args.get("pelaku", "").strip(),
        subject=request.args.get("objek", "").strip(),
        since=request.args.get("dari", type=known_day),
        until=request.args.get("sampai", type=known_day),
        page=request.args.get("hal", 1, type=int),
    )


def known_day(text: str) -> date:
    """Read a day; raise `ValueError` for one that no entry can be of."""
    day = date.fromisoformat(text)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError("no year of ours")
    return day


def unknown_days() -> bool:
    """Return whether a day was given that makes no sense."""
    names = [name for name in ("dari", "sampai") if request.args.get(name)]
    return any(request.args.get(name, type=known_day) is None for name in names)
