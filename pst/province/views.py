"""The districts side by side: a page, and a file."""

from typing import Any

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.office import audit
from pst.province.contract import FIGURES
from pst.province.districts import District
from pst.province.side_by_side import NAME, SORTS, SideBySide, offered_months
from pst.web.access import overseers
from pst.web.formats import csv_files
from pst.web.responses import page

bp = Blueprint("province", __name__, url_prefix="/provinsi")
FALLING = "turun"
bp.add_app_template_global(District.has_any, "has_districts")


@bp.get("")
@overseers
def index() -> ResponseReturnValue:
    months, rows = _request()
    return page("province/index.html", months=months, rows=rows, keys=list(FIGURES))


@bp.get("/unduhan")
@overseers
def export() -> Response:
    _, rows = _request()
    heading = ["office", "period", *FIGURES, "state", "counted_at", "fault"]
    lines = [
        [
            line.district.name,
            rows.period.code,
            *line.values,
            line.arrival.value,
            line.month.counted_at.isoformat() if line.month else "",
            line.district.fault,
        ]
        for line in rows.lines
    ]
    is_international = request.args.get(csv_files.ARGUMENT) == csv_files.INTERNATIONAL
    content = csv_files.whole([heading, *lines], international=is_international)
    audit.record_export("districts", current_user.id)
    answer = Response(content, mimetype="text/csv")
    name = f"kabupaten-{rows.period.code}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _request() -> tuple[list[Any], SideBySide]:
    """Return what is asked for: a month that is offered, a column to sort by."""
    months = offered_months()
    code = request.args.get("periode") or months[0].code
    period = next((month for month in months if month.code == code), None)
    sort, order = request.args.get("urut", NAME), request.args.get("arah", "")
    if period is None or sort not in SORTS or order not in ("", FALLING):
        abort(400)
    return months, SideBySide(period, sort, order == FALLING)
