"""A mail owed is sent once, with any fault of the mail server."""

import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from pst.accounts.users import User
from pst.database import db, transaction
from pst.office import settings
from pst.outbox import due
from pst.outbox.jobs import deliver_due
from pst.outbox.mail_files import Attached, MailFile
from pst.outbox.message import html, mail_parts
from pst.outbox.models import Delivery, OutboxMail
from pst.outbox.servers import MailServer
from pst.server.mail_config import Mail
from tests.post_office import PostOffice, text_of
from tests.processes import HOST, free_port

Owe = Callable[..., int]
Read = Callable[[int], OutboxMail]
At = Callable[[str], None]
LINK = {
    "url": "http://127.0.0.1/sandi-baru/a",
    "expires_at": datetime(2026, 3, 3, tzinfo=UTC),
}


def test_what_is_owed_is_sent_once(
    siti: User, owe: Owe, letter: Read, post_office: PostOffice
):
    id = owe(siti)

    deliver_due()
    deliver_due()

    assert letter(id).state is Delivery.SENT
    assert len(post_office.mails_to(siti.email)) == 1


def test_the_same_cause_is_mailed_once(siti: User, owe: Owe, post_office: PostOffice):
    assert owe(siti, "41") == owe(siti, "41")

    deliver_due()

    assert len(post_office.mails) == 1


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


def test_a_mail_is_tried_again_under_the_same_message_id(
    siti: User, owe: Owe, letter: Read, post_office: PostOffice, at: At
):
    post_office.hangs_up = "after"
    id = owe(siti)
    deliver_due()
    assert letter(id).state is Delivery.OWED

    post_office.hangs_up = None
    at("2026-03-02 13:00+07:00")
    deliver_due()

    assert letter(id).state is Delivery.SENT
    assert len({mail["Message-ID"] for mail in post_office.mails}) == 1


def test_a_passing_refusal_is_tried_again_with_growing_pauses(
    siti: User, owe: Owe, letter: Read, post_office: PostOffice, at: At
):
    post_office.rcpt = "451 later"
    id = owe(siti)

    pauses = []
    for minute in (0, 6, 16, 36):
        at(f"2026-03-02 09:{minute:02}+07:00")
        deliver_due()
        pauses.append(letter(id).due_at - datetime.now(UTC))

    assert letter(id).attempts == 4
    assert sorted(pauses) == pauses


def test_a_dead_address_is_not_tried_again_and_the_words_are_kept(
    siti: User, owe: Owe, letter: Read, post_office: PostOffice
):
    post_office.rcpt = "550 5.1.1 no such user"
    id = owe(siti)

    deliver_due()

    assert letter(id).state is Delivery.FAILED
    assert letter(id).error == "550 5.1.1 no such user"


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        ("2026-03-05 08:59+07:00", Delivery.OWED),
        ("2026-03-05 09:00+07:00", Delivery.FAILED),
    ],
)
def test_a_mail_is_given_up_after_three_days(
    moment: str,
    state: Delivery,
    siti: User,
    owe: Owe,
    letter: Read,
    post_office: PostOffice,
    at: At,
):
    post_office.rcpt = "451 later"
    id = owe(siti)

    at(moment)
    deliver_due()

    assert letter(id).state is state


def test_a_mail_sent_again_by_hand_has_three_days_again(
    siti: User, owe: Owe, letter: Read, post_office: PostOffice, at: At
):
    post_office.rcpt = "550 5.1.1 no such user"
    id = owe(siti)
    deliver_due()

    at("2026-03-09 09:00+07:00")
    post_office.rcpt = "451 later"
    with transaction():
        letter(id).send_again()
    deliver_due()

    assert letter(id).state is Delivery.OWED


def test_strangers_have_one_person_mailed_so_often_an_hour_and_the_rest_later(
    siti: User, owe: Owe, post_office: PostOffice, at: At
):
    for number in range(21):
        owe(siti, str(number), "new_password", by_stranger=True, **LINK)

    deliver_due()
    assert len(post_office.mails) == 20

    at("2026-03-02 09:59+07:00")
    deliver_due()
    assert len(post_office.mails) == 20

    at("2026-03-02 10:00+07:00")
    deliver_due()
    assert len(post_office.mails) == 21


def test_others_get_their_mail_while_one_has_had_enough(
    siti: User, dewi: User, owe: Owe, post_office: PostOffice
):
    for number in range(21):
        owe(siti, str(number), "new_password", by_stranger=True, **LINK)
    owe(dewi, "dewi")

    deliver_due()

    assert len(post_office.mails_to(dewi.email)) == 1


def test_a_mail_that_a_worker_holds_is_not_taken_by_another(
    siti: User, owe: Owe, letter: Read, post_office: PostOffice, at: At
):
    id = owe(siti)
    with transaction():
        taken = due.take()
        assert taken is not None and taken.id == id

    deliver_due()
    assert not post_office.mails

    # The worker was killed: its lease runs out.
    at("2026-03-02 10:30+07:00")
    deliver_due()
    assert len(post_office.mails) == 1


def test_a_mail_server_that_is_away_costs_no_mail_an_attempt(
    app: Flask, siti: User, dewi: User, owe: Owe, letter: Read
):
    no_server = Mail(HOST, free_port(), None, None, tls=False, ssl=False)
    app.config["PST"] = replace(app.config["PST"], mail=no_server)
    first, second = owe(siti), owe(dewi, "2")

    deliver_due()

    assert letter(first).attempts == letter(second).attempts == 0
    assert letter(first).state is Delivery.OWED


def test_a_mail_server_that_says_nothing_is_given_up_on(
    app: Flask,
    siti: User,
    owe: Owe,
    letter: Read,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("pst.outbox.delivery.COMMAND_S", 0.2)
    with socket.create_server((HOST, 0)) as mute:
        deaf = Mail(HOST, mute.getsockname()[1], None, None, tls=False, ssl=False)
        app.config["PST"] = replace(app.config["PST"], mail=deaf)
        id = owe(siti)

        deliver_due()

    assert letter(id).state is Delivery.OWED
    server = MailServer.find()
    assert server is not None and "timed out" in (server.words or "")


def test_a_mail_that_cannot_be_written_does_not_hold_up_the_others(
    siti: User,
    dewi: User,
    owe: Owe,
    letter: Read,
    post_office: PostOffice,
    monkeypatch: pytest.MonkeyPatch,
):
    whole = mail_parts.as_message

    def broken(letter: OutboxMail) -> mail_parts.Letter:
        if letter.to_address == siti.email:
            raise KeyError("subject")
        return whole(letter)

    monkeypatch.setattr("pst.outbox.jobs.as_message", broken)
    bad = owe(siti)
    owe(dewi, "2")

    deliver_due()

    assert letter(bad).state is Delivery.FAILED
    assert len(post_office.mails_to(dewi.email)) == 1


def test_a_file_goes_with_its_mail(siti: User, owe: Owe, post_office: PostOffice):
    owe(siti, attached=Attached("laporan.pdf", "application/pdf", b"%PDF-1.7"))

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


def test_a_mail_with_which_workers_die_is_parked(
    siti: User, owe: Owe, letter: Read, post_office: PostOffice, at: At
):
    id = owe(siti)
    for hour in range(5):
        at(f"2026-03-02 {9 + 2 * hour:02}:00+07:00")
        with transaction():  # the worker takes it, and is never heard of again
            assert due.take() is not None

    at("2026-03-02 23:00+07:00")
    deliver_due()

    assert letter(id).state is Delivery.FAILED
    assert post_office.mails == []


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


@pytest.mark.parametrize("most", [10, 11])
def test_an_hour_takes_only_so_many_mails(
    most: int, siti: User, owe: Owe, post_office: PostOffice, at: At
):
    with transaction():
        settings.change({"mails_per_hour": most})
    for number in range(most + 1):
        owe(siti, str(number))

    deliver_due()
    at("2026-03-02 09:59+07:00")
    deliver_due()
    assert len(post_office.mails) == most

    at("2026-03-02 10:00+07:00")
    deliver_due()
    assert len(post_office.mails) == most + 1


def test_what_strangers_cause_leaves_half_of_an_hour_to_the_others(
    siti: User, dewi: User, owe: Owe, post_office: PostOffice
):
    with transaction():
        settings.change({"mails_per_hour": 10})
    for number in range(10):
        owe(siti, str(number), "new_password", by_stranger=True, **LINK)
    owe(dewi, "dewi")

    deliver_due()

    assert len(post_office.mails_to(siti.email)) == 5
    assert len(post_office.mails_to(dewi.email)) == 1
