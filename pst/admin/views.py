"""The IT person's first screen, and how the system is."""

from flask import Blueprint, current_app, flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from pst import clock, dead_letters, lamps
from pst.admin import job_runs
from pst.admin.backups import notes
from pst.admin.calendar.calendar_year import Year
from pst.admin.health.looks import checks
from pst.admin.queries import Mails, People
from pst.config import BUILD
from pst.database import db
from pst.office import audit, settings, setup
from pst.web.access import admins
from pst.web.responses import done, page

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
    config = current_app.config["PST"]
    return page(
        "admin/system.html",
        checks=checks(),
        lamps=lamps.by_name(),
        runs=sorted(job_runs.last().values(), key=lambda run: run.name),
        items=dead_letters.items(),
        config=config,
        backups=notes.proven_archives(config.backup_dir)[::-1],
        version=BUILD,
        open_points=setup.open_points(),
    )


@bp.post("/sistem/butir/<int:id>/percobaan")
@admins
def try_again(id: int) -> ResponseReturnValue:
    """Let the next run of its job try a parked item again."""
    item = db.get_or_404(dead_letters.ParkedItem, id)
    audit.record("try_again", f"{item.job}:{item.item_id}", current_user.id)
    db.session.delete(item)
    db.session.commit()
    flash("Butir itu dicoba lagi pada waktu tugasnya berikut.")
    return done(url_for(".system"))
