"""What was closed and is opened again: whose it is, and until when it is owed."""

from datetime import timedelta

import pytest

from pst.consultations.service_level.turns import End
from pst.consultations.states import Reason, State
from pst.database import db
from pst.rules import WrongState
from tests.owed import mails


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
