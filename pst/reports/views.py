"""Reports: the officer drafts, writes and sends; the head approves or returns."""

import logging
from typing import Any

from flask import Response, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.database import db
from pst.reports import deciding, public  # noqa: F401  (its views are added)
from pst.reports.blueprint import bp, find
from pst.reports.contexts import (
    comments_page,
    let_others_write,
    period_form,
    reading_context,
    shelf_context,
    write_again,
    writing_context,
)
from pst.reports.files.export import csv_rows
from pst.reports.forms import ThemesForm, WordsForm
from pst.reports.letter.pdf import NOT_SET, NotSet, pdf
from pst.reports.models import Report
from pst.reports.queries import Contents, is_reported_on
from pst.web.access import everyone, hide, officers
from pst.web.error_pages import explain, reference
from pst.web.responses import done, fragment, page

log = logging.getLogger(__name__)
# Where the buttons below a report lead, after its words are stored.
ONWARD = {"pratinjau": ".preview", "umpan-balik": ".comments"}


@bp.get("/petugas/laporan")
@officers
def index() -> ResponseReturnValue:
    return page("reports/index.html", **shelf_context(), form=period_form())


@bp.post("/petugas/laporan")
@officers
def draft() -> ResponseReturnValue:
    form = period_form()
    if not form.validate():
        let_others_write()
        return page("reports/index.html", **shelf_context(), form=form), 422
    if form.anyway.data != "y" and is_reported_on(form.chosen, current_user):
        let_others_write()
        others = Report.others_on(form.chosen)
        return page("reports/index.html", **shelf_context(others), form=form), 409
    report = Report.draft(form.chosen, current_user)
    id = report.id
    db.session.commit()
    return done(url_for(".show", id=id))


@bp.get("/petugas/laporan/<int:id>")
@officers
def show(id: int) -> ResponseReturnValue:
    report = find(id)
    contents = Contents(report)
    if not report.can_be_written_by(current_user):
        return page("reports/show.html", **reading_context(contents))
    form = WordsForm.of(report.number, report.words)
    return page("reports/editing/edit.html", **writing_context(contents, form))


@bp.post("/petugas/laporan/<int:id>/isian")
@officers
def write(id: int) -> ResponseReturnValue:
    report = find(id)
    form = WordsForm()
    if not form.validate():
        let_others_write()
        report = find(id)
        parts = "reports/editing/edit.html", "reports/editing/_not_saved.html"
        return page(*parts, **writing_context(Contents(report), form)), 422
    texts = form.words
    # Reasons that a draft has from before they were written at the consultation.
    if "late" in report.words:
        texts["late"] = report.words["late"]
    report.write(current_user, form.number.data or "", texts, form.seen_figures)
    db.session.commit()
    onward = ONWARD.get(request.form.get("press", ""))
    if onward is None:
        return done(url_for(".show", id=id), event="saved")
    return done(url_for(onward, id=id))


@bp.get("/petugas/laporan/<int:id>/umpan-balik")
@officers
def comments(id: int) -> ResponseReturnValue:
    """Decide what each comment is about, and which are quoted."""
    report = _own_draft(id)
    rows = comments_page(report)
    form = ThemesForm.of(rows.entries)
    return page(
        "reports/editing/comments.html", report=report, comments=rows, form=form
    )


@bp.post("/petugas/laporan/<int:id>/umpan-balik")
@officers
def decide(id: int) -> ResponseReturnValue:
    report = _own_draft(id)
    rows = comments_page(report)
    form = ThemesForm()
    if not form.validate():
        context: dict[str, Any] = {"report": report, "comments": rows, "form": form}
        return page("reports/editing/comments.html", **context), 422
    by_rating = rows.by_rating
    if any(int(row["rating"]) not in by_rating for row in form.comments.data):
        abort(404)
    for row in form.comments.data:
        by_rating[int(row["rating"])].decide(
            row["theme"], row["quote"] if row["is_quoted"] else "", current_user
        )
    onward = url_for(".show", id=id, _anchor="bagian-comments")
    if rows.rows.has_next:
        onward = url_for(".comments", id=id, hal=rows.rows.next_num)
    db.session.commit()
    flash("Tema umpan balik tersimpan.")
    return done(onward)


@bp.get("/petugas/laporan/<int:id>/tersimpan")
@officers
def saved(id: int) -> ResponseReturnValue:
    """Show when the words were stored last, as a fragment."""
    return fragment("reports/editing/_saved.html", report=find(id))


@bp.post("/petugas/laporan/<int:id>/pengambilan")
@officers
def take(id: int) -> ResponseReturnValue:
    find(id).take(current_user)
    db.session.commit()
    return done(url_for(".show", id=id))


@bp.get("/petugas/laporan/<int:id>/pratinjau")
@officers
def preview(id: int) -> ResponseReturnValue:
    return page("reports/show.html", **reading_context(Contents(find(id))))


@bp.post("/petugas/laporan/<int:id>/pengiriman")
@officers
def send(id: int) -> ResponseReturnValue:
    let_others_write()
    report = find(id)
    edited_at, contents = report.edited_at, Contents(report, is_final=True)
    frozen, letter, table = contents.frozen, b"", b""
    if report.can_be_sent_by(current_user):
        if request.form.get("seen") != contents.preview_hash:
            return page(
                "reports/show.html", **reading_context(contents, is_stale=True)
            ), 409
        letter, table = pdf(contents), csv_rows(contents)
    write_again()
    find(id).send(current_user, frozen, letter, table, edited_at)
    db.session.commit()
    flash("Laporan terkirim ke Ketua Tim.")
    return done(url_for(".show", id=id))


@bp.post("/petugas/laporan/<int:id>/versi")
@officers
def revise(id: int) -> ResponseReturnValue:
    newer = find(id).revise(current_user).id
    db.session.commit()
    return done(url_for(".show", id=newer))


@bp.post("/petugas/laporan/<int:id>/penghapusan")
@officers
def discard(id: int) -> ResponseReturnValue:
    find(id).discard(current_user)
    db.session.commit()
    flash("Draf laporan dihapus.")
    return done(url_for(".index"))


@bp.app_errorhandler(NotSet)
def answer_not_set(error: NotSet) -> Response:
    log.error("%s %s: letter not set: %s", reference(), request.endpoint, error)
    return explain(500, NOT_SET)


@bp.get("/kinerja")
@everyone
def performance() -> ResponseReturnValue:
    return page("reports/performance.html", shown=public.performance())


def _own_draft(id: int) -> Report:
    report = find(id)
    if not report.can_be_written_by(current_user):
        hide()
    return report
