"""How long a mail that a server could not deliver yet may still arrive."""

from datetime import timedelta
from email import message_from_string

import sqlalchemy as sa

from pst import clock
from pst.database import db
from pst.outbox.answers import SmtpAnswer, Stage
from pst.outbox.incoming.bounces import Bounce, is_by_its_reader
from pst.outbox.incoming.reports import ReportKind
from pst.outbox.models import OutboxMail


def report(mail: OutboxMail, kind: ReportKind) -> Bounce:
    row = Bounce(
        mail=mail,
        digest=f"{kind}-{mail.id}",
        kind=kind,
        status="4.4.1",
        words="",
        received_at=clock.now(),
        noted_at=None,
    )
    db.session.add(row)
    db.session.flush()
    return row


def waits(mail: OutboxMail) -> bool:
    return Bounce.is_delayed(sa.select(OutboxMail.id).filter_by(id=mail.id))


def test_a_delay_lasts_five_days(mail, at):
    assert not waits(mail)
    report(mail, ReportKind.DELAYED)
    begin = clock.now()
    at(begin + timedelta(days=5) - timedelta(seconds=1))
    assert waits(mail)
    at(begin + timedelta(days=5))
    assert not waits(mail)


def test_a_failure_is_no_delay_nor_that_of_another_mail(mail, siti):
    other = OutboxMail.put("password_changed", to=siti.mailbox, cause="b")
    db.session.flush()
    report(other, ReportKind.DELAYED)
    report(mail, ReportKind.FAILED)
    assert waits(other) and not waits(mail)


def test_failures_are_told_once_oldest_first(mail, siti):
    first, second = report(mail, ReportKind.FAILED), report(mail, ReportKind.DELAYED)
    other = OutboxMail.put("password_changed", to=siti.mailbox, cause="b")
    db.session.flush()
    third = report(other, ReportKind.FAILED)
    ids = [first.id, third.id]
    db.session.commit()
    assert Bounce.unnoted_ids() == ids

    db.session.get_one(Bounce, ids[0]).noted_at = clock.now()
    db.session.commit()
    assert Bounce.unnoted_ids() == ids[1:]
    assert second is not None


def test_who_writes_from_an_address_that_mails_come_back_from_is_not_its_reader(mail):
    reply = message_from_string("From: Siti <SITI@contoh.test>\n\nSaya setuju.")
    assert is_by_its_reader(mail, reply)

    mail.mark_bounced(SmtpAnswer(Stage.RCPT, 550, "5.1.1 User unknown"))
    assert not is_by_its_reader(mail, reply)
