"""What happens to a mail, and to the others, at each answer of a real mail server."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import Flask

from pst.accounts.users import User
from pst.database import db, transaction
from pst.outbox import delivery, due
from pst.outbox.answers import Outcome
from pst.outbox.jobs import RUN_S, deliver_due
from pst.outbox.models import DELIVER_TIMEOUT_S, Delivery, OutboxMail
from tests.outbox.refusals.steps import state, use
from tests.outbox.scripted import HANG, HANG_UP, ScriptedServer

Owe = Callable[..., int]
Read = Callable[[int], OutboxMail]
At = Callable[[str], None]
GOES_ON, STOPS = True, False


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
