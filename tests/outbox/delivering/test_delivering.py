"""A mail owed is sent once, with any fault of the mail server."""

import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask

from pst.accounts.users import User
from pst.database import transaction
from pst.outbox import due
from pst.outbox.jobs import deliver_due
from pst.outbox.message import mail_parts
from pst.outbox.models import Delivery, OutboxMail
from pst.outbox.servers import MailServer
from pst.server.mail_config import MailAccount
from tests.post_office import PostOffice
from tests.processes import HOST, free_port

Owe = Callable[..., int]
Read = Callable[[int], OutboxMail]
At = Callable[[str], None]


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
    no_server = MailAccount(HOST, free_port(), None, None, tls=False, ssl=False)
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
        deaf = MailAccount(
            HOST, mute.getsockname()[1], None, None, tls=False, ssl=False
        )
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

    def broken(letter: OutboxMail) -> mail_parts.Envelope:
        if letter.to_address == siti.email:
            raise KeyError("subject")
        return whole(letter)

    monkeypatch.setattr("pst.outbox.jobs.as_message", broken)
    bad = owe(siti)
    owe(dewi, "2")

    deliver_due()

    assert letter(bad).state is Delivery.FAILED
    assert len(post_office.mails_to(dewi.email)) == 1


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
