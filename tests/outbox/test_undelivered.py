"""Officers learn of mails that did not arrive, and can have them sent again."""

import re

import pytest
from flask import Flask

from pst.accounts.models import User
from pst.database import transaction
from pst.outbox.models import Delivery, OutboxMail
from tests.journeys.conftest import Browser


@pytest.fixture
def failed(app: Flask, at: object) -> None:
    """A mail to Siti that her mail server refused for good."""
    with app.app_context(), transaction():
        siti = User.with_email("siti@contoh.test")
        letter = OutboxMail.put("password_changed", to=siti.mailbox, cause="1")
        letter.mark_refused("550 no such user", for_good=True)


def test_the_desk_tells_of_it_and_the_officer_sends_it_again(app: Flask, failed: None):
    budi = Browser(app).log_in("budi")
    assert "1 email tidak sampai" in budi.get("/petugas").text

    page = budi.get("/petugas/surel-gagal").text
    assert "550 no such user" in page
    assert "Kata sandi akun Anda diganti" not in page, "its text is Siti's alone"
    path = re.search(r'action="(/petugas/surel-gagal/\d+/pengiriman)"', page)
    assert path and budi.post(path[1]).status_code == 303

    assert "tidak sampai" not in budi.get("/petugas").text
    with app.app_context():
        assert OutboxMail.query.one().state is Delivery.OWED


def test_a_mail_that_did_not_fail_is_not_there(app: Flask, failed: None):
    budi = Browser(app).log_in("budi")
    budi.post("/petugas/surel-gagal/1/pengiriman")

    assert budi.post("/petugas/surel-gagal/1/pengiriman").status_code == 404
