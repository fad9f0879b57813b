"""What the head does with reports: read, approve, return."""

from typing import Any

from flask import Response, flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.database import db
from pst.reports.blueprint import bp, find
from pst.reports.contexts import (
    let_others_write,
    reading_context,
    shelf_context,
    write_again,
)
from pst.reports.forms import ApprovalForm, CommentForm
from pst.reports.letter.approving import approved_letter
from pst.reports.models import Report
from pst.reports.queries import Contents, waiting_for
from pst.web.access import heads
from pst.web.responses import done, page


@bp.get("/ketua/laporan")
@heads
def head_index() -> ResponseReturnValue:
    waiting = waiting_for(current_user)
    return page("reports/head_index.html", **shelf_context(), waiting=waiting)


@bp.get("/ketua/laporan/<int:id>")
@heads
def head_show(id: int) -> ResponseReturnValue:
    return show_page(find(id))


@bp.post("/ketua/laporan/<int:id>/persetujuan")
@heads
def approve(id: int) -> ResponseReturnValue:
    let_others_write()
    report = find(id)
    form = ApprovalForm()
    if not form.validate():
        return show_page(report, approval_form=form), 422
    approval, pdf = approved_letter(report, current_user, form.number.data or "")
    write_again()
    find(id).approve(current_user, approval, pdf)
    db.session.commit()
    flash("Laporan disetujui. Surat PDF-nya memuat persetujuan Anda.")
    return done(url_for(".head_show", id=id))


@bp.post("/ketua/laporan/<int:id>/pengembalian")
@heads
def hand_back(id: int) -> ResponseReturnValue:
    report = find(id)
    form = CommentForm()
    if not form.validate():
        return show_page(report, form=form), 422
    report.hand_back(current_user, form.comment.data)
    db.session.commit()
    flash("Laporan dikembalikan kepada petugas.")
    return done(url_for(".head_show", id=id))


def show_page(report: Report, **forms: Any) -> Response:
    """Show the report to the head, also with a form that was refused."""
    return page("reports/show.html", **reading_context(Contents(report), **forms))
