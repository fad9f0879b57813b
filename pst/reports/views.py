"""Reports: the officer drafts, writes and sends; the head approves or returns.

And the public figures.
"""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.access import heads, officers, staff
from pst.database import db
from pst.pages import done, page
from pst.reports.forms import CommentForm, PeriodForm, WordsForm
from pst.reports.models import Report
from pst.reports.queries import Contents, Running, Shelf, choices, newer_version

bp = Blueprint("reports", __name__)


def find(id: int) -> Report:
    """Find a report that the reader may know of; anything else is 404."""
    return db.first_or_404(Report.visible_to(current_user).filter_by(id=id))
