"""Consultations in the states that several tests begin with."""

import pytest

from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.consultations.states import Reason
from pst.database import db


@pytest.fixture
def closed(consultation: Consultation, budi: User) -> Consultation:
    """Return one that Budi answered and closed."""
    consultation.claim(budi)
    consultation.say(budi, "31.000 jiwa.")
    consultation.close(Reason.RESOLVED, by=budi)
    db.session.commit()
    return consultation
