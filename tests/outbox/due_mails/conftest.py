"""Mails that are due."""

import pytest

from pst.database import db
from pst.outbox.models import OutboxMail


@pytest.fixture
def put(siti, at):
    """Write a mail to Siti, due now."""

    def write(cause: str, by_stranger: bool = False) -> OutboxMail:
        mail = OutboxMail.put(
            "password_changed",
            to=siti.mailbox,
            cause=cause,
            by_stranger=by_stranger,
        )
        db.session.commit()
        return mail

    return write
