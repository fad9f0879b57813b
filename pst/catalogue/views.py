"""A catalogue item, for the public."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from limits import parse_many

from pst import clock
from pst.accounts.log_in import throttling
from pst.catalogue import figures, openings
from pst.catalogue.answers import charts
from pst.catalogue.models import CatalogueItem, CatalogueOpening
from pst.catalogue.queries import FigureTable
from pst.database import db
from pst.deferred_writes import afterwards
from pst.extensions import limiter
from pst.office import settings
from pst.web.access import everyone
from pst.web.responses import page

bp = Blueprint("catalogue", __name__, url_prefix="/tabel")
MAX_KEY_LENGTH = 40
# More than a person opens: a script would only fill the counts.
MAX_NOTED = parse_many("120/hour")

bp.add_app_template_global(charts.chart, "figure_chart")
bp.add_app_template_filter(charts.period_text, "period_text")


@bp.get("/<int:id>")
@everyone
@limiter.limit("120/minute")
def show(id: int) -> ResponseReturnValue:
    """Show what an item is, its newest figures, and where it is published."""
    item = db.get_or_404(CatalogueItem, id)
    answer = page(
        "catalogue/show.html",
        entry=item,
        figure=figures.latest(item),
        table=FigureTable(item),
    )
    if request.method != "HEAD":
        _note(item.id, request.args.get("dari", "")[:MAX_KEY_LENGTH])
    return answer


def _note(id: int, key: str) -> None:
    """Count the opening after the answer, and tell the search it came from."""
    if throttling.guesses().take([(MAX_NOTED, ("opened", throttling.here()[-1]))]):
        return
    on = clock.today(settings.current().zone)
    afterwards(lambda: CatalogueOpening.count_one(id, on))
    if key:
        openings.opened(key, id)
