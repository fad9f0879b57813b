"""Consultations in the states that several tests begin with."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import current_app

from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.consultations.states import Reason
from pst.database import db


@pytest.fixture
def mine(consultation: Consultation, budi: User) -> Consultation:
    """Return one that Budi has claimed."""
    consultation.claim(budi)
    db.session.commit()
    return consultation


@pytest.fixture
def closed(consultation: Consultation, budi: User) -> Consultation:
    """Return one that Budi answered and closed."""
    consultation.claim(budi)
    consultation.say(budi, "31.000 jiwa.")
    consultation.close(Reason.RESOLVED, by=budi)
    db.session.commit()
    return consultation


@pytest.fixture
def has_mail_server(context: None) -> Iterator[None]:
    """Let there be a mail server to wait for."""
    config = current_app.config["PST"]
    current_app.config["PST"] = replace(config, mail=object())
    yield
    current_app.config["PST"] = config
