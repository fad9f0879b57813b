"""What came back or is late is shown to the officer, and holds the clock."""

from collections.abc import Callable

from pst.accounts.users import User
from pst.consultations.desk.worklist.sections import Section
from pst.consultations.desk.worklist.worklist import Worklist
from pst.consultations.jobs import close_silent, note_bounces, tell_users
from pst.consultations.models import Consultation
from pst.consultations.states import HoldReason, State
from pst.database import db, transaction
from pst.outbox.bad_addresses import BadAddress
from pst.outbox.incoming.mailbox import read_bounces
from pst.outbox.jobs import deliver_due
from pst.outbox.models import Delivery, OutboxMail
from tests.outbox import samples
from tests.outbox.bounces.steps import back, path
from tests.outbox.imap import ImapServer
from tests.outbox.samples import write

At = Callable[[str], None]


def test_the_officer_sees_it_and_the_clock_holds(
    consultation: Consultation, siti: User, budi: User, at: At, imap: ImapServer
):
    """Unknown address → the relay says 250 → its report arrives → no one is closed."""
    consultation.claim(budi)
    consultation.say(budi, "Tahun berapa?")
    db.session.commit()
    at("2026-03-02 09:05+07:00")
    tell_users()
    deliver_due()
    mail = db.session.query(OutboxMail).filter_by(kind="officer_answered").one()
    assert mail.state is Delivery.SENT
    imap.deliver(write(samples.DSN, to=path(mail.id)))
    db.session.rollback()

    read_bounces()
    note_bounces()

    row = Worklist(budi).rows(Section.WAITING)[0]
    assert row.closing_held is HoldReason.BOUNCED
    db.session.rollback()
    at("2026-03-09 09:00+07:00")
    close_silent()
    assert consultation.state is State.WAITING_USER
    with transaction():
        siti.verify()
    assert BadAddress.of(siti.email) is None


def test_a_delayed_mail_holds_the_clock_while_it_may_arrive(
    consultation: Consultation, budi: User, at: At
):
    consultation.claim(budi)
    consultation.say(budi, "Tahun berapa?")
    db.session.commit()
    at("2026-03-02 09:05+07:00")
    tell_users()
    deliver_due()
    mail = db.session.query(OutboxMail).filter_by(kind="officer_answered").one()
    late = write(samples.DSN, to=path(mail.id), action="delayed", status="4.4.1")
    db.session.rollback()
    at("2026-03-03 09:05+07:00")
    back(late)

    at("2026-03-06 09:00+07:00")
    close_silent()
    assert consultation.closing_held is HoldReason.OWED
    at("2026-03-08 09:06+07:00")  # what it waits for has ended, one way or the other
    close_silent()
    assert consultation.closing_held is None and consultation.warned_at is not None
