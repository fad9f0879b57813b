"""What one user asked before, and how they rated it; next to a conversation."""

import sqlalchemy as sa
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from pst.consultations.blueprint import find
from pst.consultations.models import Consultation
from pst.consultations.queries import PAGE_LENGTH
from pst.database import db
from pst.feedback.models import Rating
from pst.web.access import staff
from pst.web.responses import page

# How many stand next to a conversation, itself included.
SHORT_LENGTH = 6
bp = Blueprint("history", __name__, url_prefix="/petugas/konsultasi")


@bp.get("/<number>/riwayat")
@staff
def index(number: str) -> ResponseReturnValue:
    consultation = find(number)
    rows = db.paginate(
        Consultation.owned_by(consultation.user).order_by(Consultation.id.desc()),
        page=request.args.get("hal", 1, type=int),
        per_page=SHORT_LENGTH if "muat" in request.args else PAGE_LENGTH,
    )
    ids = [each.id for each in rows.items]
    query = sa.select(Rating).where(Rating.consultation_id.in_(ids))
    ratings = {rating.consultation_id: rating for rating in db.session.scalars(query)}
    return page(
        "history/index.html",
        "history/_rows.html",
        consultation=consultation,
        rows=rows,
        ratings=ratings,
    )
