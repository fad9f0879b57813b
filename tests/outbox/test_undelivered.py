"""Officers learn of mails that did not arrive, and can have them sent again."""

import re
from dataclasses import replace

import pytest
from flask import Flask

from pst.accounts.users import User
from pst.database import transaction
from pst.outbox.answers import SmtpAnswer, Stage
from pst.outbox.models import Delivery, OutboxMail
from pst.outbox.servers import MailServer
from pst.server.mail_config import MailAccount
from tests.journeys.conftest import Browser
from tests.people import NO_SUCH_USER

LIST = "/petugas/surel-gagal"


@pytest.fixture
def failed(app: Flask, at: object) -> None:
    """A mail to Siti that her mail server refused for good."""
    with app.app_context(), transaction():
        siti = User.with_email("siti@contoh.test")
        letter = OutboxMail.put("password_changed", to=siti.mailbox, cause="1")
        letter.refuse(NO_SUCH_USER)


def test_the_desk_tells_of_it_and_the_officer_sends_it_again(app: Flask, failed: None):
    budi = Browser(app).log_in("budi")
    assert "1 email tidak sampai" in budi.get("/petugas").text

    page = budi.get("/petugas/surel-gagal").text
    assert "550 5.1.1 No such user" in page
    assert "Alamat email tidak ada." in page
    assert "Kata sandi akun Anda diganti" not in page, "its text is Siti's alone"
    id = re.search(r'name="resend" value="(\d+)"', page)
    assert id and budi.post(LIST, {"resend": id[1]}).status_code == 303

    assert "tidak sampai" not in budi.get("/petugas").text
    with app.app_context():
        assert OutboxMail.query.one().state is Delivery.OWED


def test_a_mail_that_did_not_fail_is_not_there(app: Flask, failed: None):
    budi = Browser(app).log_in("budi")
    budi.post(LIST, {"resend": "1"})

    for id in ("1", "x", "9" * 30, "-1"):
        assert budi.post(LIST, {"resend": id}).status_code == 404


@pytest.fixture
def many(app: Flask, failed: None) -> None:
    """Two mails more: one to a full mailbox given up, one that may have arrived."""
    with app.app_context(), transaction():
        siti = User.with_email("siti@contoh.test")
        for cause, answer in (
            ("2", SmtpAnswer(Stage.RCPT, 552, "5.2.2 Quota exceeded")),
            ("3", SmtpAnswer(Stage.AFTER_DOT, None, "timed out", is_broken=True)),
        ):
            letter = OutboxMail.put("password_changed", to=siti.mailbox, cause=cause)
            letter.refuse(answer)
            letter.state = Delivery.FAILED


def states(app: Flask) -> list[tuple[Delivery, bool]]:
    with app.app_context():
        letters = OutboxMail.query.order_by(OutboxMail.id)
        return [(each.state, each.dismissed_at is not None) for each in letters]


def test_officers_read_a_sentence_and_the_servers_words(app: Flask, many: None):
    page = Browser(app).log_in("budi").get("/petugas/surel-gagal").text

    assert "Kotak surat penuh." in page and "552 5.2.2 Quota exceeded" in page
    assert "Mungkin sudah sampai" in page
    assert "{&#39;" not in page and "(550," not in page


def test_many_are_sent_again_or_dismissed_at_once(app: Flask, many: None):
    budi = Browser(app).log_in("budi")
    budi.get("/petugas/surel-gagal")

    budi.post(LIST, {"ignore": "dipilih", "mail": ["1", "2"]})
    assert states(app) == [
        (Delivery.FAILED, True),
        (Delivery.FAILED, True),
        (Delivery.FAILED, False),
    ]
    assert "1 email tidak sampai" in budi.get("/petugas").text

    budi.post(LIST, {"resend": "semua"})
    assert states(app)[2] == (Delivery.OWED, False)
    assert states(app)[0] == (Delivery.FAILED, True), "what was dismissed stays so"


def test_nothing_chosen_says_so(app: Flask, many: None):
    budi = Browser(app).log_in("budi")

    assert budi.post(LIST, {"ignore": "dipilih"}).status_code == 303
    assert "Belum ada email yang dipilih" in budi.get("/petugas/surel-gagal").text


def test_a_button_that_was_not_sent_along_is_not_guessed(app: Flask, many: None):
    budi = Browser(app).log_in("budi")
    before = states(app)

    refused = budi.post(LIST, {"mail": ["1", "2"]})

    assert refused.status_code == 422
    assert "tidak ikut terkirim" in refused.text
    assert states(app) == before


def test_an_admin_sees_that_the_server_refuses_us_and_has_it_asked_again(app: Flask):
    server = MailAccount("127.0.0.1", 1, None, None, tls=False, ssl=False)
    app.config["PST"] = replace(app.config["PST"], mail=server)
    with app.app_context(), transaction():
        MailServer.current().pause(SmtpAnswer(Stage.AUTH, 535, "5.7.8 Wrong password"))
    andi, budi = Browser(app).log_in("andi"), Browser(app).log_in("budi")

    for path in ("/admin/surel", "/admin/sistem"):
        page = andi.get(path).text
        assert "menolak nama pengguna atau kata sandi" in page, path
        assert "535 5.7.8 Wrong password" in page, path
    assert "535" not in budi.get("/petugas/surel-gagal").text

    assert andi.post("/admin/surel/percobaan").status_code == 303
    with app.app_context():
        found = MailServer.find()
        assert found is not None and not found.is_paused
