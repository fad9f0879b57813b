"""The mails on their screen: what is shown of them, and sent again."""

import re

from flask import Flask

from pst import create_app
from pst.consultations.models import Consultation
from pst.database import db, transaction
from pst.outbox.models import OutboxMail
from pst.server.mail_config import MailAccount
from tests.conftest import copy, settings_for
from tests.journeys.conftest import Browser
from tests.journeys.mailbox import body_of, link_in
from tests.people import NO_SUCH_USER, email_of
from tests.steps import ask


def test_without_a_mail_server_mails_are_read_here_with_their_links(andi, stranger):
    stranger.post("/lupa-sandi", {"email": email_of("siti")})

    assert "Belum ada server email" in andi.get("/admin/surel").text
    assert stranger.get(link_in(andi, "Siti", "/sandi-baru/")).status_code == 200


def test_with_a_mail_server_no_one_reads_links_meant_for_another(built, tmp_path, at):
    app = with_mail_server(built, tmp_path)
    andi, stranger = Browser(app).log_in("andi"), Browser(app)
    stranger.post("/lupa-sandi", {"email": email_of("siti")})

    page = andi.get(f"/admin/surel/{newest(andi)}").text

    assert "/sandi-baru/••••••" in body_of(page)
    assert "disembunyikan" in page
    assert "Belum ada server email" not in page


def test_an_admin_reads_nothing_of_a_conversation_in_the_outbox(built, tmp_path, at):
    app = with_mail_server(built, tmp_path)
    andi, siti = Browser(app).log_in("andi"), Browser(app).log_in("siti")
    ask(siti, subject="Penyakit langka")
    with app.app_context(), transaction():
        consultation = db.session.scalars(db.select(Consultation)).one()
        to, url = ("Budi", "budi@contoh.test"), "https://contoh.test/"
        OutboxMail.put("overdue", to=to, cause="x", consultation=consultation, url=url)
        number = consultation.number

    page = andi.get(f"/admin/surel/{newest(andi)}").text

    assert number in page
    assert "tidak ditampilkan" in page
    assert "Penyakit langka" not in page + andi.get("/admin/surel").text


def test_a_failed_mail_says_why_and_is_sent_again(built, tmp_path, at):
    app = with_mail_server(built, tmp_path)
    andi, stranger = Browser(app).log_in("andi"), Browser(app)
    stranger.post("/lupa-sandi", {"email": email_of("siti")})
    id = newest(andi)
    with app.app_context(), transaction():
        letter = db.session.get_one(OutboxMail, id)
        letter.refuse(NO_SUCH_USER)

    assert "550 5.1.1 No such user" in andi.get("/admin/surel?status=failed").text
    andi.post(f"/admin/surel/{id}/pengiriman")

    assert "Menunggu" in andi.get(f"/admin/surel/{id}").text
    assert "Tidak ada email" in andi.get("/admin/surel?status=failed").text


def with_mail_server(built, folder) -> Flask:
    copy(built, folder)
    server = MailAccount("127.0.0.1", 1, None, None, False, False)
    return create_app(settings_for(folder, mail=server))


def newest(andi: Browser) -> int:
    match = re.search(r'href="/admin/surel/(\d+)"', andi.get("/admin/surel").text)
    assert match
    return int(match[1])
