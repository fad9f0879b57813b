"""The working-day calendar: which days are off, and who says so."""

from datetime import date

from flask import Blueprint, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from pst import clock
from pst.admin.calendar.calendar_year import Year
from pst.admin.forms import FIRST_YEAR, LAST_YEAR, DayOffForm
from pst.consultations.service_level import deadline_shift
from pst.database import db
from pst.office import days_off, settings
from pst.web.access import admins
from pst.web.responses import done, page, safe_next

bp = Blueprint("calendar", __name__, url_prefix="/admin/kalender")


@bp.get("")
@admins
def index() -> ResponseReturnValue:
    this_year = clock.today(settings.current().zone).year
    return _year(request.args.get("tahun", this_year, type=int), DayOffForm())


def _year(year: int, form: DayOffForm) -> Response:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        abort(404)
    return page(
        "calendar/index.html",
        year=Year(year),
        form=form,
        moves=len(deadline_shift.moves()),
    )


def to_day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        abort(404)
    return day


def _back(year: int) -> Response:
    """Go back to the page the form stood on."""
    otherwise = url_for(".index", tahun=year)
    return done(safe_next(request.form.get("next"), otherwise))


@bp.post("")
@admins
def take_off() -> ResponseReturnValue:
    """Close the office on a day of its own."""
    form = DayOffForm()
    if not form.validate():
        this_year = clock.today(settings.current().zone).year
        year = form.on.data.year if form.on.data else this_year
        answer = _year(min(max(year, FIRST_YEAR), LAST_YEAR), form)
        return answer, 422
    days_off.take_off(form.on.data, form.name.data, current_user.id)
    year = form.on.data.year
    db.session.commit()
    flash("Hari libur ditambahkan.")
    return _back(year)


@bp.post("/<day>/hari-kerja")
@admins
def work_on(day: str) -> ResponseReturnValue:
    """Open the office on that day after all."""
    on = to_day(day)
    days_off.work_on(on, current_user.id)
    db.session.commit()
    flash("Hari itu dihitung sebagai hari kerja.")
    return _back(on.year)


@bp.post("/<day>/hari-libur")
@admins
def rest_again(day: str) -> ResponseReturnValue:
    on = to_day(day)
    days_off.rest_again(on, current_user.id)
    db.session.commit()
    flash("Hari itu libur kembali.")
    return _back(on.year)


@bp.post("/<int:year>/pengesahan")
@admins
def confirm(year: int) -> ResponseReturnValue:
    """Note that the expected days agree with the decree."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        abort(404)
    days_off.confirm(year, current_user.id)
    db.session.commit()
    flash(f"Hari libur {year} dicatat sebagai resmi.")
    return _back(year)


@bp.post("/<int:year>/isian")
@admins
def fill(year: int) -> ResponseReturnValue:
    """Add the holidays of a year that has none yet."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        abort(404)
    days_off.seed(year)
    db.session.commit()
    flash(f"Hari libur {year} diisi.")
    return _back(year)
