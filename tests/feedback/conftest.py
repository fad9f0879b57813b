"""A consultation of Siti's that Budi answered and closed."""

import pytest

from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.consultations.states import Reason
from pst.database import db


@pytest.fixture
def closed(consultation: Consultation, budi: User, at) -> Consultation:
    """Closed as resolved on Monday 2 March 2026 at 11.00."""
    at("2026-03-02 11:00+07:00")
    consultation.claim(budi)
    db.session.flush()
    consultation.say(budi, "Tabelnya ada di publikasi Kecamatan Dalam Angka.")
    consultation.close(Reason.RESOLVED, budi)
    db.session.commit()
    return consultation
