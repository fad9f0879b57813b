"""The service-level clock at the desk: undo, late reasons, starting again."""

import pytest

from pst.consultations.desk.worklist.worklist import Worklist
from pst.consultations.messages import Event
from pst.consultations.states import LateReason, Next, Reason, State
from pst.database import db
from pst.rules import WrongState


def test_asking_for_clarity_can_be_taken_back_by_who_did_it(consultation, budi, rina):
    consultation.claim(budi)
    clear_at, due_at = consultation.clear_at, consultation.due_at
    consultation.ask_clarity(budi, "Wilayah mana?")
    with pytest.raises(WrongState):
        consultation.undo_clock(rina)

    consultation.undo_clock(budi)

    assert (consultation.clear_at, consultation.due_at) == (clear_at, due_at)
    assert consultation.state is State.ACTIVE
    assert consultation.waiting_since is None
    with pytest.raises(WrongState):
        consultation.undo_clock(budi)


def test_what_another_did_is_not_offered_to_be_taken_back(consultation, budi, rina):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Wilayah mana?")
    assert consultation.undoable_by(budi) is not None

    consultation._give_to(rina)  # Nothing that could be taken back comes in between.

    assert consultation.undoable_by(rina) is None
    with pytest.raises(WrongState):
        consultation.undo_clock(rina)


def test_clear_can_be_taken_back(consultation, budi, at):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Wilayah mana?")
    since = consultation.waiting_since
    at("2026-03-03 09:00+07:00")
    consultation.mark_clear(budi)

    consultation.undo_clock(budi)

    assert consultation.due_at is None
    assert consultation.state is State.WAITING_USER
    assert consultation.waiting_since == since


def test_nothing_is_taken_back_once_the_user_has_answered(consultation, budi, siti):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Wilayah mana?")
    consultation.say(siti, "Wanadadi.")

    with pytest.raises(WrongState):
        consultation.undo_clock(budi)


def test_what_is_late_needs_a_reason_and_nothing_else_does(consultation, budi, at):
    consultation.claim(budi)
    at("2026-03-05 15:30+07:00")
    assert not consultation.needs_explanation

    at("2026-03-05 15:30:01+07:00")
    assert consultation.needs_explanation
    consultation.say(budi, "Terlambat, maaf.")
    assert consultation.needs_explanation

    consultation.explain_delay(budi, LateReason.OTHERS, "Menunggu provinsi")
    assert not consultation.needs_explanation


def test_what_the_clock_closed_late_is_explained_afterwards(
    consultation, budi, rina, siti, at
):
    consultation.claim(budi)
    at("2026-03-05 15:30:01+07:00")
    consultation.say(budi, "Terlambat, maaf.")
    consultation.close(Reason.RESOLVED, by=siti)
    db.session.commit()

    assert Worklist(budi).unexplained == 1
    assert Worklist(rina).unexplained == 0
    consultation.explain_delay(budi, LateReason.WORKLOAD)
    assert Worklist(budi).unexplained == 0


def test_what_was_never_answered_is_explained_too(consultation, budi, siti, at):
    consultation.claim(budi)
    at("2026-03-05 15:30:01+07:00")
    consultation.close(Reason.RESOLVED, by=siti)
    db.session.commit()

    assert consultation.can_be_explained_by(budi)
    assert Worklist(budi).unexplained == 1


def test_a_release_keeps_the_place_in_the_queue(consultation, budi):
    before = consultation.asked_at
    consultation.claim(budi)
    consultation.release(budi)

    assert consultation.state is State.QUEUED
    assert consultation.asked_at == before


def test_the_clock_starts_again_when_the_user_answers_from_the_queue(
    consultation, budi, siti, at
):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Wilayah mana?")
    consultation.release(budi)

    at("2026-03-04 10:00+07:00")
    consultation.say(siti, "Wanadadi.")

    assert consultation.state is State.QUEUED
    assert consultation.due_at.isoformat() == "2026-03-09T15:30:00+07:00"
    assert consultation.messages[-1].event is Event.CLEARED


def test_the_clock_starts_again_also_after_an_interim_word(
    consultation, budi, siti, at
):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Wilayah mana?")
    consultation.say(budi, "Sambil menunggu, kami siapkan.", then=Next.OFFICER)
    assert consultation.due_at is None

    at("2026-03-04 10:00+07:00")
    consultation.say(siti, "Wanadadi.")
    consultation.say(siti, "Semua desanya.")

    assert consultation.due_at.isoformat() == "2026-03-09T15:30:00+07:00"
    events = [message.event for message in consultation.messages]
    assert events.count(Event.CLEARED) == 1
