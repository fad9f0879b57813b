"""Three working days after the request is clear, and the mails about it."""

from datetime import datetime

import pytest

from pst.consultations.jobs import warn_of_deadlines
from pst.consultations.service_level import deadlines
from pst.database import db
from pst.outbox.models import OutboxMail


def due(text: str) -> str:
    return deadlines.due_at(datetime.fromisoformat(text)).isoformat()[:16]


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("clear", "expected"),
    [
        ("2026-11-27T10:00+07:00", "2026-12-02T15:30"),  # Friday → Wednesday
        ("2026-11-23T23:59+07:00", "2026-11-26T15:30"),  # the local day counts
        ("2026-11-28T10:00+07:00", "2026-12-02T15:30"),  # Saturday → Wednesday
        ("2026-11-24T10:00+07:00", "2026-11-27T16:00"),  # Friday has its own hours
        ("2026-03-17T10:00+07:00", "2026-03-27T16:00"),  # Nyepi and Lebaran
        ("2026-12-23T10:00+07:00", "2026-12-30T15:30"),  # Christmas and its leave
    ],
)
def test_due_is_the_end_of_the_third_working_day(clear: str, expected: str):
    assert due(clear) == expected


def test_asking_for_clarity_stops_the_clock_until_the_answer(
    consultation, budi, siti, at
):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Wilayah mana yang Anda maksud?")
    assert consultation.due_at is None
    assert consultation.answered_at is None

    at("2026-03-04 10:00+07:00")
    consultation.say(siti, "Kecamatan Wanadadi.")

    assert consultation.due_at is not None
    assert consultation.due_at.isoformat()[:10] == "2026-03-09"


def test_the_first_answer_is_measured_once(consultation, budi, at):
    consultation.claim(budi)
    at("2026-03-03 10:00+07:00")
    consultation.say(budi, "Jawaban pertama.")
    first = consultation.answered_at

    at("2026-03-04 10:00+07:00")
    consultation.say(budi, "Tambahan.")

    assert consultation.answered_at == first


def test_the_officer_is_told_a_day_before_and_the_head_at_breach(
    consultation, budi, hasan, at
):
    consultation.claim(budi)
    db.session.commit()
    due_at = consultation.due_at
    assert due_at is not None and due_at.isoformat()[:10] == "2026-03-05"

    at("2026-03-03 09:00+07:00")
    warn_of_deadlines()
    assert recipients("due_soon") == []

    at("2026-03-04 09:00+07:00")
    warn_of_deadlines()
    warn_of_deadlines()
    assert recipients("due_soon") == ["budi@contoh.test"]

    at("2026-03-05 15:30:01+07:00")
    warn_of_deadlines()
    assert recipients("overdue") == [], "the office has closed"

    at("2026-03-06 08:00+07:00")
    warn_of_deadlines()
    warn_of_deadlines()
    assert recipients("overdue") == ["budi@contoh.test", "hasan@contoh.test"]


def recipients(kind: str) -> list[str]:
    found = db.session.query(OutboxMail).filter_by(kind=kind)
    return sorted(letter.to_address for letter in found)
