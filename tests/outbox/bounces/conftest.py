"""A mail that was sent, and the mailbox its report comes to."""

from collections.abc import Callable

import pytest
from flask import Flask

from pst.accounts.users import User
from pst.outbox.jobs import deliver_due
from tests.outbox.imap import ImapServer, with_mailbox

Owe = Callable[..., int]


@pytest.fixture
def app(app: Flask, imap: ImapServer) -> Flask:
    return with_mailbox(app, imap)


@pytest.fixture
def sent(siti: User, owe: Owe) -> int:
    id = owe(siti)
    deliver_due()
    return id
