"""What the views of consultations share: the blueprint, and how one is found."""

from flask import Blueprint

from pst.consultations.models import Consultation
from pst.web.access import not_found, person

bp = Blueprint("consultations", __name__, url_prefix="/konsultasi")


def find(number: str, *, own: bool = False) -> Consultation:
    """Return one the reader may see; officers and the head may see all."""
    consultation = Consultation.numbered(number, person(), own=own)
    return consultation or not_found(Consultation, number=number)


def find_own(number: str) -> Consultation:
    return find(number, own=True)
