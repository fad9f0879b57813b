"""Step 4 of the service standard: closed when done, or after three silent days."""

import pytest

from pst.consultations.jobs import close_silent, warn_silent
from pst.consultations.messages import Event
from pst.consultations.service_level.turns import End
from pst.consultations.states import Next, Reason, State
from pst.database import db
from pst.rules import WrongState
from tests.owed import mails


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


def test_a_served_request_cannot_be_withdrawn(asked_back, siti):
    with pytest.raises(WrongState, match="tidak dapat dibatalkan"):
        asked_back.withdraw(siti)


def test_a_question_to_the_user_is_no_final_answer(consultation, budi):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Wilayah mana?")
    consultation.close(Reason.RESOLVED, by=budi, why="Tidak dapat dihubungi.")

    assert consultation.answered_at is None
    assert consultation.turn.end is End.UNANSWERED


def test_who_may_not_close_is_told_whose_it_is(asked_back, consultation, rina):
    with pytest.raises(WrongState, match="ditangani Budi Santoso"):
        asked_back.close(Reason.RESOLVED, by=rina)


def test_a_user_refused_is_not_told_to_take_the_consultation(consultation, siti, budi):
    for person, words in ((siti, "pada keadaannya sekarang"), (budi, "Ambil")):
        with pytest.raises(WrongState, match=words):
            consultation.close(Reason.RESOLVED, by=person)
