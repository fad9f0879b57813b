"""Who may do what with a conversation: reopen, merge, hand over, give back, read."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from pst.consultations import duty
from pst.consultations.conversation.thread import Thread
from pst.consultations.duty import DutyChange
from pst.consultations.hand_overs import HandOver
from pst.consultations.models import Consultation
from pst.consultations.queries import same_candidates
from pst.consultations.states import LateReason, Reason, State
from pst.database import db
from pst.rules import WrongState
from pst.web.access import Role
from tests.consultations.steps import ask, served

MONDAY = date(2026, 3, 2)


def test_only_its_officer_or_the_head_reopens(closed, budi, rina, hasan, andi, dewi):
    assert closed.can_be_reopened_by(budi)
    assert closed.can_be_reopened_by(hasan)
    for other in (rina, andi, dewi):
        assert not closed.can_be_reopened_by(other)
        with pytest.raises(WrongState, match="Budi Santoso"):
            closed.reopen(other)

    assert closed.state is State.CLOSED


def test_a_request_is_no_duplicate_of_another_users(consultation, budi, dewi):
    served(consultation, budi)
    other = ask(dewi)

    assert other not in same_candidates(consultation)
    with pytest.raises(WrongState, match="pengguna yang sama"):
        consultation.close(Reason.DUPLICATE, by=budi, same_as=other)
    assert consultation.is_open


def test_a_request_is_no_duplicate_of_what_was_not_served(consultation, budi, siti):
    served(consultation, budi)
    withdrawn, double, goes_on, answered = (ask(siti) for _ in range(4))
    withdrawn.withdraw(siti)
    served(double, budi).close(Reason.DUPLICATE, by=budi, same_as=goes_on)
    served(answered, budi).say(budi, "31.000 jiwa.")
    answered.close(Reason.RESOLVED, by=budi)
    db.session.commit()

    assert same_candidates(consultation) == [answered, goes_on]
    for other in (withdrawn, double, None, consultation):
        with pytest.raises(WrongState, match="pengguna yang sama"):
            consultation.close(Reason.DUPLICATE, by=budi, same_as=other)
    consultation.close(Reason.DUPLICATE, by=budi, same_as=goes_on)
    assert consultation.duplicate_of is goes_on


def test_erasing_takes_the_words_about_a_delay_and_leaves_its_reason(
    consultation, budi, siti, at
):
    served(consultation, budi)
    at("2026-03-06 09:00+07:00")
    consultation.explain_delay(budi, LateReason.WORKLOAD, "Ibu Siti sulit dihubungi.")
    consultation.say(budi, "31.000 jiwa.")
    consultation.say(siti, "Dan untuk tahun 2024?")
    db.session.commit()

    consultation.erase(siti)

    first = consultation.turns[0]
    assert first is not consultation.turn, "also what was said of an earlier request"
    assert (first.late_note, first.late_reason) == (None, LateReason.WORKLOAD)


def test_an_officer_who_asked_reads_no_notes_about_themselves(budi, rina, at):
    own = served(ask(budi), rina)
    own.note(rina, "Kakak Budi pernah bertanya hal yang sama.")

    assert not Thread(own, budi).shows_notes
    assert "Kakak" not in str([each.body for each in Thread(own, budi).messages])
    assert Thread(own, rina).shows_notes


@dataclass
class Leave:
    """Budi hands over what he serves to Rina, as he goes on leave."""

    hand_over: HandOver
    each: list[Consultation]


@pytest.fixture
def leave(consultation, siti, budi, rina) -> Leave:
    each = [served(consultation, budi), served(ask(siti), budi)]
    made = HandOver.make(budi, rina, each, budi, "Cuti")
    db.session.commit()
    return Leave(made, each)


def test_work_is_given_back_once(leave, budi, rina):
    assert leave.hand_over.give_back(rina) == 2

    assert not leave.hand_over.can_be_given_back_by(budi)
    with pytest.raises(WrongState):
        leave.hand_over.give_back(budi)
    assert [each.officer for each in leave.each] == [budi, budi]


def test_only_the_two_officers_and_the_head_give_back(leave, budi, hasan, andi):
    assert leave.hand_over.can_be_given_back_by(budi)
    assert leave.hand_over.can_be_given_back_by(hasan)
    assert not leave.hand_over.can_be_given_back_by(andi)


def test_nothing_is_given_back_to_one_who_has_left(leave, budi, rina):
    budi.active = False
    assert not leave.hand_over.can_be_given_back_by(rina)

    budi.active, budi.role = True, Role.HEAD
    assert not leave.hand_over.can_be_given_back_by(rina)


def test_what_the_colleague_closed_or_passed_on_is_not_given_back(
    leave, budi, rina, hasan
):
    first, second = leave.each
    first.say(rina, "31.000 jiwa.")
    first.close(Reason.RESOLVED, by=rina)
    second.release(rina)

    assert leave.hand_over.still_theirs == []
    assert leave.hand_over.give_back(rina) == 0
    assert (second.state, second.officer) == (State.QUEUED, None)


def test_a_colleagues_own_request_is_not_part_of_what_is_given_back(
    consultation, budi, rina
):
    own = served(ask(rina), budi)
    made = HandOver.make(budi, rina, [own, served(consultation, budi)], budi)
    db.session.commit()

    assert [item.consultation for item in made.items] == [consultation]


def test_a_request_in_the_queue_is_handed_to_no_one(consultation, rina, hasan):
    entries = consultation.newest_id
    consultation.hand_over(rina, hasan)

    assert (consultation.state, consultation.officer) == (State.QUEUED, None)
    assert consultation.newest_id == entries


def test_no_one_passes_work_to_a_colleague_who_has_left(consultation, budi, rina):
    served(consultation, budi)
    rina.active = False

    with pytest.raises(WrongState, match="petugas aktif"):
        consultation.transfer(rina, budi)
    assert consultation.officer is budi


def test_an_absence_of_a_year_is_the_longest(budi, hasan, at):
    year = timedelta(days=366)
    DutyChange.plan(budi, MONDAY, MONDAY + year, "tugas belajar", hasan)

    for first, last in (
        (MONDAY, MONDAY + year + timedelta(days=1)),
        (MONDAY, MONDAY - timedelta(days=1)),
    ):
        with pytest.raises(WrongState):
            DutyChange.plan(budi, first, last, "tugas belajar", hasan)


def test_who_has_left_is_on_no_list_of_duty(rina, budi, at):
    rina.active = False
    db.session.flush()

    assert [person.name for person, _ in duty.team_today()] == [budi.name]
    assert duty.on_duty() == [budi]
