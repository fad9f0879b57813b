"""A report to take away: PDF, workbook, and rows without identities."""

import importlib

from flask import Blueprint, Response, abort, request
from flask_login import current_user

from pst.reports.files.export import as_indonesian, csv_rows
from pst.reports.letter.pdf import pdf
from pst.reports.models import Report
from pst.reports.queries import Contents
from pst.web.access import find_or_404, staff
from pst.web.formats.csv_files import ARGUMENT, INTERNATIONAL

bp = Blueprint("report_files", __name__, url_prefix="/petugas/laporan/<int:id>")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def find(id: int) -> Report:
    return find_or_404(Report.visible_to(current_user), id=id)


@bp.get("/laporan.pdf")
@staff
def pdf_file(id: int) -> Response:
    """Return the letter as it was sent; a draft as it would be sent, marked as one."""
    report = find(id)
    content = report.pdf if report.pdf is not None else pdf(Contents(report))
    return _file(report, content, "application/pdf", ".pdf")


@bp.get("/laporan-disetujui.pdf")
@staff
def signed_pdf_file(id: int) -> Response:
    """Return the letter with the mark of its approval."""
    report = find(id)
    if report.signed_pdf is None:
        abort(404)
    return _file(report, report.signed_pdf, "application/pdf", "-disetujui.pdf")


@bp.get("/laporan.xlsx")
@staff
def xlsx_file(id: int) -> Response:
    report = find(id)
    # Loaded when it is first needed: what writes it takes 2 MB of every process.
    workbook = importlib.import_module("pst.reports.files.spreadsheet")
    return _file(report, workbook.xlsx(Contents(report)), XLSX, ".xlsx")


@bp.get("/baris.csv")
@staff
def csv_file(id: int) -> Response:
    """Return the consultations of the period, one a row, as they were at sending."""
    report = find(id)
    content = report.rows if report.rows is not None else csv_rows(Contents(report))
    if request.args.get(ARGUMENT) != INTERNATIONAL:
        content = as_indonesian(content)
    return _file(report, content, "text/csv; charset=utf-8", ".csv")


def _file(report: Report, content: bytes, type: str, ending: str) -> Response:
    response = Response(content, content_type=type)
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{report.file_name}{ending}"'
    )
    response.headers["Cache-Control"] = "no-store, private"
    return response
