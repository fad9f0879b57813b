"""Reports: the officer drafts, writes and sends; the head approves or returns."""

import logging
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.access import everyone, find_or_404, heads, hide, officers
from pst.database import db, only_read
from pst.errors import explain, reference
from pst.pages import done, fragment, page
from pst.reports import public
from pst.reports.charts import chart
from pst.reports.export import rows
from pst.reports.forms import CommentForm, PeriodForm, ThemesForm, WordsForm
from pst.reports.layout import theme_text
from pst.reports.models import Report
from pst.reports.pdf import NotSet, pdf
from pst.reports.periods import Period
from pst.reports.queries import (
    Comments,
    Contents,
    Running,
    Shelf,
    choices,
    newer_version,
    others_beside,
)

log = logging.getLogger(__name__)
bp = Blueprint("reports", __name__)
# Where the buttons below a report lead, once what was typed is stored.
ONWARD = {"pratinjau": ".preview", "umpan-balik": ".comments"}
NOT_SET = (
    "Surat PDF laporan ini belum dapat disusun. Tulisan Anda tetap tersimpan, dan tidak"
    " ada yang terkirim. Sebutkan nomor rujukan ini kepada Admin TI."
)
bp.add_app_template_global(chart, "chart")
bp.add_app_template_global(theme_text, "theme_text")


def find(id: int) -> Report:
    """Find a report that the reader may know of; anything else is 404."""
    return find_or_404(Report.visible_to(current_user), id=id)


def let_others_write() -> None:
    """Give back the write lock that looking up who is signed in took.

    Figures and PDF take a while to make; the verb comes in a transaction after them.
    """
    db.session.rollback()
    only_read()


def write_again() -> None:
    """Have what follows in this request write."""
    db.session.rollback()
    only_read(False)


@bp.get("/petugas/laporan")
@officers
def index() -> ResponseReturnValue:
    return page("reports/index.html", **_shelf(), form=_period_form())


@bp.post("/petugas/laporan")
@officers
def draft() -> ResponseReturnValue:
    form = _period_form()
    if not form.validate():
        let_others_write()
        return page("reports/index.html", **_shelf(), form=form), 422
    if form.anyway.data != "y" and _is_reported_on(form.chosen):
        let_others_write()
        others = Report.others_on(form.chosen)
        return page("reports/index.html", **_shelf(others), form=form), 409
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
        return page("reports/show.html", **_reading(contents))
    form = WordsForm.of(report.number, report.words)
    return page("reports/edit.html", **_writing(contents, form))


@bp.post("/petugas/laporan/<int:id>/isian")
@officers
def write(id: int) -> ResponseReturnValue:
    report = find(id)
    form = WordsForm()
    if not form.validate():
        let_others_write()
        report = find(id)
        parts = "reports/edit.html", "reports/_not_saved.html"
        return page(*parts, **_writing(Contents(report), form)), 422
    # Causes that a draft has from before they were written at the consultation.
    kept = {name: report.words[name] for name in ("late",) if name in report.words}
    report.write(
        current_user, form.number.data or "", {**kept, **form.words}, form.seen_figures
    )
    db.session.commit()
    onward = ONWARD.get(request.form.get("lanjut", ""))
    if onward is None:
        return done(url_for(".show", id=id), event="saved")
    return done(url_for(onward, id=id))


@bp.get("/petugas/laporan/<int:id>/umpan-balik")
@officers
def comments(id: int) -> ResponseReturnValue:
    """Decide what each comment is about, and which are quoted."""
    found = _comments(report := _own_draft(id))
    form = ThemesForm.of(found.shown)
    return page("reports/comments.html", report=report, comments=found, form=form)


@bp.post("/petugas/laporan/<int:id>/umpan-balik")
@officers
def decide(id: int) -> ResponseReturnValue:
    found = _comments(report := _own_draft(id))
    form = ThemesForm()
    if not form.validate():
        context: dict[str, Any] = {"report": report, "comments": found, "form": form}
        return page("reports/comments.html", **context), 422
    known = found.by_rating
    if any(int(row["rating"]) not in known for row in form.comments.data):
        abort(404)
    for row in form.comments.data:
        known[int(row["rating"])].decide(
            row["theme"], row["quote"] if row["is_quoted"] else "", current_user
        )
    onward = url_for(".show", id=id, _anchor="bagian-comments")
    if found.rows.has_next:
        onward = url_for(".comments", id=id, hal=found.rows.next_num)
    db.session.commit()
    flash("Tema umpan balik tersimpan.")
    return done(onward)


@bp.get("/petugas/laporan/<int:id>/tersimpan")
@officers
def saved(id: int) -> ResponseReturnValue:
    """Say when the words were stored last."""
    return fragment("reports/_saved.html", report=find(id))


@bp.post("/petugas/laporan/<int:id>/pengambilan")
@officers
def take(id: int) -> ResponseReturnValue:
    find(id).take(current_user)
    db.session.commit()
    return done(url_for(".show", id=id))


@bp.get("/petugas/laporan/<int:id>/pratinjau")
@officers
def preview(id: int) -> ResponseReturnValue:
    return page("reports/show.html", **_reading(Contents(find(id))))


@bp.post("/petugas/laporan/<int:id>/pengiriman")
@officers
def send(id: int) -> ResponseReturnValue:
    let_others_write()
    report = find(id)
    edited_at, contents = report.edited_at, Contents(report, is_final=True)
    frozen, letter, table = contents.frozen, b"", b""
    if report.can_be_sent_by(current_user):
        if request.form.get("seen") != contents.seen:
            return page("reports/show.html", **_reading(contents, is_stale=True)), 409
        letter, table = pdf(contents), rows(contents)
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


@bp.get("/ketua/laporan")
@heads
def head_index() -> ResponseReturnValue:
    return page("reports/head_index.html", **_shelf())


@bp.get("/ketua/laporan/<int:id>")
@heads
def head_show(id: int) -> ResponseReturnValue:
    return page("reports/show.html", **_reading(Contents(find(id))))


@bp.post("/ketua/laporan/<int:id>/persetujuan")
@heads
def approve(id: int) -> ResponseReturnValue:
    find(id).approve(current_user)
    db.session.commit()
    flash("Laporan disetujui.")
    return done(url_for(".head_show", id=id))


@bp.post("/ketua/laporan/<int:id>/pengembalian")
@heads
def hand_back(id: int) -> ResponseReturnValue:
    report = find(id)
    form = CommentForm()
    if not form.validate():
        return page("reports/show.html", **_reading(Contents(report), form)), 422
    report.hand_back(current_user, form.comment.data)
    db.session.commit()
    flash("Laporan dikembalikan kepada petugas.")
    return done(url_for(".head_show", id=id))


@bp.app_errorhandler(NotSet)
def say_not_set(error: NotSet) -> Response:
    log.error("%s %s: letter not set: %s", reference(), request.endpoint, error)
    return explain(500, NOT_SET)


@bp.get("/kinerja")
@everyone
def performance() -> ResponseReturnValue:
    return page("reports/performance.html", shown=public.performance())


def _is_reported_on(period: Period) -> bool:
    """Say whether a new draft of `period` would be one more, which nobody expects."""
    own = Report.draft_of(period, current_user)
    return own is None and bool(Report.others_on(period))


def _shelf(others: Sequence[Report] = ()) -> dict[str, Any]:
    number = request.args.get("hal", 1, int)
    shelf = Shelf(current_user, page=number)
    return {"shelf": shelf, "running": Running(), "others": others}


def _writing(contents: Contents, form: WordsForm) -> dict[str, Any]:
    return {
        "contents": contents,
        "report": contents.report,
        "others": others_beside(contents.report),
        "form": form,
    }


def _own_draft(id: int) -> Report:
    report = find(id)
    if not report.can_be_written_by(current_user):
        hide()
    return report


def _comments(report: Report) -> Comments:
    return Comments(report.period, page=request.args.get("hal", 1, int))


def _period_form() -> PeriodForm:
    form = PeriodForm()
    form.offer(choices())
    return form


def _reading(
    contents: Contents, form: CommentForm | None = None, is_stale: bool = False
) -> dict[str, Any]:
    return {
        "contents": contents,
        "report": contents.report,
        "newer": newer_version(contents.report),
        "others": others_beside(contents.report),
        "form": form or CommentForm(),
        "is_stale": is_stale,
    }
