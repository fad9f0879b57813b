"""Requests written before logging in, for the owner of the account to file or drop."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.consultations.filing.receipts import received
from pst.consultations.filing.unfiled import UnfiledRequest, waiting_count
from pst.database import db
from pst.web.access import find_or_404, signed_in
from pst.web.responses import done, page

bp = Blueprint("unfiled", __name__, url_prefix="/konsultasi/belum-diajukan")
bp.add_app_template_global(waiting_count, "unfiled_count")


def find(id: int) -> UnfiledRequest:
    return find_or_404(UnfiledRequest.waiting_for(current_user), id=id)


@bp.get("")
@signed_in
def index() -> ResponseReturnValue:
    rows = db.session.scalars(UnfiledRequest.waiting_for(current_user)).all()
    return page("unfiled/index.html", rows=rows)


@bp.post("/<int:id>/pengajuan")
@signed_in
def file(id: int) -> ResponseReturnValue:
    number = find(id).file(current_user).number
    db.session.commit()
    flash(received(number))
    return done(url_for("consultations.show", number=number))


@bp.post("/<int:id>/pembuangan")
@signed_in
def drop(id: int) -> ResponseReturnValue:
    db.session.delete(find(id))
    db.session.commit()
    flash("Permintaan itu dihapus.")
    return done(url_for(".index"))
