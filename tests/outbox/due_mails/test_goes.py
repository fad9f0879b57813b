"""When a mail goes or is given up: by its own row, without a server."""

import pytest

from pst import clock
from pst.database import db
from pst.office import settings
from pst.outbox import due
from pst.outbox.answers import Outcome, SmtpAnswer, Stage
from pst.outbox.models import Delivery, OutboxMail
from tests.outbox.due_mails.steps import LATER, SECOND, UNSURE

DEAD = SmtpAnswer(Stage.RCPT, 550, "5.1.1 User unknown")


@pytest.fixture
def sent(put):
    """Write a mail that went now."""

    def write(cause: str, by_stranger: bool = False) -> OutboxMail:
        mail = put(cause, by_stranger)
        mail.mark_sent()
        db.session.commit()
        return mail

    return write


def test_an_hour_takes_so_many_mails_and_no_more(put, sent, at):
    settings.change({"mails_per_hour": 10})
    for n in range(9):
        sent(f"sent-{n}")
    mail = put("a")
    assert due.has_any()

    sent("sent-9")
    assert not due.has_any()

    at("2026-03-02 10:00+07:00")
    assert due.take() is mail


def test_strangers_use_half_of_an_hour_at_most(put, sent):
    settings.change({"mails_per_hour": 10})
    put("a", by_stranger=True)
    for n in range(4):
        sent(f"sent-{n}", by_stranger=True)
    assert due.has_any()

    sent("sent-4", by_stranger=True)
    assert not due.has_any()

    own = put("b")
    assert due.take() is own


def test_one_address_gets_so_many_of_strangers_an_hour(put, sent, dewi):
    for n in range(20):
        sent(f"own-{n}")
    for n in range(19):
        sent(f"theirs-{n}", by_stranger=True)
    put("a", by_stranger=True)
    assert due.has_any()

    sent("theirs-last", by_stranger=True)
    assert not due.has_any()
    own = put("b")
    assert due.take() is own, "no stranger holds back what is the owner's"

    hers = OutboxMail.put("password_changed", to=dewi.mailbox, cause="c")
    hers.by_stranger = True
    db.session.commit()
    assert due.take() is hers


def test_one_cause_is_one_mail(put):
    assert put("a") is put("a")
    assert put("a") is not put("b")


def test_a_mail_is_given_up_after_three_days_of_trying(put, at):
    mail = put("a")
    at(mail.give_up_at - SECOND)
    mail.refuse(LATER)
    assert mail.state is Delivery.OWED

    at(mail.give_up_at)
    mail.refuse(LATER)

    assert (mail.state, mail.outcome) == (Delivery.FAILED, Outcome.LATER)


def test_a_dead_address_ends_a_mail_at_once(put):
    mail = put("a")

    mail.refuse(DEAD)

    assert (mail.state, mail.status) == (Delivery.FAILED, "550 5.1.1")


def test_sent_again_it_begins_again(put, at):
    mail = put("a")
    mail.refuse(UNSURE)
    mail.refuse(UNSURE)
    mail.dismiss()
    first = mail.dismissed_at
    at("2026-03-20 09:00+07:00")
    mail.dismiss()
    assert mail.dismissed_at == first

    mail.send_again()

    assert (mail.state, mail.outcome, mail.attempts) == (Delivery.OWED, None, 0)
    assert mail.dismissed_at is None
    assert mail.due_at == clock.now()
    mail.refuse(UNSURE)
    assert mail.state is Delivery.OWED, "it may be tried once more"


def test_the_one_that_is_due_longest_goes_first(put, at):
    second, first = put("a"), put("b")
    second.due_at = clock.now()
    first.due_at = clock.now() - SECOND
    later = put("c")
    later.due_at = clock.now() + SECOND
    db.session.commit()

    assert [due.take(), due.take(), due.take()] == [first, second, None]


def test_what_one_run_holds_no_other_takes_before_its_lease_ends(put, at):
    mail = put("a")
    assert due.take() is mail
    assert due.take() is None
    ends_at = mail.leased_until
    at(ends_at - SECOND)
    assert due.take() is None

    at(ends_at)
    assert due.take() is mail


def test_a_mail_that_workers_died_with_five_times_is_left_to_a_person(put, at):
    mail = put("a")
    for _ in range(4):
        assert due.take() is mail
        at(mail.leased_until)
        due.park_deadly()
        assert mail.state is Delivery.OWED
    due.take()
    due.park_deadly()
    assert mail.state is Delivery.OWED, "the fifth is still at it"

    at(mail.leased_until)
    due.park_deadly()

    assert (mail.state, mail.outcome) == (Delivery.FAILED, Outcome.UNSURE)


def test_a_mail_that_was_not_tried_after_all_is_due_again(put):
    mail = put("a")
    due.take()

    mail.give_back()
    db.session.commit()

    assert mail.attempts == 0
    assert due.take() is mail
