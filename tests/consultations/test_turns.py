"""Turns: what begins and ends them, case by case."""

import pytest

from pst.consultations.answers import interim
from pst.consultations.desk.worklist.sections import Section
from pst.consultations.desk.worklist.worklist import Worklist
from pst.consultations.jobs import close_silent, warn_of_deadlines, warn_silent
from pst.consultations.service_level.turns import End
from pst.consultations.states import Next, Reason, State
from pst.database import db
from pst.outbox.models import OutboxMail
from tests.owed import mailed


def test_what_the_user_writes_after_an_answer_has_a_clock_of_its_own(
    consultation, budi, siti, hasan, at
):
    consultation.claim(budi)
    consultation.say(budi, "Jumlahnya 31.000 jiwa.", then=Next.DONE)
    at("2026-03-09 10:00+07:00")  # Long after the deadline of the first turn.
    consultation.say(siti, "Kalau tahun 2024?")
    db.session.commit()

    warn_of_deadlines()

    assert not consultation.needs_explanation
    assert consultation.due_at.isoformat() == "2026-03-12T08:30:00+00:00"
    assert mailed("overdue") == []
    consultation.say(budi, "30.500 jiwa.", then=Next.DONE)
    assert [turn.is_late for turn in consultation.turns] == [False, False]


@pytest.mark.parametrize("closes", [False, True])
def test_thanks_begin_nothing_in_any_state(consultation, budi, siti, closes, at):
    consultation.claim(budi)
    consultation.say(budi, "Jumlahnya 31.000 jiwa.", then=Next.DONE)
    if closes:
        consultation.close(Reason.RESOLVED, by=budi)
    at("2026-03-06 10:00+07:00")
    state = consultation.state

    consultation.say(siti, "Terima kasih banyak.")

    assert consultation.state is state
    assert (len(consultation.turns), consultation.is_owed) == (1, False)


def test_baik_answers_a_question_and_thanks_do_not(consultation, budi, siti):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Boleh menurut kecamatan saja?")
    consultation.say(siti, "Terima kasih.")
    assert consultation.due_at is None

    consultation.say(siti, "Baik.")

    assert consultation.due_at is not None
    assert consultation.state is State.ACTIVE


def test_what_is_late_stays_late_when_clarity_is_asked_for(consultation, budi, at):
    consultation.claim(budi)
    due_at = consultation.due_at
    at("2026-03-06 09:00+07:00")
    consultation.ask_clarity(budi, "Wilayah mana?")
    assert consultation.due_at == due_at
    consultation.mark_clear(budi)
    db.session.commit()

    assert consultation.due_at == due_at and consultation.is_overdue
    [row] = Worklist(budi).rows(Section.OVERDUE)
    assert row.number == consultation.number


def test_a_question_wins_an_officer_no_minute(consultation, budi, at):
    consultation.claim(budi)
    due_at = consultation.due_at
    at("2026-03-05 15:00+07:00")  # Half an hour is left.
    consultation.ask_clarity(budi, "Wilayah mana?")
    consultation.mark_clear(budi)
    assert consultation.due_at == due_at

    consultation.ask_clarity(budi, "Wilayah mana?")
    at("2026-03-09 09:00+07:00")
    consultation.mark_clear(budi)

    assert consultation.due_at.isoformat() == "2026-03-09T02:30:00+00:00"


def test_taking_back_a_repeated_question_leaves_the_first_one(
    consultation, budi, siti, at
):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Wilayah mana?")
    at("2026-03-03 09:00+07:00")
    consultation.ask_clarity(budi, "Kecamatan mana?")

    consultation.undo_clock(budi)

    assert (consultation.state, consultation.due_at) == (State.WAITING_USER, None)
    [question] = consultation.turn.clarities
    assert question.ended_at is None
    consultation.say(siti, "Wanadadi.")
    assert consultation.due_at.isoformat() == "2026-03-06T16:00:00+07:00"


def test_thanks_leave_a_late_question_standing_in_the_queue(
    consultation, budi, siti, at
):
    consultation.claim(budi)
    at("2026-03-06 09:00+07:00")
    consultation.ask_clarity(budi, "Wilayah mana?")
    consultation.release(budi)

    consultation.say(siti, "Terima kasih banyak.")

    assert consultation.is_asking_user and consultation.turn.question is not None


def test_interim_words_are_no_answer(consultation, budi, siti, at):
    consultation.claim(budi)
    consultation.say(budi, "Baik, mohon ditunggu.", then=Next.OFFICER)
    db.session.commit()

    assert consultation.answered_at is None and consultation.is_owed
    assert Worklist(budi).count(Section.TO_ANSWER) == 1
    at("2026-03-06 09:00+07:00")
    warn_of_deadlines()
    assert mailed("overdue") == ["budi@contoh.test", "hasan@contoh.test"]
    assert Worklist(budi).count(Section.OVERDUE) == 1


def test_a_breach_is_mailed_once_a_turn(consultation, budi, siti, at):
    consultation.claim(budi)
    for moment in ("2026-03-06 09:00+07:00", "2026-03-06 10:00+07:00"):
        at(moment)
        warn_of_deadlines()
    assert len(mailed("overdue")) == 2

    consultation.say(budi, "Maaf terlambat: 31.000.", then=Next.DONE)
    consultation.say(siti, "Dan tahun 2024?")
    db.session.commit()
    at("2026-03-12 09:00+07:00")
    warn_of_deadlines()

    assert len(mailed("overdue")) == 4


def test_only_a_question_left_unanswered_is_closed_as_silence(
    consultation, budi, siti, at
):
    consultation.claim(budi)
    consultation.say(budi, "Jumlahnya 31.000 jiwa.", then=Next.DONE)
    db.session.commit()
    assert not consultation.is_asking_user

    at("2026-03-04 09:00+07:00")
    warn_silent()
    at("2026-03-05 09:00+07:00")
    close_silent()

    assert consultation.reason is Reason.RESOLVED
    assert mailed("closed_no_response") == []
    assert mailed("closed_resolved") == ["siti@contoh.test"]
    [warning] = db.session.query(OutboxMail).filter_by(kind="closing_warning")
    assert "sudah dijawab" in warning.body


def test_closing_without_an_answer_is_its_own_end(consultation, budi, siti):
    consultation.claim(budi)
    consultation.close(Reason.RESOLVED, by=budi, why="Bukan statistik.")
    assert consultation.turn.end is End.UNANSWERED

    consultation.say(siti, "Masih perlu.")

    assert (consultation.turn.number, consultation.turn.end) == (1, None)


@pytest.mark.parametrize(
    "words",
    [
        *("Mohon tunggu", "mohon ditunggu ya", "Sedang kami carikan."),
        *("Datanya menyusul.", "Segera kami kirim", "Harap bersabar, Bu."),
    ],
)
def test_words_that_ask_for_patience_propose_the_officer(words):
    assert interim.proposed(words) is Next.OFFICER


@pytest.mark.parametrize(
    ("words", "then"),
    [("Jumlahnya 31.000 jiwa.", Next.DONE), ("Tahun berapa?", Next.USER)],
)
def test_other_words_propose_another(words, then):
    assert interim.proposed(words) is then
