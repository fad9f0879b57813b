"""A real mail server that does as the test says, and an application that uses it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from pst.accounts.users import User
from pst.database import db, transaction
from pst.outbox.mail_files import Enclosure
from pst.outbox.models import OutboxMail
from pst.server.mail_config import MailAccount
from tests.outbox.imap import ImapServer
from tests.post_office import PostOffice
from tests.processes import HOST


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    with PostOffice() as office:
        yield office


@pytest.fixture
def app(app: Flask, post_office: PostOffice) -> Flask:
    """The application, told to hand its mails to the mail server of the test."""
    server = MailAccount(HOST, post_office.port, None, None, tls=False, ssl=False)
    app.config["PST"] = replace(app.config["PST"], mail=server)
    return app


@pytest.fixture
def imap() -> Iterator[ImapServer]:
    with ImapServer() as server:
        yield server


@pytest.fixture
def owe(at: object, context: None) -> Callable[..., int]:
    """Put a mail into the outbox; return its id."""

    def write(
        person: User,
        cause: str = "1",
        kind: str = "password_changed",
        attached: Enclosure | None = None,
        **context: Any,
    ) -> int:
        with transaction():
            letter = OutboxMail.put(
                kind, to=person.mailbox, cause=cause, attached=attached, **context
            )
            db.session.flush()
            return letter.id

    return write


@pytest.fixture
def mail(siti: User, at: object) -> OutboxMail:
    """A mail that Siti is owed."""
    mail = OutboxMail.put("password_changed", to=siti.mailbox, cause="a")
    db.session.flush()
    return mail


@pytest.fixture
def letter(context: None) -> Callable[[int], OutboxMail]:
    """Read a mail again."""

    def read(id: int) -> OutboxMail:
        db.session.rollback()
        return db.session.get_one(OutboxMail, id)

    return read
