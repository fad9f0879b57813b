"""A mail that may be replied to, and the mailbox its replies come to."""

from collections.abc import Callable
from email.message import EmailMessage

import pytest
from flask import Flask

from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.database import transaction
from pst.office import settings
from tests.outbox.imap import ImapServer, with_mailbox
from tests.outbox.mail_replies.steps import answered
from tests.post_office import PostOffice


@pytest.fixture
def app(app: Flask, imap: ImapServer) -> Flask:
    return with_mailbox(app, imap)


@pytest.fixture
def switched_on(context: None) -> None:
    with transaction():
        settings.change({"reply_by_mail": True})


@pytest.fixture
def mail(
    consultation: Consultation,
    budi: User,
    at: Callable,
    post_office: PostOffice,
    switched_on: None,
) -> EmailMessage:
    """The mail that says that Budi answered, as Siti's mailbox has it."""
    return answered(consultation, budi, at, post_office)
