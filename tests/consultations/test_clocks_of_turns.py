"""What a turn's clock is set to by a question, its end, and what is taken back."""

import pytest

from pst import clock
from pst.consultations.messages import Event
from pst.consultations.service_level.clarity import ClearedBy
from pst.consultations.service_level.turns import End
from pst.consultations.states import LateReason, Next, Reason, State
from pst.office import days_off
from pst.rules import WrongState
from pst.web.access import Role

LATE = "2026-03-06 09:00+07:00"


def test_a_users_answer_is_clear_from_its_own_time(mine, budi, siti, at):
    mine.ask_clarity(budi, "Wilayah mana?")
    at("2026-03-04 10:00+07:00")
    mine.say(siti, "Wanadadi.")

    assert mine.clear_at == clock.now()
    [question] = mine.turn.clarities
    assert (question.ended_by, question.ended_at) == (ClearedBy.USER, clock.now())


def test_a_late_question_is_ended_by_the_answer_and_the_deadline_stays(
    mine, budi, siti, at
):
    due_at, clear_at = mine.due_at, mine.clear_at
    at(LATE)
    mine.ask_clarity(budi, "Wilayah mana?")
    mine.say(siti, "Wanadadi.")

    assert (mine.due_at, mine.clear_at) == (due_at, clear_at)
    assert mine.turn.question is None
    events = [each.event for each in mine.messages]
    assert Event.CLEARED not in events, "nothing became clear: it was so"


def test_a_question_taken_back_does_not_count_and_gives_back_a_clock(mine, budi, at):
    before = (mine.clear_at, mine.due_at)
    at("2026-03-03 09:00+07:00")
    mine.ask_clarity(budi, "Wilayah mana?")
    at("2026-03-04 09:00+07:00")
    mine.undo_clock(budi)

    assert (mine.clear_at, mine.due_at) == before
    [question] = mine.turn.clarities
    assert (question.ended_by, question.ended_at) == (ClearedBy.UNDONE, clock.now())


def test_a_late_question_is_taken_back_and_late_it_stays(mine, budi, at):
    before = (mine.clear_at, mine.due_at)
    at(LATE)
    mine.ask_clarity(budi, "Wilayah mana?")
    mine.undo_clock(budi)

    assert (mine.clear_at, mine.due_at) == before
    assert mine.state is State.ACTIVE


def test_what_is_taken_back_puts_the_warning_back_too(mine, budi, at):
    mine.say(budi, "Kami carikan.", then=Next.OFFICER)
    mine.ask_clarity(budi, "Wilayah mana?")
    at("2026-03-04 09:00+07:00")
    mine.warn_of_closing()
    since, warned_at = mine.waiting_since, mine.warned_at
    at("2026-03-04 10:00+07:00")
    mine.mark_clear(budi)
    assert (mine.waiting_since, mine.warned_at) == (None, None)
    mine.undo_clock(budi)

    assert (mine.waiting_since, mine.warned_at) == (since, warned_at)
    assert mine.state is State.WAITING_USER


def test_a_day_off_while_a_question_stands_takes_no_time_from_anyone(mine, budi, hasan):
    due_at = mine.due_at
    mine.ask_clarity(budi, "Wilayah mana?")
    days_off.take_off(due_at.date(), "Pemilihan", hasan.id)
    mine.mark_clear(budi)

    assert mine.due_at == due_at


def test_only_the_last_of_several_clears_is_taken_back(mine, budi):
    for words in ("Wilayah mana?", "Tahun berapa?"):
        mine.ask_clarity(budi, words)
        mine.mark_clear(budi)
    mine.undo_clock(budi)

    ends = [each.ended_by for each in mine.turn.clarities]
    assert ends == [ClearedBy.OFFICER, ClearedBy.UNDONE, None]


def test_a_message_of_ones_own_is_no_step_to_take_back(mine, budi):
    mine.ask_clarity(budi, "Wilayah mana?")
    mine.say(budi, "Maksud kami kecamatan.", then=Next.OFFICER)

    assert mine.undoable_by(budi) is None


def test_a_step_before_a_closing_is_not_taken_back_after_it(mine, budi):
    mine.ask_clarity(budi, "Wilayah mana?")
    mine.close(Reason.RESOLVED, by=budi, why="Tidak ada.")

    assert mine.undoable_by(budi) is None
    with pytest.raises(WrongState):
        mine.undo_clock(budi)


def test_a_claim_is_no_step_of_the_clock(mine, budi):
    assert mine.undoable_by(budi) is None


def test_what_is_late_and_asked_may_be_called_clear(mine, budi, at):
    at(LATE)
    assert not mine.can_be_called_clear
    mine.ask_clarity(budi, "Wilayah mana?")
    assert mine.is_clear and mine.can_be_called_clear

    mine.mark_clear(budi)

    assert not mine.can_be_called_clear
    with pytest.raises(WrongState, match="sudah jelas"):
        mine.mark_clear(budi)


def test_who_ended_a_turn_is_kept_with_it(mine, budi, siti):
    mine.say(budi, "31.000 jiwa.", then=Next.DONE)
    mine.say(siti, "Menurut umur?")
    mine.close(Reason.RESOLVED, by=siti)

    assert [(each.end, each.officer_id) for each in mine.turns] == [
        (End.ANSWERED, budi.id),
        (End.WITHDRAWN, siti.id),
    ]


def test_a_question_on_an_answered_turn_is_no_open_question(mine, budi):
    mine.ask_clarity(budi, "Wilayah mana?")
    mine.close(Reason.RESOLVED, by=budi, why="Tidak ada.")

    assert mine.due_at is None
    assert not mine.can_be_called_clear
    assert not mine.is_asking_user
    assert mine.is_clear


def test_who_closed_or_left_a_question_is_asking_no_one(mine, budi, siti):
    mine.say(budi, "31.000. Cukup?", then=Next.USER)
    assert mine.is_asking_user
    mine.close(Reason.RESOLVED, by=budi)

    assert mine.turn.end is End.ASKED
    assert not mine.is_asking_user


def test_what_one_turn_answered_stays_answered_in_the_next(mine, budi, siti):
    assert not mine.is_answered
    mine.say(budi, "31.000 jiwa.", then=Next.DONE)
    first_at = mine.answered_at
    mine.say(siti, "Menurut umur?")

    assert (mine.is_answered, mine.answered_at) == (True, first_at)
    assert len(mine.past) == 1


def test_no_answer_of_a_later_turn_is_the_first(mine, budi, siti, at):
    mine.close(Reason.RESOLVED, by=siti)
    mine.say(siti, "Masih perlu.")
    at("2026-03-03 09:00+07:00")
    mine.say(budi, "31.000 jiwa.", then=Next.DONE)

    assert mine.turn_number == 2
    assert (mine.is_answered, mine.answered_at) == (True, None)


@pytest.mark.parametrize("how", ["left", "other role", "queue"])
def test_a_colleague_explains_for_who_serves_here_no_more(
    mine, budi, rina, hasan, siti, at, how
):
    at(LATE)
    assert not mine.can_be_explained_by(rina)
    if how == "left":
        budi.active = False
    elif how == "other role":
        budi.role = Role.ADMIN
    else:
        mine.release(budi)

    assert mine.can_be_explained_by(rina)
    assert not mine.can_be_explained_by(hasan)
    assert not mine.can_be_explained_by(siti)


def test_nothing_in_time_is_asked_to_be_explained(mine, budi):
    assert not mine.can_be_explained_by(budi)


def test_a_reason_without_words_is_noted_without(mine, budi, at):
    at(LATE)
    mine.explain_delay(budi, LateReason.COMPLEX)
    assert mine.turn.late_note is None
    mine.explain_delay(budi, LateReason.COMPLEX, "Menunggu provinsi.")

    assert mine.turn.late_note == "Menunggu provinsi."
