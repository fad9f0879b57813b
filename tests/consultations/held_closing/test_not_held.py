"""What holds no closing, and what the clock still does."""

from datetime import UTC, datetime

import pytest

from pst.consultations import notices
from pst.consultations.jobs import (
    close_silent,
    note_bounces,
    send_digest,
    warn_silent,
)
from pst.consultations.states import Channel, HoldReason, Next, Reason, State
from pst.consultations.verbs.waiting import closing_moment
from pst.database import db
from pst.outbox.incoming import reports
from pst.outbox.incoming.bounces import Bounce
from pst.outbox.models import Delivery, OutboxMail
from tests.consultations.held_closing.steps import deliver


def test_a_mail_of_before_or_of_another_kind_holds_nothing(asked_back, budi, at):
    deliver(Delivery.FAILED, kind="request_received")
    assert notices.held_why(asked_back) is None

    deliver(Delivery.FAILED, kind="officer_answered")
    assert notices.held_why(asked_back) is HoldReason.BOUNCED
    at("2026-03-03 09:00+07:00")
    asked_back.say(budi, "Atau semua tahun?")
    asked_back.tell_user_at = None
    db.session.commit()
    assert notices.held_why(asked_back) is None


def test_a_mail_about_another_conversation_holds_nothing(asked_back, siti, budi):
    other = type(asked_back).ask(siti, asked_back.category, "Lain", "Lain.")
    other.claim(budi)
    other.say(budi, "Tahun berapa?")
    other.tell_user()
    db.session.commit()
    mine = [m for m in db.session.query(OutboxMail) if other.number in m.cause]
    for mail in mine:
        mail.state = Delivery.FAILED
    db.session.commit()

    assert notices.held_why(other) is HoldReason.BOUNCED
    assert notices.held_why(asked_back) is None


def test_without_a_mail_server_nothing_is_held(consultation, budi, at):
    consultation.claim(budi)
    consultation.say(budi, "Tahun berapa?")
    deliver(Delivery.FAILED)

    assert notices.held_why(consultation) is None


def test_what_is_no_longer_waited_for_is_not_held(asked_back, budi):
    deliver(Delivery.FAILED, kind="officer_answered")
    asked_back.say(budi, "Sebentar.", then=Next.OFFICER)

    assert asked_back.waiting_since is None
    assert asked_back.closing_held is None
    assert notices.held_why(asked_back) is None


def test_who_read_the_question_before_it_was_asked_has_not_read_it(
    asked_back, siti, budi, at
):
    deliver(Delivery.FAILED, kind="officer_answered")
    asked_back.read(siti, asked_back.newest_id)
    assert notices.held_why(asked_back) is None

    at("2026-03-03 09:00+07:00")
    asked_back.say(budi, "Atau semua tahun?")

    assert asked_back.tell_user_at is not None
    assert notices.held_why(asked_back) is HoldReason.OWED


def test_only_an_online_conversation_is_closed_by_the_clock(asked_back, at):
    asked_back.channel = Channel.PHONE
    db.session.commit()
    at("2026-03-09 09:00+07:00")
    warn_silent()
    close_silent()

    assert not asked_back.is_closed_by_clock
    assert asked_back.warned_at is None
    assert asked_back.state is State.WAITING_USER


def test_silence_after_an_answer_is_resolved_and_after_a_question_is_not(
    asked_back, budi
):
    assert asked_back.reason_of_silence is Reason.NO_RESPONSE

    asked_back.say(budi, "31.000 jiwa.", then=Next.DONE)

    assert asked_back.reason_of_silence is Reason.RESOLVED


@pytest.mark.usefixtures("context", "at")
def test_between_the_warning_and_the_end_there_is_always_a_day():
    def moment(day: int, hour: int) -> datetime:
        return datetime(2026, 3, day, hour, tzinfo=UTC)

    assert closing_moment(moment(2, 9), moment(4, 9)) == moment(5, 9)
    assert closing_moment(moment(2, 9), moment(4, 20)) == moment(5, 20)
    assert closing_moment(moment(2, 9), moment(3, 9)) == moment(5, 9)


def test_half_the_time_is_counted_from_when_the_request_was_clear(
    consultation, budi, siti, at
):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Wilayah mana?")
    consultation.release(budi)
    at("2026-03-05 09:00+07:00")
    consultation.say(siti, "Wanadadi.")
    assert consultation.is_queued
    db.session.commit()

    at("2026-03-05 15:00+07:00")
    assert not notices.half_gone(consultation)
    at("2026-03-09 15:00+07:00")
    assert notices.half_gone(consultation)


def test_a_digest_tells_each_officer_what_is_theirs_and_still_owed(
    consultation, budi, at
):
    consultation.claim(budi)
    db.session.commit()
    at("2026-03-05 08:00+07:00")
    send_digest()
    digests = db.session.query(OutboxMail).filter_by(kind="digest").all()
    assert [mail.to_address for mail in digests] == ["budi@contoh.test"]
    assert consultation.number in digests[0].body

    consultation.say(budi, "31.000 jiwa.")
    db.session.commit()
    at("2026-03-05 14:00+07:00")
    send_digest()

    assert db.session.query(OutboxMail).filter_by(kind="digest").count() == 1


def test_what_came_back_once_the_user_had_replied_holds_nothing(asked_back, siti):
    mail = db.session.query(OutboxMail).filter_by(kind="officer_answered").one()
    asked_back.say(siti, "2025.")
    mail.state = Delivery.FAILED
    bounce = Bounce(
        mail_id=mail.id,
        digest="d",
        kind=reports.ReportKind.FAILED,
        status="5.1.1",
        words="unknown",
        received_at=mail.created_at,
    )
    db.session.add(bounce)
    db.session.commit()

    note_bounces()

    assert bounce.noted_at is not None
    assert asked_back.closing_held is None
    assert asked_back.is_open
