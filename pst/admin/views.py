"""The IT person's first screen, and how the system is."""

from flask import Blueprint, current_app
from werkzeug.wrappers import Response

from pst import clock
from pst.access import admins
from pst.admin import runs
from pst.admin.health import checks
from pst.admin.queries import Mails, People, Year
from pst.config import VERSION
from pst.office import settings, setup
from pst.pages import page

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.get("")
@admins
def index() -> Response:
    year = clock.today(settings.current().zone).year
    return page(
        "admin/index.html",
        mails=Mails(),
        people=People(),
        years=Year(year).around,
        checks=checks(),
    )


@bp.get("/sistem")
@admins
def system() -> Response:
    return page(
        "admin/system.html",
        checks=checks(),
        runs=sorted(runs.last().values(), key=lambda run: run.name),
        config=current_app.config["PST"],
        version=VERSION,
        open_points=setup.open_points(),
    )
