"""When a mail is put off: after which answers, and until when."""

from datetime import timedelta

import pytest

from pst import clock
from pst.database import db
from pst.outbox import due
from pst.outbox.answers import Outcome, SmtpAnswer, Stage
from pst.outbox.models import Delivery
from tests.outbox.due_mails.steps import LATER, SECOND, UNSURE

AWAY = SmtpAnswer(Stage.CONNECT, 421, "4.3.2 Too busy")
REFUSED = SmtpAnswer(Stage.RCPT, 550, "5.7.1 Not from you")


@pytest.mark.parametrize("answer", [AWAY, REFUSED])
def test_an_outage_gives_no_mail_up_however_long_it_lasts(put, at, answer):
    mail = put("a")

    at(mail.give_up_at + timedelta(days=9))
    mail.refuse(answer)

    assert mail.state is Delivery.OWED


def test_a_refusal_that_only_one_mail_gets_is_its_own_and_puts_it_off(put):
    mail = put("a")

    mail.refuse(REFUSED, is_alone=True)

    assert (mail.state, mail.outcome) == (Delivery.OWED, Outcome.LATER)
    assert mail.due_at > clock.now()


def test_a_mail_that_may_have_arrived_is_tried_once_more_hours_later(put, at):
    mail = put("a")
    mail.refuse(UNSURE)
    assert mail.state is Delivery.OWED
    assert mail.due_at == clock.now() + timedelta(hours=4)

    at(mail.due_at)
    mail.refuse(UNSURE)

    assert mail.state is Delivery.FAILED


def test_what_the_server_stopped_at_goes_last(put):
    stopped, fresh = put("a"), put("b")
    stopped.refuse(AWAY)
    stopped.due_at = fresh.due_at - SECOND
    db.session.commit()

    assert [due.take(), due.take()] == [fresh, stopped]


def test_the_end_of_an_outage_makes_due_what_it_held_up(put, at):
    held, unsure, own, untried = (put(cause) for cause in "abcd")
    held.refuse(AWAY)
    unsure.refuse(UNSURE)
    own.refuse(LATER)
    moments = (unsure.due_at, own.due_at, own.give_up_at)
    at("2026-03-04 09:00+07:00")
    for mail in (held, unsure, own):
        mail.due_at = mail.due_at + timedelta(days=3)
    db.session.commit()

    due.release(Outcome.AWAY)
    db.session.commit()

    assert held.due_at == clock.now()
    assert held.give_up_at == clock.now() + timedelta(days=3)
    assert (unsure.due_at, own.due_at, own.give_up_at) == (
        moments[0] + timedelta(days=3),
        moments[1] + timedelta(days=3),
        moments[2],
    )
    assert untried.give_up_at == held.give_up_at, "it had no chance in the outage"


def test_refusals_without_a_reason_were_an_outage_once_mails_go_again(put, at):
    unclear, own = put("a"), put("b")
    unclear.refuse(SmtpAnswer(Stage.RCPT, 550, "no"))
    own.refuse(LATER)
    later = own.due_at
    db.session.commit()

    due.release(Outcome.UNCLEAR)
    db.session.commit()

    assert unclear.due_at == clock.now()
    assert own.due_at == later
