"""An outage costs no mail a try, and is over with the first success."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from pst import clock
from pst.accounts.users import User
from pst.database import db
from pst.outbox import delivery
from pst.outbox.answers import SmtpAnswer, Stage
from pst.outbox.jobs import deliver_due
from pst.outbox.models import Delivery, OutboxMail
from tests.outbox.refusals.steps import state, use
from tests.outbox.scripted import ScriptedServer

Owe = Callable[..., int]
Read = Callable[[int], OutboxMail]
At = Callable[[str], None]


def test_a_refusal_of_us_costs_one_mail_one_try_and_the_lamp_is_red(
    siti: User, owe: Owe, letter: Read, server: ScriptedServer
):
    server.script["rcpt"] = "550 5.7.1 <pst@x>: Sender address rejected"
    ids = [owe(siti, str(n)) for n in range(12)]

    deliver_due()
    deliver_due()

    assert server.counts["rcpt"] == 1
    assert {letter(id).state for id in ids} == {Delivery.OWED}
    assert state().is_refusing


def test_what_refuses_us_is_asked_with_growing_pauses(
    app: Flask, siti: User, owe: Owe, server: ScriptedServer, at: At
):
    server.offers.append("AUTH PLAIN")
    server.script["auth"] = "535 5.7.8 wrong"
    mails = owe(siti)
    with pytest.MonkeyPatch.context() as patch:  # TLS has its own tests
        patch.setattr(delivery.MailConnection, "_needs_tls", False)
        use(app, server, user="pst", password="salah")
        for minute in range(60):
            at(f"2026-03-02 09:{minute:02}+07:00")
            deliver_due()

    assert server.counts["auth"] <= 5
    assert OutboxMail.query.filter_by(id=mails).one().attempts == 0


def test_after_an_outage_the_first_success_makes_all_due(
    siti: User, owe: Owe, letter: Read, server: ScriptedServer, at: At
):
    server.script["rcpt"] = "554 5.7.1 Relay access denied"
    ids = [owe(siti, str(n)) for n in range(15)]
    for hour in range(9, 20):
        at(f"2026-03-02 {hour}:59+07:00")
        deliver_due()

    del server.script["rcpt"]
    at("2026-03-06 09:00+07:00")
    deliver_due()

    assert {letter(id).state for id in ids} == {Delivery.SENT}
    assert not state().is_paused and state().since is None


def test_a_mail_that_alone_is_refused_holds_up_no_other(
    siti: User, dewi: User, owe: Owe, letter: Read, server: ScriptedServer, at: At
):
    server.refused[siti.email] = "550 5.7.1 not to this list"
    alone = owe(siti)
    deliver_due()
    assert state().is_refusing

    ids = [owe(dewi, f"dewi {n}") for n in range(3)]
    at("2026-03-02 09:10+07:00")
    deliver_due()
    assert {letter(id).state for id in ids} == {Delivery.SENT}
    assert not state().is_refusing

    tries = server.counts["mail"]
    for minute in range(11, 21):
        at(f"2026-03-02 09:{minute}+07:00")
        owe(dewi, f"later {minute}")
        deliver_due()
    assert server.counts["mail"] - tries <= 10 + 3
    assert OutboxMail.query.filter_by(state=Delivery.OWED).one().id == alone


def test_two_mails_that_are_refused_again_are_no_fault_of_theirs(
    siti: User, budi: User, dewi: User, owe: Owe, server: ScriptedServer, at: At
):
    for person in (siti, budi):
        server.refused[person.email] = "550 5.7.1 not to this list"
        owe(person, person.email)
    for minute in (0, 20):
        at(f"2026-03-02 09:{minute:02}+07:00")
        deliver_due()
    at("2026-03-02 10:00+07:00")
    owe(dewi, "dewi")
    deliver_due()

    assert server.counts["data"] == 1, "hers went"
    assert state().is_refusing, "one may be singled out, not all that are left"


def test_of_two_that_alone_are_refused_the_second_stops_the_run(
    siti: User, dewi: User, owe: Owe, letter: Read, server: ScriptedServer, at: At
):
    for n in range(2):  # Each stops a run; then others are taken.
        refused = letter(owe(siti, f"siti {n}"))
        refused.refuse(SmtpAnswer(Stage.RCPT, 550, "5.7.1 not to this list"))
        refused.due_at = clock.now() + timedelta(minutes=20)
        db.session.commit()
    at("2026-03-02 09:10+07:00")
    owe(dewi)
    deliver_due()
    assert not state().is_refusing

    server.refused[siti.email] = "550 5.7.1 not to this list"
    at("2026-03-02 09:30+07:00")
    deliver_due()

    assert state().is_refusing


def test_refusals_without_a_reason_stop_the_run_after_a_few(
    siti: User, owe: Owe, letter: Read, server: ScriptedServer
):
    server.script["rcpt"] = "550 no"
    for n in range(5):
        owe(siti, str(n))

    deliver_due()

    assert server.counts["rcpt"] == 3
    assert state().is_refusing


def test_refusals_without_a_reason_count_in_a_row(
    siti: User, owe: Owe, server: ScriptedServer
):
    server.script["rcpt"] = ["550 no", "550 no", "451 later", "550 no", "550 no"]
    for n in range(5):
        owe(siti, str(n))

    deliver_due()

    assert server.counts["rcpt"] == 5
    assert not state().is_paused
