"""To whom a consultation comes back, who may open it again, and what never is.

Also what an end leaves behind, and what may be taken back before it.
"""

import pytest
import sqlalchemy as sa

from pst.consultations.messages import Event, Message
from pst.consultations.models import Consultation
from pst.consultations.states import Category, HoldReason, Reason, State
from pst.database import db
from pst.rules import WrongState
from pst.web.access import Role


def reopenings() -> list[dict[str, str]]:
    events = sa.select(Message).filter_by(event=Event.REOPENED).order_by(Message.id)
    return [event.data for event in db.session.scalars(events)]


@pytest.mark.parametrize("how", ["leaves", "becomes an admin"])
def test_it_comes_back_to_the_queue_when_its_officer_serves_no_more(
    closed, budi, siti, andi, how
):
    if how == "leaves":
        budi.deactivate(andi)
    else:
        budi.change_role(Role.ADMIN, by=andi)

    closed.say(siti, "Menurut umur?")

    assert (closed.state, closed.officer) == (State.QUEUED, None)


def test_the_conversation_tells_which_of_the_office_opened_it(
    closed, budi, siti, hasan
):
    closed.say(siti, "Menurut umur?")
    closed.close(Reason.RESOLVED, by=budi)
    closed.reopen(hasan)

    assert reopenings() == [{}, {"officer": hasan.name}]


def test_a_second_press_changes_nothing_and_a_colleagues_is_refused(
    closed, budi, rina, hasan
):
    closed.reopen(budi)
    closed.reopen(budi)
    closed.reopen(hasan)
    assert len(reopenings()) == 1

    with pytest.raises(WrongState, match="sedang berjalan"):
        closed.reopen(rina)


def test_what_its_user_took_back_is_not_opened_by_a_word(consultation, siti, hasan):
    consultation.withdraw(siti)
    assert not consultation.can_be_written_by_user

    with pytest.raises(WrongState, match="konsultasi lanjutan"):
        consultation.say(siti, "Ternyata masih perlu.")
    with pytest.raises(WrongState, match="tidak dapat dibuka kembali"):
        consultation.reopen(hasan)


@pytest.mark.parametrize(
    ("code", "kept"), [("3304080003", "3304080"), ("3304", "3304"), (None, None)]
)
def test_an_erased_request_is_counted_for_its_kecamatan(consultation, code, kept):
    consultation.area_code = code

    consultation.erase(by=None)

    assert consultation.area_code == kept
    assert consultation.reason is Reason.WITHDRAWN
    assert not consultation.is_open


def test_what_is_closed_waits_for_no_one(consultation, budi, at):
    consultation.claim(budi)
    consultation.say(budi, "Tahun berapa?")
    at("2026-03-04 09:00+07:00")
    consultation.warn_of_closing()
    consultation.hold_closing(HoldReason.OWED)

    consultation.close(Reason.RESOLVED, by=budi)

    assert consultation.waiting_since is None
    assert consultation.warned_at is None
    assert consultation.closing_held is None
    assert consultation.tell_user_at is None


def test_words_are_asked_for_only_where_an_answer_is_owed(closed, dewi, budi):
    consultation = Consultation.ask(dewi, Category.DATA, "IPM", "IPM 2025?")
    consultation.claim(budi)

    assert consultation.needs_words_to_close(Reason.RESOLVED)
    assert not consultation.needs_words_to_close(Reason.DUPLICATE)
    assert not closed.needs_words_to_close(Reason.RESOLVED)


def test_a_note_does_not_keep_a_question_from_being_taken_back(
    consultation, budi, rina
):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Menurut desa?")
    event = consultation.undoable_by(budi)
    consultation.note(rina, "Sudah jelas menurut saya.")

    assert consultation.undoable_by(budi) is event
    consultation.undo_clock(budi)
    assert consultation.is_clear


@pytest.mark.parametrize("is_late", [False, True])
def test_the_conversation_tells_whether_a_question_stopped_a_clock(
    consultation, budi, at, is_late
):
    consultation.claim(budi)
    at("2026-03-06 09:00+07:00" if is_late else "2026-03-03 09:00+07:00")
    consultation.ask_clarity(budi, "Menurut desa?")

    query = sa.select(Message).filter_by(event=Event.CLARITY_ASKED)
    assert db.session.scalars(query).one().data["is_late"] is is_late
