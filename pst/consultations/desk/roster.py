"""Duty days, and taking over from absent officers."""

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.accounts.users import User
from pst.consultations import duty
from pst.consultations.blueprint import find
from pst.consultations.desk.forms import DutyForm
from pst.consultations.hand_overs import returnable
from pst.consultations.queries import open_counts
from pst.database import db
from pst.office import settings
from pst.web.access import Role, heads, officers, staff
from pst.web.forms.choices import choices_from
from pst.web.forms.fields import BaseForm, tidy_lines
from pst.web.responses import done, page

bp = Blueprint("roster", __name__, url_prefix="/petugas")


@bp.get("/jadwal")
@staff
def index() -> ResponseReturnValue:
    return _index()


def _index(**refused: BaseForm) -> Response:
    serving = User.serving(Role.OFFICER)
    forms: dict[str, BaseForm] = {
        "duty_form": DutyForm(formdata=None),
        **refused,
    }
    return page(
        "roster/index.html",
        serving=serving,
        on_duty=duty.on_duty_ids(),
        weeks=duty.weekdays_of(),
        week_days=_week_days(),
        changes=duty.planned(),
        works=open_counts(),
        hand_overs=returnable(current_user),
        **forms,
    )


def _week_days() -> list[int]:
    """Return the weekdays with service hours; all of them if there are none."""
    week = settings.current().week
    return [day for day in range(7) if week[day]] or list(range(7))


@bp.post("/jadwal/mingguan")
@heads
def set_weeks() -> ResponseReturnValue:
    """Set who is on duty on which weekdays; weekdays not shown stay as they are."""
    days = {str(day) for day in _week_days()}
    for person in User.serving(Role.OFFICER):
        before = duty.weekdays_of().get(person.id, duty.WORK_WEEK)
        selected_days = days & set(request.form.getlist(f"day-{person.id}"))
        other_days = set(before) - days
        duty.DutyWeek.set(
            person, "".join(sorted(selected_days | other_days)), current_user
        )
    db.session.commit()
    flash("Jadwal piket disimpan.")
    return done(url_for(".index"))


@bp.post("/jadwal")
@staff
def plan() -> ResponseReturnValue:
    form = DutyForm()
    people = {str(person.id): person for person in User.serving(Role.OFFICER)}
    form.officer.choices = choices_from((id, p.name) for id, p in people.items())
    if not current_user.is_head:
        form.officer.data = str(current_user.id)
    if not form.validate():
        return _index(duty_form=form), 422
    duty.DutyChange.plan(
        people[form.officer.data],
        form.first.data,
        form.last.data,
        form.note.data or "",
        by=current_user,
        serves=form.serves.data == "ya",
    )
    db.session.commit()
    flash("Perubahan jadwal dicatat.")
    return done(url_for(".index"))


@bp.post("/jadwal/<int:id>/penghapusan")
@staff
def cancel(id: int) -> ResponseReturnValue:
    db.get_or_404(duty.DutyChange, id).cancel(current_user)
    db.session.commit()
    flash("Catatan dihapus.")
    return done(url_for(".index"))


@bp.post("/konsultasi/<number>/pengambilalihan")
@officers
def take_over(number: str) -> ResponseReturnValue:
    find(number).take_over(
        current_user, (tidy_lines(request.form.get("note")) or "")[:2000]
    )
    db.session.commit()
    return done(url_for("desk.show", number=number))
