"""Step 4 of the service standard: closed when done, or after three silent days."""

from datetime import timedelta

import pytest

from pst.consultations.jobs import close_silent, warn_silent
from pst.consultations.messages import Event
from pst.consultations.models import Consultation
from pst.consultations.service_level.turns import End
from pst.consultations.states import Next, Reason, State
from pst.database import db
from pst.rules import WrongState
from tests.owed import mails


@pytest.fixture
def asked_back(consultation: Consultation, budi, at) -> Consultation:
    """Budi asked something on Monday at 09.00 and waits."""
    at("2026-03-02 09:00+07:00")
    consultation.claim(budi)
    consultation.say(budi, "Tahun berapa yang Anda perlukan?")
    db.session.commit()
    return consultation


def test_a_silent_consultation_closes_after_three_days(asked_back, at):
    at("2026-03-04 09:00+07:00")
    warn_silent()

    at("2026-03-05 08:59:59+07:00")
    close_silent()
    assert asked_back.state is State.WAITING_USER

    at("2026-03-05 09:00+07:00")
    close_silent()
    assert asked_back.state is State.CLOSED
    assert asked_back.reason is Reason.NO_RESPONSE
    assert len(mails("closed_no_response")) == 1


def test_the_user_is_warned_after_two_days_once(asked_back, at):
    at("2026-03-04 08:59:59+07:00")
    warn_silent()
    assert len(mails("closing_warning")) == 0

    at("2026-03-04 09:00+07:00")
    warn_silent()
    warn_silent()
    assert len(mails("closing_warning")) == 1
    assert [m.event for m in asked_back.messages].count(Event.WARNED) == 1


def test_a_late_warning_leaves_as_much_time_as_any_other(asked_back, at):
    at("2026-03-09 14:00+07:00")  # the worker was down for days
    close_silent()
    warn_silent()
    assert asked_back.state is State.WAITING_USER
    assert len(mails("closing_warning")) == 1
    event = [m for m in asked_back.messages if m.event is Event.WARNED][-1]
    assert event.data["at"] == "2026-03-10T07:00:00+00:00"

    at("2026-03-10 13:59:59+07:00")
    close_silent()
    assert asked_back.state is State.WAITING_USER

    at("2026-03-10 14:00+07:00")
    close_silent()
    assert asked_back.reason is Reason.NO_RESPONSE


def test_any_word_of_the_user_stops_the_clock(asked_back, siti, at):
    at("2026-03-05 08:00+07:00")
    asked_back.say(siti, "2020.")
    db.session.commit()

    at("2026-03-09 09:00+07:00")
    warn_silent()
    close_silent()

    assert asked_back.state is State.ACTIVE


def test_an_interim_answer_does_not_wait(consultation, budi, at):
    consultation.claim(budi)
    consultation.say(budi, "Sedang kami carikan.", then=Next.OFFICER)
    db.session.commit()

    at("2026-03-20 09:00+07:00")
    close_silent()

    assert consultation.state is State.ACTIVE


def test_the_clock_starts_with_the_last_word_of_the_officer(asked_back, budi, at):
    at("2026-03-04 09:00+07:00")
    asked_back.say(budi, "Atau semua tahun?")
    db.session.commit()

    at("2026-03-06 09:00+07:00")
    warn_silent()
    at("2026-03-07 08:59+07:00")
    close_silent()
    assert asked_back.state is State.WAITING_USER

    at("2026-03-07 09:00+07:00")
    close_silent()
    assert asked_back.state is State.CLOSED


def test_closing_twice_is_refused(asked_back, budi):
    asked_back.close(Reason.RESOLVED, by=budi)

    with pytest.raises(WrongState, match="sudah ditutup"):
        asked_back.close(Reason.RESOLVED, by=budi)


def test_only_its_officer_or_user_closes_it(asked_back, rina, dewi, siti):
    for stranger in (rina, dewi):
        with pytest.raises(WrongState):
            asked_back.close(Reason.RESOLVED, by=stranger)

    asked_back.close(Reason.RESOLVED, by=siti)

    assert asked_back.reason is Reason.RESOLVED


def test_a_reply_within_seven_days_reopens_it_with_its_officer(
    asked_back, siti, budi, at
):
    asked_back.close(Reason.RESOLVED, by=budi)
    db.session.commit()

    at("2026-03-09 09:00+07:00")
    asked_back.say(siti, "Satu hal lagi.")

    assert asked_back.state is State.ACTIVE
    assert asked_back.officer is budi
    assert asked_back.closed_at is None


def test_a_reply_after_seven_days_is_refused(asked_back, siti, budi, at):
    asked_back.close(Reason.RESOLVED, by=budi)
    db.session.commit()

    at("2026-03-09 09:00:01+07:00")
    with pytest.raises(WrongState, match="ajukan konsultasi lanjutan"):
        asked_back.say(siti, "Satu hal lagi.")


def test_it_reopens_to_the_queue_when_its_officer_is_gone(asked_back, siti, budi):
    asked_back.close(Reason.RESOLVED, by=budi)
    budi.active = False
    db.session.commit()

    asked_back.say(siti, "Satu hal lagi.")

    assert asked_back.state is State.QUEUED
    assert asked_back.officer is None


def test_a_withdrawn_request_stays_closed_and_is_not_rated(consultation, siti):
    consultation.withdraw(siti)
    db.session.commit()

    assert len(mails("closed_resolved")) == 0
    with pytest.raises(WrongState):
        consultation.say(siti, "Maaf, jadi juga.")


def test_a_served_request_cannot_be_withdrawn(asked_back, siti):
    with pytest.raises(WrongState, match="tidak dapat dibatalkan"):
        asked_back.withdraw(siti)


def test_an_officer_reopens_for_seven_days(asked_back, budi, at):
    asked_back.close(Reason.RESOLVED, by=budi)
    db.session.commit()

    at("2026-03-09 09:00:01+07:00")
    assert not asked_back.can_be_reopened_by(budi)
    with pytest.raises(WrongState, match="tidak dapat dibuka kembali lagi"):
        asked_back.reopen(budi)

    at("2026-03-09 09:00+07:00")
    asked_back.reopen(budi)
    assert asked_back.state is State.ACTIVE
    assert asked_back.reason is asked_back.closed_at is None
    assert asked_back.due_at is None, "only the user's words begin a turn"
    asked_back.say(asked_back.user, "Satu hal lagi: tahun 2024?")
    assert asked_back.due_at.isoformat() == "2026-03-12T15:30:00+07:00"


def test_what_was_never_answered_is_due_as_before_when_reopened(consultation, budi, at):
    due_at = consultation.due_at
    consultation.claim(budi)
    consultation.close(Reason.RESOLVED, by=budi, why="Salah tekan.")
    assert consultation.answered_at is None
    assert consultation.turn.end is End.UNANSWERED
    db.session.commit()

    at("2026-03-04 09:00+07:00")
    consultation.reopen(budi)

    assert consultation.due_at == due_at
    assert consultation.answered_at is None


def test_reopening_and_closing_makes_no_late_answer_one_in_time(
    asked_back, budi, siti, at
):
    asked_back.say(siti, "Tahun 2025.")
    due_at = asked_back.due_at
    late = due_at + timedelta(days=2)
    at(late.isoformat())
    asked_back.say(budi, "Angkanya 1.234.")
    asked_back.close(Reason.RESOLVED, by=budi)
    db.session.commit()

    asked_back.reopen(budi)
    asked_back.close(Reason.RESOLVED, by=budi)

    assert asked_back.turn.due_at == due_at
    assert asked_back.turn.ended_at > asked_back.turn.due_at
    assert asked_back.turn.is_late


def test_a_new_answer_after_reopening_has_the_new_deadline(asked_back, budi, siti, at):
    asked_back.close(Reason.RESOLVED, by=budi)
    at("2026-03-05 09:00+07:00")
    asked_back.say(siti, "Dan tahun 2024?")
    at("2026-03-06 09:00+07:00")
    asked_back.say(budi, "Angkanya 1.235.")

    asked_back.close(Reason.RESOLVED, by=budi)

    turn = asked_back.turn
    assert (turn.number, turn.end) == (2, End.ASKED)
    assert turn.due_at.isoformat() == "2026-03-10T15:30:00+07:00"
    assert turn.due_at > turn.ended_at


def test_closing_without_an_answer_wins_no_time_when_the_user_replies(
    consultation, siti, budi
):
    consultation.claim(budi)
    due_at = consultation.due_at
    consultation.close(Reason.RESOLVED, by=budi, why="Mohon balas bila perlu.")
    db.session.commit()

    consultation.say(siti, "Masih perlu.")

    assert consultation.is_open
    assert consultation.due_at == due_at


def test_a_question_to_the_user_is_no_final_answer(consultation, budi):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Wilayah mana?")
    consultation.close(Reason.RESOLVED, by=budi, why="Tidak dapat dihubungi.")

    assert consultation.answered_at is None
    assert consultation.turn.end is End.UNANSWERED


def test_what_the_user_withdrew_is_not_reopened(consultation, siti, budi, hasan):
    consultation.withdraw(siti)

    for person in (budi, hasan):
        with pytest.raises(WrongState):
            consultation.reopen(person)


def test_what_the_head_reopens_after_its_officer_left_waits_in_the_queue(
    asked_back, budi, hasan
):
    asked_back.close(Reason.RESOLVED, by=budi)
    budi.active = False
    db.session.commit()

    asked_back.reopen(hasan)

    assert asked_back.state is State.QUEUED
    assert asked_back.officer is None


def test_who_may_not_close_is_told_whose_it_is(asked_back, consultation, rina):
    with pytest.raises(WrongState, match="ditangani Budi Santoso"):
        asked_back.close(Reason.RESOLVED, by=rina)


def test_a_user_refused_is_not_told_to_take_the_consultation(consultation, siti, budi):
    for person, words in ((siti, "keadaan konsultasi sekarang"), (budi, "Ambil")):
        with pytest.raises(WrongState, match=words):
            consultation.close(Reason.RESOLVED, by=person)
