"""Hours of their own for some days, and the deadlines that a new calendar moves."""

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.admin.forms import HoursForm
from pst.consultations.service_level import deadline_shift
from pst.database import db
from pst.office import days_off
from pst.office.hours_period import HoursPeriod
from pst.web.access import admins
from pst.web.responses import done, page

bp = Blueprint("service_hours", __name__, url_prefix="/admin/kalender")


@bp.get("/jam")
@admins
def index() -> ResponseReturnValue:
    return _index(HoursForm(formdata=None))


def _index(form: HoursForm) -> Response:
    return page("service_hours/index.html", periods=days_off.hours_periods(), form=form)


@bp.post("/jam")
@admins
def change() -> ResponseReturnValue:
    form = HoursForm()
    if not form.validate():
        return _index(form), 422
    days_off.change_hours(
        form.title.data or "",
        form.first.data,
        form.last.data,
        form.hours(),
        current_user.id,
        counts=form.counts.data,
    )
    db.session.commit()
    flash("Jam khusus disimpan. Periksa tenggat yang berubah.")
    return done(url_for(".moves"))


@bp.post("/jam/<int:id>/penghapusan")
@admins
def drop(id: int) -> ResponseReturnValue:
    days_off.drop_hours(db.get_or_404(HoursPeriod, id), current_user.id)
    db.session.commit()
    flash("Jam khusus dihapus. Periksa tenggat yang berubah.")
    return done(url_for(".moves"))


@bp.get("/tenggat")
@admins
def moves() -> ResponseReturnValue:
    """Show what the calendar would move; nothing has moved yet."""
    return _moves(deadline_shift.moves())


def _moves(moves: list[deadline_shift.Move], has_changed: bool = False) -> Response:
    return page(
        "service_hours/moves.html",
        moves=moves,
        mark=deadline_shift.mark(moves),
        has_changed=has_changed,
    )


@bp.post("/tenggat")
@admins
def confirm() -> ResponseReturnValue:
    """Move the deadlines that were shown, and no others."""
    deadline_moves = deadline_shift.moves()
    if request.form.get("mark") != deadline_shift.mark(deadline_moves):
        return _moves(deadline_moves, has_changed=True), 409
    deadline_shift.move_all(deadline_moves, current_user)
    db.session.commit()
    flash(f"{len(deadline_moves)} tenggat dipindahkan.")
    return done(url_for("calendar.index"))
