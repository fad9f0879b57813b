"""What happens to a mail, and to the others, at each answer of a real mail server."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from pst import clock
from pst.accounts.users import User
from pst.database import db, transaction
from pst.outbox import delivery, due
from pst.outbox.answers import Answer, Outcome, Stage
from pst.outbox.jobs import RUN_S, deliver_due
from pst.outbox.models import DELIVER_TIMEOUT_S, Delivery, OutboxMail
from pst.outbox.servers import MailServer
from pst.server.mail_config import Mail
from tests.outbox.scripted import HANG, HANG_UP, ScriptedServer
from tests.processes import HOST

Owe = Callable[..., int]
Read = Callable[[int], OutboxMail]
At = Callable[[str], None]
GOES_ON, STOPS = True, False


@pytest.fixture
def server(app: Flask) -> Iterator[ScriptedServer]:
    with ScriptedServer() as scripted:
        use(app, scripted)
        yield scripted


def use(app: Flask, server: ScriptedServer, **how: object) -> None:
    mail = Mail(HOST, server.port, None, None, tls=False, ssl=False)
    app.config["PST"] = replace(app.config["PST"], mail=replace(mail, **how))  # type: ignore[arg-type]


def state() -> MailServer:
    db.session.rollback()
    found = MailServer.find()
    assert found is not None
    return found


@dataclass(frozen=True)
class Row:
    """An answer at a stage; what becomes of the mail, the run and the lamp."""

    stage: str
    answer: str
    mail: Delivery
    outcome: Outcome | None
    run: bool


TABLE = [
    Row("connect", "554 5.7.1 listed", Delivery.OWED, None, STOPS),
    Row("connect", "421 4.3.2 busy", Delivery.OWED, None, STOPS),
    Row("connect", HANG_UP, Delivery.OWED, None, STOPS),
    Row("connect", HANG, Delivery.OWED, None, STOPS),
    Row("ehlo", "550 5.5.2 name", Delivery.OWED, None, STOPS),
    Row("ehlo", HANG_UP, Delivery.OWED, None, STOPS),
    Row("mail", "451 4.3.0 later", Delivery.OWED, None, STOPS),
    Row("mail", "550 5.7.1 sender", Delivery.OWED, None, STOPS),
    Row("mail", "552 5.3.4 size", Delivery.OWED, Outcome.CONTENT, GOES_ON),
    Row("mail", HANG_UP, Delivery.OWED, None, STOPS),
    Row("rcpt", "550 5.1.1 none", Delivery.FAILED, Outcome.DEAD_ADDRESS, GOES_ON),
    Row("rcpt", "552 5.2.2 full", Delivery.OWED, Outcome.MAILBOX, GOES_ON),
    Row("rcpt", "451 later", Delivery.OWED, Outcome.LATER, GOES_ON),
    Row("rcpt", "550 no", Delivery.OWED, Outcome.UNCLEAR, GOES_ON),
    Row("rcpt", "550 5.7.1 sender", Delivery.OWED, Outcome.REFUSES_US, STOPS),
    Row("rcpt", "554 5.7.1 relay", Delivery.OWED, Outcome.REFUSES_US, STOPS),
    Row("rcpt", "550 5.4.5 quota", Delivery.OWED, Outcome.REFUSES_US, STOPS),
    Row("rcpt", "451 4.3.5 broken", Delivery.OWED, Outcome.AWAY, STOPS),
    Row("rcpt", "421 4.4.2 bye", Delivery.OWED, Outcome.AWAY, STOPS),
    Row("rcpt", HANG, Delivery.OWED, Outcome.AWAY, STOPS),
    Row("data", "554 5.5.1 no", Delivery.OWED, Outcome.REFUSES_US, STOPS),
    Row("data", "451 4.3.0 later", Delivery.OWED, Outcome.AWAY, STOPS),
    Row("data", HANG_UP, Delivery.OWED, Outcome.AWAY, STOPS),
    Row("after_dot", "554 5.7.1 spam", Delivery.OWED, Outcome.REFUSES_US, STOPS),
    Row("after_dot", "552 5.2.2 full", Delivery.OWED, Outcome.MAILBOX, GOES_ON),
    Row("after_dot", "550 5.1.1 none", Delivery.FAILED, Outcome.DEAD_ADDRESS, GOES_ON),
    Row("after_dot", "552 5.3.4 size", Delivery.OWED, Outcome.CONTENT, GOES_ON),
    Row("after_dot", "451 later", Delivery.OWED, Outcome.LATER, GOES_ON),
    Row("after_dot", "450 4.7.1 much", Delivery.OWED, Outcome.AWAY, STOPS),
    Row("after_dot", HANG_UP, Delivery.OWED, Outcome.UNSURE, STOPS),
    Row("after_dot", HANG, Delivery.OWED, Outcome.UNSURE, STOPS),
]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COMMAND_S", "DATA_S", "AFTER_DOT_S", "GOODBYE_S"):
        monkeypatch.setattr(delivery, name, 0.3)


@pytest.mark.parametrize("stage", dict.fromkeys(row.stage for row in TABLE))
def test_an_answer_decides_over_the_mail_and_the_run(
    stage: str,
    app: Flask,
    siti: User,
    dewi: User,
    owe: Owe,
    letter: Read,
    impatient: None,
):
    for row in TABLE:
        if row.stage != stage:
            continue
        with transaction():
            db.session.execute(sa.delete(OutboxMail))
        with ScriptedServer() as server:
            # Who refuses EHLO is asked with HELO.
            server.script[stage] = row.answer if stage == "ehlo" else [row.answer]
            use(app, server)
            first, second = owe(siti), owe(dewi, "2")

            deliver_due()

        assert letter(first).state is row.mail, row
        assert letter(first).outcome is row.outcome, row
        assert letter(first).attempts == (0 if row.outcome is None else 1), row
        assert (letter(second).state is Delivery.SENT) is row.run, row
        assert state().is_paused is (row.run is STOPS), row
        assert letter(first).leased_until is None, row


def test_time_outs_are_those_of_the_standard():
    assert (delivery.COMMAND_S, delivery.DATA_S, delivery.BLOCK_S) == (300, 120, 180)
    assert delivery.AFTER_DOT_S == 600
    assert due.LEASE.total_seconds() > delivery.MAX_S
    assert DELIVER_TIMEOUT_S > delivery.MAX_S + RUN_S


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
        patch.setattr(delivery.Line, "_needs_tls", False)
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
        refused.refuse(Answer(Stage.RCPT, 550, "5.7.1 not to this list"))
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


@pytest.mark.parametrize("second", [HANG_UP, "250 taken"])
def test_what_may_have_arrived_is_tried_once_more_after_hours(
    second: str, siti: User, owe: Owe, letter: Read, server: ScriptedServer, at: At
):
    server.script["after_dot"] = [HANG_UP, second]
    id = owe(siti)
    deliver_due()

    at("2026-03-02 12:59+07:00")
    deliver_due()
    assert len(server.taken) == 1

    at("2026-03-02 13:00+07:00")
    deliver_due()
    at("2026-03-09 13:00+07:00")
    deliver_due()

    assert len(server.taken) == 2
    sent = second != HANG_UP
    assert letter(id).state is (Delivery.SENT if sent else Delivery.FAILED)


def test_many_mails_go_on_one_connection(siti: User, owe: Owe, server: ScriptedServer):
    for n in range(10):
        owe(siti, str(n))

    deliver_due()

    assert len(server.taken) == 10
    assert server.connections == 1


def test_a_connection_that_ended_after_some_mails_is_opened_again(
    siti: User, owe: Owe, server: ScriptedServer
):
    server.script["mail"] = ["250 OK", "421 4.7.0 too many", "250 OK", HANG_UP]
    for n in range(4):
        owe(siti, str(n))

    deliver_due()

    assert len(server.taken) == 4
    assert server.connections == 3
