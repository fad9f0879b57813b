"""How long mails and servers are left alone, and what is tried how often."""

from datetime import timedelta

import pytest

from pst import clock
from pst.accounts.users import User
from pst.database import db
from pst.outbox import due
from pst.outbox.answers import Outcome, SmtpAnswer, Stage
from pst.outbox.models import Delivery, OutboxMail, one_line
from pst.outbox.pauses import growing
from pst.outbox.servers import MailServer
from pst.rules import WrongState

LATER = SmtpAnswer(Stage.RCPT, 451, "4.7.1 Try again")
AWAY = SmtpAnswer(Stage.CONNECT, None, "timed out", is_broken=True)
REFUSED = SmtpAnswer(Stage.AUTH, 535, "5.7.8 Wrong password")
UNSURE = SmtpAnswer(Stage.AFTER_DOT, None, "timed out", is_broken=True)
DEAD = SmtpAnswer(Stage.RCPT, 550, "5.1.1 User unknown")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def always_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the chance out of the pauses."""
    monkeypatch.setattr("pst.outbox.pauses.random.uniform", lambda a, b: (a + b) / 2)


@pytest.fixture
def mail(siti: User, at) -> OutboxMail:
    made = OutboxMail.put("password_changed", to=siti.mailbox, cause="a")
    db.session.commit()
    return made


def test_a_pause_doubles_until_it_is_long_enough(always_as_long):
    pauses = [growing(n, MINUTE, HOUR) / MINUTE for n in range(1, 9)]
    assert pauses == pytest.approx([1, 2, 4, 8, 16, 32, 60, 60])
    assert growing(10_000, MINUTE, HOUR) / HOUR == pytest.approx(1)


def test_a_pause_differs_by_a_fifth_at_most():
    pauses = {growing(1, HOUR, 2 * HOUR) for _ in range(50)}
    assert len(pauses) > 1
    assert all(0.8 * HOUR <= pause <= 1.2 * HOUR for pause in pauses)


def test_a_mail_is_tried_after_a_minute_and_in_the_end_every_six_hours(
    mail, always_as_long
):
    waits = []
    for _ in range(12):
        mail.take(clock.now() + HOUR)
        mail.refuse(LATER)
        assert mail.leased_until is None
        waits.append((mail.due_at - clock.now()) / MINUTE)
    assert waits[:3] == pytest.approx([1, 2, 4])
    assert waits[-2:] == pytest.approx([360, 360])


@pytest.mark.parametrize(
    ("answer", "first", "longest"),
    [(AWAY, MINUTE, HOUR), (UNSURE, MINUTE, HOUR), (REFUSED, 5 * MINUTE, 6 * HOUR)],
)
def test_a_server_is_left_alone_for_longer_each_time(
    answer, first, longest, context, at, always_as_long
):
    server, pauses = MailServer.current(), []
    for _ in range(9):
        server.pause(answer)
        pauses.append((server.paused_until - clock.now()) / MINUTE)
    assert pauses[0] == pytest.approx(first / MINUTE)
    assert pauses[-1] == pytest.approx(longest / MINUTE)
    server.take()
    server.pause(answer)
    pause = (server.paused_until - clock.now()) / MINUTE
    assert pause == pytest.approx(first / MINUTE), "it begins again"


def test_a_pause_ends_by_itself_by_hand_and_when_the_clock_was_set_back(context, at):
    server = MailServer.current()
    server.pause(AWAY)
    until = server.paused_until
    at(until - timedelta(seconds=1))
    assert server.is_paused
    at(until)
    assert not server.is_paused
    at(until - 12 * HOUR)
    assert server.is_paused
    at(until - 12 * HOUR - timedelta(seconds=1))
    assert not server.is_paused

    at(until - timedelta(seconds=1))
    server.resume()
    assert not server.is_paused
    assert server.since is not None, "it has taken nothing yet"


def test_what_a_server_took_wipes_what_it_said(context, at):
    server = MailServer.current()
    server.pause(REFUSED)
    assert (server.stage, server.status) == (Stage.AUTH, "535 5.7.8")
    assert server.words == "535 5.7.8 Wrong password"
    at("2026-03-02 10:00+07:00")

    server.take()

    assert server.took_at == clock.now()
    assert (server.outcome, server.stage, server.status) == (None, None, None)
    assert (server.words, server.since, server.pauses) == (None, None, 0)


def test_a_new_mail_is_due_now_and_for_three_days(mail):
    assert (mail.state, mail.attempts) == (Delivery.OWED, 0)
    assert mail.created_at == mail.due_at == clock.now()
    assert mail.give_up_at == clock.now() + timedelta(days=3)


def test_what_may_have_arrived_waits_four_hours_and_then_for_a_person(mail, at):
    mail.refuse(UNSURE)
    assert mail.due_at == clock.now() + 4 * HOUR
    assert mail.state is Delivery.OWED
    mail.refuse(UNSURE)
    assert mail.state is Delivery.FAILED


def test_a_lease_lasts_an_hour_and_a_half(mail, at):
    begin = clock.now()
    assert due.take() is mail and mail.attempts == 1
    db.session.flush()
    at(begin + timedelta(minutes=90) - timedelta(seconds=1))
    assert not due.has_any()
    at(begin + timedelta(minutes=90))
    assert due.has_any()


def test_what_a_server_says_of_a_mail_is_gone_once_it_went(mail, at):
    mail.refuse(LATER)
    assert (mail.outcome, mail.status) == (Outcome.LATER, "451 4.7.1")
    assert mail.stage is Stage.RCPT and mail.answered_at == clock.now()
    assert mail.error == "451 4.7.1 Try again"
    mail.take(clock.now() + HOUR)

    mail.mark_sent()

    assert (mail.state, mail.sent_at) == (Delivery.SENT, clock.now())
    assert (mail.outcome, mail.stage, mail.status) == (None, None, None)
    assert (mail.error, mail.leased_until) == (None, None)
    assert not mail.can_be_sent_again
    with pytest.raises(WrongState, match="sudah terkirim"):
        mail.send_again()


def test_only_what_failed_is_dismissed_and_the_first_time_counts(mail, at):
    with pytest.raises(WrongState, match="yang gagal"):
        mail.dismiss()
    mail.refuse(DEAD)
    mail.dismiss()
    first = mail.dismissed_at
    at("2026-03-02 10:00+07:00")
    mail.dismiss()
    assert mail.dismissed_at == first

    mail.send_again()
    assert (mail.state, mail.attempts) == (Delivery.OWED, 0)
    assert (mail.dismissed_at, mail.outcome) == (None, None)
    assert mail.due_at == clock.now()
    assert mail.give_up_at == clock.now() + timedelta(days=3)


def test_a_mail_given_up_here_has_no_answer_of_a_server(mail):
    mail.give_up(Outcome.CONTENT, "no such\naddress")
    assert (mail.state, mail.outcome) == (Delivery.FAILED, Outcome.CONTENT)
    assert (mail.stage, mail.status, mail.error) == (None, None, "no such address")


def test_a_mail_that_came_back_is_as_failed_as_one_that_was_refused(mail):
    mail.mark_sent()
    mail.mark_bounced(DEAD)
    assert (mail.state, mail.outcome) == (Delivery.FAILED, Outcome.DEAD_ADDRESS)
    assert mail.can_be_sent_again


def test_nothing_in_a_name_makes_a_header():
    assert one_line("Siti\r\nBcc:  x@jahat.test\t\0") == "Siti Bcc: x@jahat.test"


def test_a_cause_is_known_by_its_kind(mail):
    assert OutboxMail.is_put("password_changed", "a")
    assert not OutboxMail.is_put("password_changed", "b")
    assert not OutboxMail.is_put("two_step", "a")


def test_once_it_surely_did_not_arrive_the_pause_is_a_short_one(mail, always_as_long):
    mail.refuse(UNSURE)
    mail.attempts = 1

    mail.refuse(LATER)

    assert mail.state is Delivery.OWED
    assert (mail.due_at - clock.now()) / MINUTE == pytest.approx(1)


def test_a_server_that_is_back_gets_all_but_what_may_have_arrived(mail, siti):
    other = OutboxMail.put("password_changed", to=siti.mailbox, cause="b")
    mail.refuse(UNSURE)
    other.due_at = clock.now() + HOUR
    db.session.commit()

    due.release(Outcome.UNSURE)
    db.session.expire_all()

    assert mail.due_at == clock.now() + 4 * HOUR
    assert other.due_at == clock.now()
