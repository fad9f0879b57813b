"""Jobs look again at each consultation: what their list said may be over by then."""

import pytest

from pst import clock
from pst.consultations import jobs
from pst.consultations.models import Consultation
from pst.consultations.states import HoldReason
from pst.database import db
from tests.owed import mailed

HEAD = ["hasan@contoh.test"]


@pytest.fixture
def listed(consultation, monkeypatch):
    """Let a list of the jobs name this consultation twice, in any state."""

    def let(name: str) -> None:
        twice = [consultation.id, consultation.id]
        monkeypatch.setattr(jobs, name, lambda *_, **__: twice)
        db.session.commit()

    return let


def test_who_was_not_warned_is_warned_and_not_closed(consultation, budi, at):
    consultation.claim(budi)
    consultation.say(budi, "Tahun berapa?")
    db.session.commit()

    at("2026-03-09 09:00+07:00")
    jobs.close_silent()
    assert consultation.is_open and consultation.warned_at == clock.now()
    assert not consultation.is_closable_by_clock

    at("2026-03-10 09:00+07:00")
    jobs.close_silent()
    assert not consultation.is_open


def test_what_waits_without_a_warning_is_not_closed_by_the_clock(
    consultation, budi, at
):
    consultation.claim(budi)
    consultation.say(budi, "Tahun berapa?")

    at("2026-03-30 09:00+07:00")

    assert not consultation.is_closable_by_clock


def test_what_was_answered_since_is_no_breach_to_tell_of(
    consultation, budi, at, listed
):
    consultation.claim(budi)
    at("2026-03-06 09:00+07:00")
    consultation.say(budi, "31.000 jiwa.")
    listed("overdue_ids")

    jobs.warn_of_deadlines()

    assert mailed("overdue") == []


def test_a_breach_and_a_near_deadline_are_told_once(consultation, budi, at, listed):
    consultation.claim(budi)
    listed("due_soon_ids")
    at("2026-03-04 09:00+07:00")
    jobs.warn_of_deadlines()
    assert mailed("due_soon") == [budi.email]
    assert consultation.turn.due_warned_at == clock.now()

    listed("overdue_ids")
    at("2026-03-06 09:00+07:00")
    jobs.warn_of_deadlines()
    assert mailed("overdue") == [budi.email, *HEAD]
    assert consultation.turn.breach_told_at == clock.now()


def test_the_head_hears_once_and_only_of_what_still_waits(
    consultation, budi, at, listed
):
    listed("unclaimed_ids")
    at("2026-03-03 09:00+07:00")
    jobs.warn_of_unclaimed()
    assert mailed("unclaimed") == [], "not half of its time is over"
    at("2026-03-04 20:00+07:00")
    jobs.warn_of_unclaimed()
    assert mailed("unclaimed") == [], "no one is woken"

    at("2026-03-05 08:00+07:00")
    jobs.warn_of_unclaimed()
    assert mailed("unclaimed") == HEAD


def test_the_head_hears_nothing_of_what_was_taken_since(consultation, budi, at, listed):
    consultation.claim(budi)
    listed("unclaimed_ids")

    at("2026-03-05 08:00+07:00")
    jobs.warn_of_unclaimed()

    assert mailed("unclaimed") == []


def test_who_has_read_it_since_is_not_told(consultation, budi, siti, at, monkeypatch):
    consultation.claim(budi)
    answer = consultation.say(budi, "31.000 jiwa.")
    consultation.read(siti, answer.id)
    db.session.commit()
    stale = [(consultation.id, consultation.number)]
    monkeypatch.setattr(jobs, "to_be_told", lambda: stale)

    at("2026-03-02 09:10+07:00")
    jobs.tell_users()

    assert mailed("officer_answered") == []


def test_a_hold_tells_why_it_holds_now(consultation: Consultation, budi):
    consultation.claim(budi)
    consultation.say(budi, "Tahun berapa?")
    consultation.hold_closing(HoldReason.OWED)

    consultation.hold_closing(HoldReason.BOUNCED)

    assert consultation.closing_held is HoldReason.BOUNCED
