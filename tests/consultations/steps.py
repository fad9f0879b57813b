"""A request that is asked, and one that is served."""

from pst.consultations.models import Consultation
from pst.consultations.states import Category
from pst.database import db


def ask(user) -> Consultation:
    consultation = Consultation.ask(
        user, Category.DATA, "Data PDRB", "Untuk skripsi saya."
    )
    db.session.commit()
    return consultation


def served(consultation, officer) -> Consultation:
    consultation.claim(officer)
    db.session.commit()
    return consultation
