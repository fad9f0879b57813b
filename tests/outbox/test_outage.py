"""An outage of the mail server: from when to when, and who has to act."""

from pst import clock
from pst.outbox.answers import Outcome, SmtpAnswer, Stage
from pst.outbox.jobs import is_singled_out
from pst.outbox.models import OutboxMail
from pst.outbox.servers import MailServer

BUSY = SmtpAnswer(Stage.CONNECT, 421, "4.3.2 Too busy")
LISTED = SmtpAnswer(Stage.CONNECT, 554, "5.7.1 Your IP is listed")


def test_an_outage_began_with_the_first_refusal(context, at):
    server = MailServer.current()
    began_at = clock.now()
    server.pause(BUSY)
    assert server.is_paused and not server.is_refusing

    at("2026-03-02 10:00+07:00")
    server.pause(LISTED)

    assert server.since == began_at
    assert (server.outcome, server.status) == (Outcome.REFUSES_US, "554 5.7.1")
    assert server.is_refusing, "an admin has to act"


def test_the_mail_that_is_taken_ends_it_once(context, at):
    server = MailServer.current()
    server.pause(LISTED)

    assert server.take() is True
    assert not server.is_paused and not server.is_refusing
    assert server.take() is False


def test_a_mail_is_singled_out_by_those_that_went_after_it(siti, at):
    server = MailServer.current()
    server.take()
    mail = OutboxMail.put("password_changed", to=siti.mailbox, cause="a")
    at("2026-03-02 09:05+07:00")
    mail.refuse(SmtpAnswer(Stage.RCPT, 550, "5.7.1 Not from you"))
    assert not is_singled_out(mail, server), "the other one went before"

    at("2026-03-02 09:10+07:00")
    server.take()
    assert is_singled_out(mail, server)
    at("2026-03-02 09:15+07:00")
    mail.refuse(LISTED)
    assert not is_singled_out(mail, server)
