"""Of several officers exactly one serves, and the others are told who."""

from datetime import date

import pytest

from pst.consultations.duty import DutyChange
from pst.consultations.models import Consultation
from pst.consultations.states import Category, State
from pst.database import db
from pst.rules import WrongState


def test_no_one_claims_twice(consultation: Consultation, budi, rina):
    consultation.claim(budi)

    with pytest.raises(WrongState, match="diambil Budi Santoso"):
        consultation.claim(rina)

    assert consultation.officer is budi


def test_claiming_again_changes_nothing(consultation: Consultation, budi):
    consultation.claim(budi)
    before = consultation.newest_id

    consultation.claim(budi)

    assert consultation.newest_id == before


def test_a_released_consultation_keeps_its_place(consultation, budi, dewi, at):
    at("2026-03-02 10:00+07:00")
    later = Consultation.ask(dewi, consultation.category, "Lain", "Yang lain.")
    consultation.claim(budi)

    consultation.release(budi)
    db.session.commit()

    assert consultation.state is State.QUEUED
    assert consultation.officer is None
    assert consultation.asked_at < later.asked_at


def test_only_its_officer_transfers_it(consultation, budi, rina):
    consultation.claim(budi)

    with pytest.raises(WrongState, match="ditangani Budi"):
        consultation.transfer(budi, rina)
    consultation.transfer(rina, budi, "Rina lebih tahu.")

    assert consultation.officer is rina


def test_no_one_transfers_to_a_user(consultation, budi, dewi):
    consultation.claim(budi)

    with pytest.raises(WrongState, match="petugas aktif"):
        consultation.transfer(dewi, budi)


def test_a_queued_consultation_cannot_be_answered(consultation, budi):
    with pytest.raises(WrongState, match="Ambil konsultasi ini dahulu"):
        consultation.say(budi, "Halo")


@pytest.fixture
def own(at, budi, siti) -> Consultation:
    """What Budi, an officer, asked himself."""
    consultation = Consultation.ask(
        budi, Category.DATA, "Untuk skripsi saya", "Data PDRB."
    )
    db.session.commit()
    return consultation


def test_no_one_serves_what_they_asked_themselves(own, budi, rina):
    assert not own.can_be_claimed_by(budi)
    with pytest.raises(WrongState, match="diajukan Budi Santoso sendiri"):
        own.claim(budi)

    own.claim(rina)
    with pytest.raises(WrongState, match="diajukan Budi Santoso sendiri"):
        own.transfer(budi, rina)

    assert own.officer is rina


def test_no_one_takes_over_what_they_asked_themselves(own, budi, rina):
    own.claim(rina)
    on = date(2026, 3, 2)
    DutyChange.plan(rina, on, on, "cuti", by=rina)

    assert not own.can_be_taken_over_by(budi)
    with pytest.raises(WrongState, match="diajukan Budi Santoso sendiri"):
        own.take_over(budi)


def test_all_work_handed_to_a_colleague_leaves_out_what_that_one_asked(
    own, consultation, budi, rina
):
    own.claim(rina)
    consultation.claim(rina)

    for each in (own, consultation):
        each.hand_over(budi, rina)

    assert consultation.officer is budi
    assert (own.state, own.officer) == (State.QUEUED, None)
