"""Of several officers exactly one serves, and the others are told who."""

import pytest

from pst.consultations.models import Consultation, State
from pst.database import db
from pst.errors import WrongState


def test_nobody_claims_twice(consultation: Consultation, budi, rina):
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


def test_nobody_transfers_to_a_user(consultation, budi, dewi):
    consultation.claim(budi)

    with pytest.raises(WrongState, match="petugas aktif"):
        consultation.transfer(dewi, budi)


def test_a_queued_consultation_cannot_be_answered(consultation, budi):
    with pytest.raises(WrongState, match="Ambil konsultasi ini dahulu"):
        consultation.say(budi, "Halo")
