"""Ratings as officers read them, and follow-ups that they open from them."""

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.consultations.blueprint import find
from pst.database import db
from pst.feedback.forms import OpeningForm
from pst.feedback.models import Rating
from pst.feedback.queries import Board, ratings
from pst.web.access import officers, staff
from pst.web.responses import done, page

bp = Blueprint("ratings", __name__, url_prefix="/petugas/tindak-lanjut/penilaian")
SHOWN = ("semua", "rendah", "komentar", "tinjau")


@bp.get("")
@staff
def index() -> ResponseReturnValue:
    choice = request.args.get("tampil", "semua")
    return _index(choice if choice in SHOWN else "semua")


def _index(which: str, refused: OpeningForm | None = None, id: int = 0) -> Response:
    return page(
        "ratings/index.html",
        rows=ratings(which, request.args.get("hal", 1, type=int)),
        shown=which,
        board=Board(current_user),
        form=OpeningForm(formdata=None),
        refused=refused,
        refused_id=id,
    )


@bp.get("/konsultasi/<number>")
@staff
def card(number: str) -> ResponseReturnValue:
    """Show what the user thought, in the officer's page or on a page of its own."""
    consultation = find(number)
    return page(
        "ratings/show.html",
        "ratings/_card.html",
        consultation=consultation,
        rating=Rating.of(consultation),
        form=OpeningForm(formdata=None),
    )


@bp.post("/<int:id>/tindak-lanjut")
@officers
def follow_up(id: int) -> ResponseReturnValue:
    """Open a follow-up for this feedback; a repeat opens no second one."""
    rating = db.get_or_404(Rating, id)
    form = OpeningForm()
    if not form.validate():
        return _index("semua", form, id), 422
    number = rating.open_follow_up(current_user, form.reason.data or "").number
    db.session.commit()
    flash(f"Tindak lanjut {number} dibuka.")
    return done(url_for("follow_ups.show", number=number))


@bp.post("/<int:id>/peninjauan")
@officers
def dismiss(id: int) -> ResponseReturnValue:
    """Note that feedback which sounds like a complaint is not one."""
    db.get_or_404(Rating, id).dismiss(current_user)
    db.session.commit()
    flash("Ditandai bukan keluhan.")
    return done(url_for(".index", tampil="tinjau"))
