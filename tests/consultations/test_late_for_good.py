"""What is late stays late, with any button; a trick wins no time."""

from datetime import datetime

import pytest

from pst.accounts.users import User
from pst.consultations.hand_overs import HandOver
from pst.consultations.models import Consultation
from pst.consultations.service_level.turns import End
from pst.consultations.states import Category, LateReason, Next, Reason
from pst.database import db
from pst.reports.figures.period_figures import Figures
from pst.reports.periods import Period
from pst.rules import WrongState

LATE = "2026-03-06 09:00+07:00"  # the deadline was on Thursday at 15.30


@pytest.fixture
def late(consultation: Consultation, budi: User, at) -> Consultation:
    """Budi serves it, and its deadline has passed."""
    consultation.claim(budi)
    db.session.commit()
    at(LATE)
    return consultation


def to_and_fro(late: Consultation, budi: User, rina: User) -> None:
    HandOver.make(budi, rina, [late], budi, "Cuti").give_back(rina)


def ask_and_take_back(late: Consultation, budi: User, rina: User) -> None:
    late.ask_clarity(budi, "Wilayah mana?")
    late.undo_clock(budi)


def ask_again_and_clear(late: Consultation, budi: User, rina: User) -> None:
    late.ask_clarity(budi, "Wilayah mana?")
    late.ask_clarity(budi, "Kecamatan mana?")
    late.mark_clear(budi)


def release_while_asking(late: Consultation, budi: User, rina: User) -> None:
    late.ask_clarity(budi, "Wilayah mana?")
    late.release(budi)
    late.claim(rina)
    late.transfer(budi, rina)


def close_and_reopen(late: Consultation, budi: User, rina: User) -> None:
    late.close(Reason.RESOLVED, by=budi, why="Tidak ada.")
    late.reopen(budi)


def call_it_a_duplicate(late: Consultation, budi: User, rina: User) -> None:
    other = Consultation.ask(late.user, Category.DATA, "Lain", "Yang lain.")
    late.close(Reason.DUPLICATE, by=budi, same_as=other)


def interim_then_answer(late: Consultation, budi: User, rina: User) -> None:
    late.say(budi, "Mohon ditunggu.", then=Next.OFFICER)
    late.say(budi, "31.000 jiwa.", then=Next.DONE)


def note_and_explain(late: Consultation, budi: User, rina: User) -> None:
    late.note(budi, "Menunggu bidang.")
    late.explain_delay(budi, LateReason.WORKLOAD, "Ramai")


def mark_a_question_as_final(late: Consultation, budi: User, rina: User) -> None:
    message = late.ask_clarity(budi, "Wilayah mana?")
    late.mark(message, budi, final=True)


def erase(late: Consultation, budi: User, rina: User) -> None:
    late.erase(None)


def answer_after_closing(late: Consultation, budi: User, rina: User) -> None:
    late.close(Reason.RESOLVED, by=budi, why="Tidak ada.")
    late.reopen(budi)
    late.say(budi, "31.000 jiwa.", then=Next.USER)


PRESSES = [
    to_and_fro,
    ask_and_take_back,
    ask_again_and_clear,
    release_while_asking,
    close_and_reopen,
    call_it_a_duplicate,
    interim_then_answer,
    note_and_explain,
    mark_a_question_as_final,
    erase,
    answer_after_closing,
]


@pytest.mark.parametrize("press", PRESSES)
def test_no_press_makes_what_is_late_early(press, late, budi, rina, at):
    due_at = late.turn.due_at

    press(late, budi, rina)
    db.session.commit()
    at("2026-03-12 09:00+07:00")

    assert late.turn.is_late and late.turn.due_at == due_at
    service = Figures(Period.parse("2026-03")).frozen()["service"]["turns"]
    # The other request of the duplicate is late by now too.
    assert (
        service["within"] == 0
        and service["late"] == db.session.query(Consultation).count()
    )


def test_a_question_that_is_put_by_for_weeks_is_told(consultation, budi, rina, at):
    """A question stops the clock; given to the queue, nothing closes it. It shows."""
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Wilayah mana?")
    consultation.release(budi)
    db.session.commit()
    at("2026-03-30 09:00+07:00")
    consultation.claim(rina)
    consultation.say(rina, "31.000 jiwa.", then=Next.DONE)
    db.session.commit()

    clarity = Figures(Period.parse("2026-03")).frozen()["clarity"]

    assert (clarity["asked"], clarity["by_officer"], clarity["by_user"]) == (1, 1, 0)
    assert clarity["median"] > 8 * 10, "weeks of service hours, not days"


def test_what_was_called_a_duplicate_goes_on_when_the_user_objects(
    consultation, budi, siti, at
):
    other = Consultation.ask(siti, Category.DATA, "Lain", "Yang lain.")
    consultation.claim(budi)
    due_at = consultation.turn.due_at
    consultation.close(Reason.DUPLICATE, by=budi, same_as=other)
    assert consultation.turn.end is End.DUPLICATE
    at(LATE)

    consultation.say(siti, "Bukan, ini pertanyaan lain.")

    assert (consultation.turn_number, consultation.turn.due_at) == (1, due_at)
    assert consultation.turn.is_overdue


def test_an_officer_who_asks_after_the_answer_begins_no_clock(
    consultation, budi, siti, at
):
    """The answer stands; a question then shows among the endings."""
    consultation.claim(budi)
    consultation.say(budi, "31.000 jiwa.", then=Next.DONE)
    ended_at: datetime | None = consultation.turn.ended_at
    at(LATE)
    consultation.ask_clarity(budi, "Perlu tahun lain?")
    db.session.commit()

    assert consultation.turn.ended_at == ended_at
    endings = Figures(Period.parse("2026-03")).frozen()["endings"]
    assert endings["asked"]["count"] == 1
    with pytest.raises(WrongState):
        consultation.undo_clock(budi)
