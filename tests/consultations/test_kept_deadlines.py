"""What no later step may change: a deadline in force, an answer's moment."""

import pytest

from pst.consultations.messages import Event
from pst.consultations.models import Consultation
from pst.consultations.service_level.clarity import ClearedBy
from pst.consultations.service_level.deadline_shift import moves
from pst.consultations.service_level.turns import End
from pst.consultations.states import Category, Next, Reason
from pst.database import db
from pst.office import days_off
from pst.rules import WrongState
from pst.web.formats.formatting import moment

IN_TIME = "5 Maret 2026 pukul 15.30 WIB"


def test_a_second_answer_moves_neither_deadline_nor_moment(
    consultation, budi, rina, at
):
    consultation.claim(budi)
    consultation.say(budi, "31.000 jiwa.")
    at("2026-03-09 10:00+07:00")
    consultation.transfer(rina, budi)
    consultation.say(rina, "Dan 29.000 di Rakit.")

    turn = consultation.turn
    assert moment(turn.due_at) == IN_TIME
    assert moment(turn.ended_at) == "2 Maret 2026 pukul 09.00 WIB"
    assert turn.officer_id == budi.id
    assert not turn.is_late
    assert moment(consultation.answered_at) == "2 Maret 2026 pukul 09.00 WIB"


def test_more_words_of_the_user_give_no_new_deadline(consultation, budi, siti, at):
    consultation.claim(budi)
    at("2026-03-04 10:00+07:00")
    consultation.say(siti, "Menurut umur, ya.")

    assert consultation.turn_number == 1
    assert moment(consultation.due_at) == IN_TIME
    assert Event.CLEARED not in [each.event for each in consultation.messages]


def test_an_interim_word_ends_nothing(consultation, budi):
    consultation.claim(budi)
    consultation.say(budi, "Kami carikan.", then=Next.OFFICER)

    assert consultation.is_owed
    assert not consultation.is_answered


def test_reopening_by_the_office_owes_nothing_that_was_answered(
    consultation, budi, hasan, at
):
    consultation.claim(budi)
    consultation.say(budi, "31.000 jiwa.", then=Next.DONE)
    consultation.close(Reason.RESOLVED, by=budi)
    at("2026-03-04 10:00+07:00")
    consultation.reopen(hasan)

    assert not consultation.is_owed
    assert consultation.closed_at is None
    assert consultation.reason is None
    assert moment(consultation.answered_at) == "2 Maret 2026 pukul 09.00 WIB"


def test_reopening_what_was_owed_wins_no_time(consultation, budi, at):
    consultation.claim(budi)
    consultation.close(Reason.RESOLVED, by=budi, why="Tidak tersedia.")
    assert consultation.turn.end is End.UNANSWERED
    at("2026-03-04 10:00+07:00")
    consultation.reopen(budi)

    assert consultation.is_owed
    assert consultation.turn.officer_id is None
    assert moment(consultation.due_at) == IN_TIME


def test_a_reply_that_reopens_has_its_own_deadline(consultation, budi, siti, at):
    consultation.claim(budi)
    consultation.say(budi, "31.000 jiwa.", then=Next.DONE)
    consultation.close(Reason.RESOLVED, by=budi)
    at("2026-03-04 10:00+07:00")
    consultation.say(siti, "Menurut umur?")

    assert consultation.turn_number == 2
    assert moment(consultation.due_at) == "9 Maret 2026 pukul 15.30 WIB"
    assert moment(consultation.answered_at) == "2 Maret 2026 pukul 09.00 WIB"
    assert consultation.is_answered


def test_a_deadline_that_has_passed_is_not_moved(consultation, budi, hasan, at):
    consultation.claim(budi)
    due_at = consultation.due_at
    at("2026-03-06 09:00+07:00")
    consultation.turn.breach_told_at = consultation.asked_at

    with pytest.raises(WrongState):
        consultation.move_due(due_at.replace(day=9), hasan)
    consultation.turn.move(due_at.replace(day=9))

    assert consultation.turn.due_at == due_at
    assert consultation.turn.breach_told_at is not None


def test_an_answered_turn_is_not_moved(consultation, budi, hasan):
    consultation.claim(budi)
    due_at = consultation.due_at
    consultation.say(budi, "31.000 jiwa.")

    with pytest.raises(WrongState):
        consultation.move_due(due_at.replace(day=9), hasan)
    consultation.turn.move(due_at.replace(day=9))

    assert consultation.turn.due_at == due_at


def test_a_changed_calendar_moves_what_runs_and_nothing_else(
    consultation, budi, siti, hasan, at
):
    consultation.claim(budi)
    due_at = consultation.due_at
    answered = Consultation.ask(siti, Category.DATA, "IPM", "IPM 2025?")
    answered.claim(budi)
    answered.say(budi, "72,1.")
    db.session.commit()
    days_off.take_off(due_at.date(), "Pemilihan", hasan.id)
    assert [(each.number, each.due_at) for each in moves()] == [
        (consultation.number, due_at)
    ]
    assert moment(moves()[0].becomes) == "6 Maret 2026 pukul 16.00 WIB"

    at("2026-03-05 15:30:01+07:00")
    assert moves() == []  # what is late stays late
    at("2026-03-04 10:00+07:00")
    consultation.ask_clarity(budi, "Wilayah mana?")
    db.session.commit()
    assert moves() == []  # it stands still
    consultation.mark_clear(budi)
    db.session.commit()
    assert moves() == []  # it goes on with what was left
    consultation.say(budi, "31.000 jiwa.")
    db.session.commit()
    assert moves() == []


def test_a_step_of_another_is_not_taken_back(consultation, budi, rina):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Wilayah mana?")
    assert consultation.undoable_by(budi) is not None

    consultation.officer = rina  # as when it is handed over without an entry
    consultation.officer_id = rina.id

    assert consultation.undoable_by(rina) is None
    assert consultation.undoable_by(budi) is None


def test_clear_is_not_taken_back_once_it_is_late(consultation, budi, at):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Wilayah mana?")
    consultation.mark_clear(budi)
    assert consultation.undoable_by(budi) is not None

    at("2026-03-05 15:30:01+07:00")

    assert consultation.undoable_by(budi) is None


def test_an_officer_who_calls_it_clear_gives_back_the_clock_as_it_was(
    consultation, budi, at
):
    consultation.claim(budi)
    clear_at, due_at = consultation.clear_at, consultation.due_at
    at("2026-03-03 09:00+07:00")
    consultation.ask_clarity(budi, "Wilayah mana?")
    consultation.mark_clear(budi)

    assert (consultation.clear_at, consultation.due_at) == (clear_at, due_at)
    asked = consultation.turn.clarities[0]
    assert asked.ended_by is ClearedBy.OFFICER


def test_a_clear_that_is_taken_back_does_not_count_as_cleared(consultation, budi):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Wilayah mana?")
    consultation.mark_clear(budi)
    consultation.undo_clock(budi)

    ends = [asked.ended_by for asked in consultation.turn.clarities]
    assert ends == [ClearedBy.UNDONE, None]


def test_words_after_the_end_say_how_an_answer_is_meant_and_nothing_else(
    consultation, budi, siti, at
):
    consultation.claim(budi)
    consultation.say(budi, "31.000 jiwa.", then=Next.DONE)
    consultation.say(budi, "Tahun berapa lagi?", then=Next.USER)
    assert consultation.turn.end is End.ASKED
    consultation.turn.finish(End.UNANSWERED, consultation.asked_at)
    assert consultation.turn.end is End.ASKED

    other = Consultation.ask(siti, consultation.category, "Lain", "Lain.")
    other.withdraw(siti)
    other.turn.finish(End.ANSWERED, other.closed_at, budi)
    assert other.turn.end is End.WITHDRAWN


@pytest.mark.parametrize("reason", [Reason.NO_RESPONSE, Reason.DUPLICATE])
def test_what_the_office_ended_without_an_answer_is_owed_again_when_reopened(
    consultation, budi, siti, at, reason
):
    other = Consultation.ask(siti, consultation.category, "Lain", "Lain.")
    consultation.claim(budi)
    same_as = other if reason is Reason.DUPLICATE else None
    consultation.close(reason, by=budi, same_as=same_as)
    assert not consultation.is_owed
    at("2026-03-04 10:00+07:00")
    consultation.reopen(budi)

    assert consultation.is_owed
    assert consultation.duplicate_of is None
    assert moment(consultation.due_at) == IN_TIME
