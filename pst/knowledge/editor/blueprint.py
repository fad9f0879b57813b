"""What all views of the editor share: the blueprint, and how rows are found."""

from flask import Blueprint
from flask_login import current_user

from pst.consultations.models import Consultation
from pst.knowledge.models import Article
from pst.web.access import find_or_404

bp = Blueprint("editor", __name__, url_prefix="/petugas/artikel")


def find(id: int) -> Article:
    return find_or_404(Article.visible_to(current_user.role), id=id)


def find_consultation(number: str | None) -> Consultation | None:
    """Return the consultation that an article is to come from; None without one."""
    if not number:
        return None
    return find_or_404(Consultation.visible_to(current_user), number=number)
