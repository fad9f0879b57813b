"""Who is warned of what is late, who explains it, and how what was owed ends."""

import pytest

from pst.consultations.jobs import warn_of_deadlines, warn_of_unclaimed
from pst.consultations.service_level.turns import End
from pst.consultations.states import LateReason, Next, Reason, State
from pst.database import db
from pst.rules import WrongState
from tests.owed import mailed


def test_what_is_overdue_is_no_longer_called_due_soon(consultation, budi, hasan, at):
    consultation.claim(budi)
    db.session.commit()
    at("2026-03-06 09:00+07:00")
    warn_of_deadlines()

    assert mailed("due_soon") == []
    assert mailed("overdue") == ["budi@contoh.test", "hasan@contoh.test"]


def test_no_one_is_warned_of_what_stands_still_or_is_answered(consultation, budi, at):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Wilayah mana?")
    db.session.commit()
    at("2026-03-05 09:00+07:00")
    warn_of_deadlines()
    assert mailed("due_soon") == []

    consultation.mark_clear(budi)
    consultation.say(budi, "31.000 jiwa.")
    db.session.commit()
    at("2026-03-12 09:00+07:00")
    warn_of_deadlines()
    assert mailed("due_soon") == mailed("overdue") == []


def test_the_head_hears_once_of_what_no_one_claimed(consultation, budi, at):
    at("2026-03-05 09:00+07:00")
    warn_of_unclaimed()
    warn_of_unclaimed()
    assert mailed("unclaimed") == ["hasan@contoh.test"]


def test_the_head_hears_nothing_of_what_was_claimed(consultation, budi, at):
    consultation.claim(budi)
    db.session.commit()
    at("2026-03-05 09:00+07:00")
    warn_of_unclaimed()

    assert mailed("unclaimed") == []


def test_a_late_turn_is_explained_and_a_later_one_not(consultation, budi, siti, at):
    consultation.claim(budi)
    at("2026-03-06 09:00+07:00")
    consultation.say(budi, "31.000 jiwa.")
    consultation.say(siti, "Menurut umur?")
    assert consultation.needs_explanation
    assert consultation.explained is None

    consultation.explain_delay(budi, LateReason.WORKLOAD, "Banyak permintaan.")

    assert not consultation.needs_explanation
    assert consultation.turn.late_reason is None
    assert consultation.explained is consultation.turns[0]
    assert consultation.explained.late_note == "Banyak permintaan."


def test_only_who_served_explains(consultation, budi, rina, at):
    consultation.claim(budi)
    at("2026-03-06 09:00+07:00")

    assert consultation.can_be_explained_by(budi)
    assert not consultation.can_be_explained_by(rina)
    with pytest.raises(WrongState):
        consultation.explain_delay(rina, LateReason.WORKLOAD)
    consultation.say(budi, "31.000 jiwa.")
    consultation.say(consultation.user, "Dan untuk tahun 2024?")
    assert consultation.can_be_explained_by(budi), "the earlier one was late"
    budi.active = False
    assert consultation.can_be_explained_by(rina)


@pytest.mark.parametrize(
    ("reason", "by_user", "end"),
    [
        (Reason.RESOLVED, False, End.UNANSWERED),
        (Reason.RESOLVED, True, End.WITHDRAWN),
        (Reason.NO_RESPONSE, False, End.SILENT),
    ],
)
def test_how_what_was_owed_ends_with_the_closing(
    consultation, budi, siti, reason, by_user, end
):
    consultation.claim(budi)
    consultation.close(reason, by=siti if by_user else budi, why="Sudah.")

    assert consultation.turn.end is end
    assert consultation.state is State.CLOSED


def test_an_erased_conversation_is_neither_rated_nor_reopened(
    consultation, budi, siti, hasan
):
    consultation.claim(budi)
    consultation.say(budi, "31.000 jiwa.")
    consultation.close(Reason.RESOLVED, by=budi)
    assert consultation.is_rateable
    assert consultation.can_be_reopened
    consultation.tell_user_at = consultation.asked_at

    consultation.erase(siti)

    assert not consultation.is_rateable
    assert not consultation.can_be_reopened
    assert not consultation.can_be_written_by_user
    assert consultation.tell_user_at is None
    for write in (
        lambda: consultation.note(budi, "Catatan"),
        lambda: consultation.note_silastik(budi, "12"),
    ):
        with pytest.raises(WrongState, match="dihapus"):
            write()


def test_the_latest_of_several_explanations_is_shown(consultation, budi, siti):
    consultation.claim(budi)
    for words in ("Menurut umur?", "Menurut desa?"):
        consultation.say(budi, "31.000 jiwa.", then=Next.DONE)
        consultation.say(siti, words)
    db.session.commit()
    first, second, _ = consultation.turns
    first.explain(LateReason.SYSTEM, None)
    second.explain(LateReason.COMPLEX, None)

    assert consultation.explained is second
