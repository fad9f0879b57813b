"""A final answer by itself: to be cited, and printed on a page with letterhead.

The QR code leads to the article that came of it, where there is one.
"""

import segno
from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.consultations.blueprint import find
from pst.consultations.messages import Kind, Message
from pst.consultations.models import Consultation
from pst.database import db
from pst.knowledge.answer_sources import sources_of
from pst.knowledge.models import Article
from pst.web.access import find_or_404, signed_in
from pst.web.responses import link, page

bp = Blueprint("final_answers", __name__, url_prefix="/konsultasi")
bp.add_app_template_global(sources_of, "sources_of")


@bp.get("/<number>/jawaban/<int:id>")
@signed_in
def show(number: str, id: int) -> ResponseReturnValue:
    consultation = find(number)
    finals = db.select(Message).filter_by(
        consultation_id=consultation.id, kind=Kind.MESSAGE, is_final=True
    )
    answer: Message = find_or_404(finals, id=id)
    consultation.record_reading(current_user)
    article = _article_of(consultation)
    address = link("knowledge.show", slug=article.slug) if article else None
    return page(
        "final_answers/show.html",
        consultation=consultation,
        answer=answer,
        address=address,
        qr_code=_qr_code(address) if address else None,
        is_own=consultation.user_id == current_user.id,
    )


def _article_of(consultation: Consultation) -> Article | None:
    """Return the published article that came of the conversation, if any."""
    query = (
        db.select(Article)
        .where(Article.id.in_(Article.ids_from(consultation.id)))
        .where(Article.published_number.is_not(None))
    )
    return db.session.scalar(query.order_by(Article.id).limit(1))


def _qr_code(address: str) -> str:
    """Return a QR code as the `data:` address of an SVG."""
    code = segno.make(address, error="m", micro=False)
    return code.svg_data_uri(scale=3, border=2, dark="#000", light="#fff")
