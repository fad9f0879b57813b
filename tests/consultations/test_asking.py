"""Filing a request: verified people only, numbers in sequence, never twice."""

import pytest

from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.consultations.queries import QueuePlace
from pst.consultations.states import Category, State
from pst.database import db
from pst.outbox.models import OutboxMail
from pst.rules import WrongState


def ask(user: User, **options: object) -> Consultation:
    consultation = Consultation.ask(
        user, Category.METADATA, "IPM", "Apa itu IPM?", **options
    )
    db.session.commit()
    return consultation


def test_numbers_run_on_within_the_year_and_begin_again(siti, at):
    first, second = ask(siti), ask(siti)
    at("2027-01-04 09:00+07:00")
    third = ask(siti)

    assert [c.number for c in (first, second, third)] == [
        "KS-2026-000001",
        "KS-2026-000002",
        "KS-2027-000001",
    ]


def test_the_year_is_the_offices(siti, at):
    at("2026-12-31 18:00+00:00")  # already 1 January in Banjarnegara

    assert ask(siti).number == "KS-2027-000001"


def test_a_repeat_finds_what_was_filed(siti, at):
    first = ask(siti, key="k")
    again = ask(siti, key="k")

    assert again is first
    assert db.session.query(OutboxMail).filter_by(kind="request_received").count() == 1


def test_an_unverified_person_cannot_ask(siti, at):
    siti.verified_at = None

    with pytest.raises(WrongState, match="Verifikasi email"):
        ask(siti)


def test_the_queue_tells_who_is_ahead(siti, dewi, budi, at):
    first = ask(siti)
    at("2026-03-02 09:05+07:00")
    second = ask(dewi)

    assert QueuePlace(second).position == 2
    first.claim(budi)
    db.session.commit()
    assert QueuePlace(second).position == 1
    assert first.state is State.ACTIVE
