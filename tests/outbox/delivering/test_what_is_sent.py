"""What a mail is made of: text, simple HTML, links, tables and files."""

from collections.abc import Callable
from dataclasses import replace

import sqlalchemy as sa
from flask import Flask, current_app

from pst.accounts.users import User
from pst.database import db, transaction
from pst.outbox.jobs import deliver_due
from pst.outbox.mail_files import Enclosure, MailFile
from pst.outbox.message import html
from pst.outbox.models import Delivery, OutboxMail
from tests.post_office import PostOffice, text_of

Owe = Callable[..., int]
Read = Callable[[int], OutboxMail]


def test_a_mail_is_text_and_simple_html_and_asks_for_no_auto_reply(
    siti: User, owe: Owe, post_office: PostOffice
):
    owe(siti)

    deliver_due()

    mail = post_office.mails[0]
    html = mail.get_body(("html",))
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "Kata sandi akun Anda diganti" in text_of(mail)
    assert html is not None and "<p>Yth. Siti Rahayu," in html.get_content()


def test_only_our_own_pages_are_links_in_a_mail(context: None):
    with current_app.test_request_context():
        ours = current_app.config["PST"].base_url
        shown = html.linked(f"Buka ({ours}/nilai/a.b), {ours}.jahat.test/x <b>")
        others = html.linked(f"https://a.test/{ours}/x www.a.test {ours}@a.test/")

    assert str(shown) == (
        f'Buka (<a href="{ours}/nilai/a.b">{ours}/nilai/a.b</a>),'
        f" {ours}.jahat.test/x &lt;b&gt;"
    )
    assert "<a" not in others


def test_a_file_goes_with_its_mail(siti: User, owe: Owe, post_office: PostOffice):
    owe(siti, attached=Enclosure("laporan.pdf", "application/pdf", b"%PDF-1.7"))

    deliver_due()

    (attached,) = post_office.mails[0].iter_attachments()
    assert attached.get_filename() == "laporan.pdf"
    assert attached.get_content() == b"%PDF-1.7"


def test_all_files_go_with_their_mail_and_are_deleted_with_it(
    siti: User, owe: Owe, post_office: PostOffice
):
    id = owe(siti)
    with transaction():
        mail = db.session.get_one(OutboxMail, id)
        for name in ("a.csv", "b.csv"):
            file = MailFile(name=name, type="text/csv", content=name.encode())
            mail.files.append(file)

    deliver_due()

    sent = post_office.mails[0].iter_attachments()
    assert [file.get_filename() for file in sent] == ["a.csv", "b.csv"]
    with transaction():
        db.session.execute(sa.delete(OutboxMail).where(OutboxMail.id == id))
    assert not db.session.scalars(sa.select(MailFile)).all()


def test_our_own_address_gets_no_mail_that_would_come_back(
    app: Flask, siti: User, owe: Owe, letter: Read, post_office: PostOffice
):
    siti.email = "layanan@contoh.test"
    app.config["PST"] = replace(app.config["PST"], mail_from="Layanan@contoh.test")
    id = owe(siti)

    deliver_due()

    assert letter(id).state is Delivery.FAILED
    assert post_office.mails == []


def test_only_a_reminder_says_how_to_get_no_more_of_them(
    siti: User, budi: User, owe: Owe, post_office: PostOffice
):
    owe(siti)
    off = "http://127.0.0.1/berhenti/a.b"
    context = {"waiting": [], "due": [], "url": "http://127.0.0.1/petugas"}
    owe(budi, kind="digest", unsubscribe_url=off, **context)

    deliver_due()

    ordinary, digest = sorted(post_office.mails, key=lambda mail: mail["To"])[::-1]
    assert ordinary["List-Unsubscribe"] is None
    assert ordinary["List-Unsubscribe-Post"] is None
    assert digest["List-Unsubscribe"] == f"<{off}>"
    assert digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_table_keeps_its_columns_in_the_text_and_in_the_html(
    siti: User, owe: Owe, post_office: PostOffice
):
    id = owe(siti)
    with transaction():
        row = db.session.get_one(OutboxMail, id)
        row.body = "Yth. Siti,\n\nKec.\t2023\t2024\nWanadadi\t\t33.900\n\n  a <b>  c\n"
    deliver_due()

    mail = post_office.mails[0]
    assert text_of(mail).replace("\r", "").split("\n\n")[1:3] == [
        "Kec.     | 2023 |   2024\nWanadadi |      | 33.900",
        "  a <b>  c\n",
    ]
    html = mail.get_body(("html",))
    assert html is not None
    shown = html.get_content().replace("\r", "")
    assert '<td>Wanadadi</td><td></td><td align="right">33.900' in shown
    assert "<p>\u00a0 a &lt;b&gt;\u00a0 c</p>" in shown
