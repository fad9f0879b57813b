"""A question to a user who is silent."""

import pytest

from pst.consultations.jobs import tell_users
from pst.database import db
from pst.outbox.models import Delivery
from tests.consultations.held_closing.steps import deliver


@pytest.fixture
def asked_back(has_mail_server, consultation, budi, at):
    """Budi asked on Monday at 09.00; the mail about it has gone out."""
    consultation.claim(budi)
    consultation.say(budi, "Tahun berapa?")
    db.session.commit()
    at("2026-03-02 09:05+07:00")
    tell_users()
    deliver(Delivery.SENT)
    return consultation
