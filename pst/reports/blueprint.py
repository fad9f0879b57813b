"""The blueprint of reports, what its templates may call, and how a report is found."""

from flask import Blueprint
from flask_login import current_user

from pst.reports.layout.charts import chart
from pst.reports.layout.texts import theme_text
from pst.reports.letter import words
from pst.reports.letter.letter_form import letterhead, spaced
from pst.reports.models import Report
from pst.web.access import find_or_404

bp = Blueprint("reports", __name__)
bp.add_app_template_global(chart, "chart")
bp.add_app_template_global(theme_text, "theme_text")
bp.add_app_template_global(words.parts, "parts_of")
bp.add_app_template_filter(words.target, "target")
bp.add_app_template_filter(spaced, "spaced_nip")
bp.add_app_template_global(letterhead, "letterhead")


def find(id: int) -> Report:
    """Find a report that the reader may see; anything else is 404."""
    return find_or_404(Report.visible_to(current_user), id=id)
