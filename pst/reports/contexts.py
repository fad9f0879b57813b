"""What the pages of reports show, and when their making holds no write lock."""

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_login import current_user

from pst.database import db, only_read
from pst.reports.figures.comments import Comments
from pst.reports.forms import ApprovalForm, CommentForm, PeriodForm, WordsForm
from pst.reports.models import Report
from pst.reports.queries import (
    Contents,
    CurrentMonth,
    Shelf,
    choices,
    newer_version,
    other_reports,
)


def let_others_write() -> None:
    """Release the write lock that loading the signed-in user took.

    Figures and PDF take a while to make; the verb follows in its own transaction.
    """
    db.session.rollback()
    only_read()


def write_again() -> None:
    """Allow what follows in this request to write again."""
    db.session.rollback()
    only_read(False)


def shelf_context(others: Sequence[Report] = ()) -> dict[str, Any]:
    """Return what a list of reports shows; `others` are those on the same period."""
    number = request.args.get("hal", 1, int)
    shelf = Shelf(current_user, page=number)
    return {"shelf": shelf, "running": CurrentMonth(), "others": others}


def writing_context(contents: Contents, form: WordsForm) -> dict[str, Any]:
    """Return what the page of a draft shows to its author."""
    return {
        "contents": contents,
        "report": contents.report,
        "others": other_reports(contents.report),
        "form": form,
    }


def comments_page(report: Report) -> Comments:
    return Comments(report.period, page=request.args.get("hal", 1, int))


def period_form() -> PeriodForm:
    form = PeriodForm()
    form.offer(choices())
    return form


def reading_context(
    contents: Contents,
    form: CommentForm | None = None,
    approval_form: ApprovalForm | None = None,
    is_stale: bool = False,
) -> dict[str, Any]:
    """Return what a report shows to its readers."""
    return {
        "contents": contents,
        "report": contents.report,
        "newer": newer_version(contents.report),
        "others": other_reports(contents.report),
        "form": form or CommentForm(),
        "approval_form": approval_form or ApprovalForm(),
        "is_stale": is_stale,
    }
