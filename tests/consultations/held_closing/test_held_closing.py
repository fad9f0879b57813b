"""The clock closes nothing on a user whom no mail reached."""

from pst.consultations import notices
from pst.consultations.jobs import close_silent, tell_users, warn_silent
from pst.consultations.states import HoldReason, State
from pst.database import db
from pst.outbox.bad_addresses import BadAddress
from pst.outbox.incoming import reports
from pst.outbox.incoming.bounces import Bounce
from pst.outbox.models import Delivery, OutboxMail
from tests.consultations.held_closing.steps import deliver


def test_a_warning_that_came_back_holds_the_closing(asked_back, at):
    at("2026-03-04 09:00+07:00")
    warn_silent()
    deliver(Delivery.FAILED, kind="closing_warning")

    at("2026-03-05 09:00+07:00")
    close_silent()

    assert asked_back.state is State.WAITING_USER
    assert asked_back.closing_held is HoldReason.BOUNCED
    assert notices.held_seen(asked_back) is HoldReason.BOUNCED


def test_a_question_that_came_back_holds_the_closing(
    has_mail_server, consultation, budi, at
):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Wilayah mana?")
    db.session.commit()
    at("2026-03-02 09:05+07:00")
    tell_users()
    deliver(Delivery.FAILED, kind="clarity_needed")

    at("2026-03-05 09:00+07:00")
    close_silent()

    assert consultation.state is State.WAITING_USER
    assert consultation.closing_held is HoldReason.BOUNCED


def test_a_warning_still_owed_holds_the_closing(asked_back, at):
    at("2026-03-04 09:00+07:00")
    warn_silent()
    assert notices.held_seen(asked_back) is None  # it may go out any moment

    at("2026-03-05 09:00+07:00")
    close_silent()

    assert asked_back.state is State.WAITING_USER
    assert notices.held_seen(asked_back) is HoldReason.OWED


def test_after_a_hold_the_user_is_warned_once_more_before_the_end(asked_back, at):
    at("2026-03-04 09:00+07:00")
    warn_silent()
    deliver(Delivery.FAILED, kind="closing_warning")
    at("2026-03-05 09:00+07:00")
    close_silent()
    deliver(Delivery.SENT)

    at("2026-03-05 10:00+07:00")
    close_silent()
    assert asked_back.state is State.WAITING_USER
    assert asked_back.closing_held is None
    assert db.session.query(OutboxMail).filter_by(kind="closing_warning").count() == 2

    deliver(Delivery.SENT)
    at("2026-03-06 09:59:59+07:00")
    close_silent()
    assert asked_back.state is State.WAITING_USER
    at("2026-03-06 10:00+07:00")
    close_silent()
    assert asked_back.state is State.CLOSED


def test_a_mail_is_about_a_conversation_only_when_it_went_to_its_user(asked_back, budi):
    mail = db.session.query(OutboxMail).filter_by(kind="officer_answered").one()
    assert notices.about_which(mail) is asked_back

    mail.to_address = "budi@contoh.test"

    assert notices.about_which(mail) is None


def test_a_bad_address_holds_the_closing_although_the_mails_went_out(asked_back):
    assert notices.held_why(asked_back) is None

    BadAddress.mark("Siti@contoh.test", "5.1.1")

    assert notices.held_why(asked_back) is HoldReason.BOUNCED


def test_who_read_it_the_moment_it_was_asked_needs_no_mail(asked_back, siti, at):
    BadAddress.mark("siti@contoh.test", "5.1.1")
    at(asked_back.waiting_since)
    asked_back.read(siti, asked_back.newest_id)

    assert notices.held_why(asked_back) is None


def test_a_mail_that_is_delayed_on_its_way_holds_the_closing(asked_back):
    mail = db.session.query(OutboxMail).filter_by(kind="officer_answered").one()
    delayed = Bounce(
        mail_id=mail.id,
        digest="d",
        kind=reports.ReportKind.DELAYED,
        status="4.4.1",
        words="later",
        received_at=mail.created_at,
    )
    db.session.add(delayed)
    db.session.flush()

    assert notices.held_why(asked_back) is HoldReason.OWED
