"""Follow-ups, for the team: list, page, and the steps up to closing."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.accounts.users import User
from pst.consultations import duty
from pst.consultations.conversation.thread import Thread
from pst.database import db
from pst.feedback.follow_ups.models import FollowUp
from pst.feedback.forms import FollowUpHandOverForm, FollowUpReturnForm, ResolutionForm
from pst.feedback.queries import Board, closed_follow_ups, with_rating
from pst.rules import Conflict
from pst.web.access import Role, find_or_404, officers, staff
from pst.web.forms.choices import choices_from
from pst.web.forms.fields import BaseForm
from pst.web.registered_pages import Ways, offers_ways
from pst.web.responses import done, fragment, page

bp = Blueprint("follow_ups", __name__, url_prefix="/petugas/tindak-lanjut")


@offers_ways
def ways_from_follow_up(view_args: dict[str, Any]) -> Ways | None:
    number = str(view_args.get("number", ""))
    if not number.startswith("TL-") or not request.path.startswith("/petugas"):
        return None
    return [
        ("Kembali ke tindak lanjut", url_for("follow_ups.show", number=number)),
        ("Semua tindak lanjut", url_for("follow_ups.index")),
    ]


def find(number: str) -> FollowUp:
    """Find a follow-up that the reader may see; anything else is 404."""
    visible = with_rating(FollowUp.visible_to(current_user))
    return find_or_404(visible, number=number)


@bp.get("")
@staff
def index() -> ResponseReturnValue:
    return page("follow_ups/index.html", board=Board(current_user))


@bp.get("/mendesak")
@staff
def urgent() -> ResponseReturnValue:
    """Show the urgent follow-ups: a section of the desk's list."""
    return fragment("follow_ups/_urgent.html", board=Board(current_user, limit=15))


@bp.get("/selesai")
@staff
def closed() -> ResponseReturnValue:
    rows = closed_follow_ups(current_user, request.args.get("hal", 1, type=int))
    return page("follow_ups/closed.html", rows=rows, board=Board(current_user))


@bp.get("/<number>")
@staff
def show(number: str) -> ResponseReturnValue:
    return _show(find(number))


def _show(follow_up: FollowUp, **refused: BaseForm) -> Response:
    forms: dict[str, BaseForm] = {
        "hand_over_form": FollowUpHandOverForm(formdata=None),
        "resolution_form": ResolutionForm(
            formdata=None, resolution=follow_up.resolution
        ),
        "return_form": FollowUpReturnForm(formdata=None),
        **refused,
    }
    forms["resolution_form"]["seen"].data = str(follow_up.newest_id)
    return page(
        "follow_ups/show.html",
        follow_up=follow_up,
        thread=Thread(follow_up.consultation, current_user),
        colleagues=duty.here_first(_colleagues()),
        **forms,
    )


def _colleagues() -> list[User]:
    return [p for p in User.serving(Role.OFFICER) if p.id != current_user.id]


@bp.post("/<number>/pengambilan")
@officers
def claim(number: str) -> ResponseReturnValue:
    find(number).claim(current_user)
    db.session.commit()
    return done(url_for(".show", number=number))


@bp.post("/<number>/pengalihan")
@officers
def hand_over(number: str) -> ResponseReturnValue:
    follow_up = find(number)
    form = FollowUpHandOverForm()
    form.officer.choices = choices_from((str(p.id), p.name) for p in _colleagues())
    if not form.validate():
        return _show(follow_up, hand_over_form=form), 422
    to = db.session.get_one(User, int(form.officer.data))
    follow_up.hand_over(to, current_user)
    name = to.name
    db.session.commit()
    flash(f"{number} dialihkan kepada {name}.")
    return done(url_for(".index"))


@bp.post("/<number>/penutupan")
@officers
def close(number: str) -> ResponseReturnValue:
    follow_up = find(number)
    form = ResolutionForm()
    if not form.validate():
        return _show(follow_up, resolution_form=form), 422
    try:
        follow_up.close(current_user, form.resolution.data or "", seen=form.seen_id)
    except Conflict as error:
        db.session.rollback()
        form.resolution.errors = [str(error)]
        return _show(find(number), resolution_form=form), 409
    db.session.commit()
    return done(url_for(".show", number=number))


@bp.post("/<number>/pengesahan")
@staff
def confirm(number: str) -> ResponseReturnValue:
    """Close what another proposed to close."""
    find(number).confirm(current_user)
    db.session.commit()
    return done(url_for(".show", number=number))


@bp.post("/<number>/pengembalian")
@staff
def send_back(number: str) -> ResponseReturnValue:
    follow_up = find(number)
    form = FollowUpReturnForm()
    if not form.validate():
        return _show(follow_up, return_form=form), 422
    follow_up.send_back(current_user, form.reason.data or "")
    db.session.commit()
    return done(url_for(".show", number=number))
