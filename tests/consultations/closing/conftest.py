"""A question to the user, asked on a Monday."""

import pytest

from pst.consultations.models import Consultation
from pst.database import db


@pytest.fixture
def asked_back(consultation: Consultation, budi, at) -> Consultation:
    """Budi asked something on Monday at 09.00 and waits."""
    at("2026-03-02 09:00+07:00")
    consultation.claim(budi)
    consultation.say(budi, "Tahun berapa yang Anda perlukan?")
    db.session.commit()
    return consultation
