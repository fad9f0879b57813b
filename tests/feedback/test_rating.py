"""Leaving and changing a rating."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pst.consultations.models import Consultation
from pst.consultations.states import Category, Reason
from pst.database import db
from pst.feedback.follow_ups.models import FollowUp
from pst.feedback.follow_ups.progress import Cause
from pst.feedback.jobs import remind_of_ratings
from pst.feedback.models import Rating
from pst.office.audit import AuditEntry
from pst.rules import WrongState
from tests.owed import mails


def test_a_rating_is_stored_with_its_moment(closed):
    rating = Rating.leave(closed, 4, "Cepat dan jelas.")
    db.session.commit()

    assert Rating.of(closed) is rating
    assert (rating.score, rating.changed_at, rating.follow_up) == (4, None, None)
    assert not mails("low_rating")


@pytest.mark.parametrize(("score", "opens"), [(1, True), (2, True), (3, False)])
def test_a_low_rating_opens_a_follow_up_and_owes_the_acknowledgement(
    closed, score, opens
):
    rating = Rating.leave(closed, score, "Jawabannya kurang.")
    db.session.commit()

    assert bool(rating.follow_up) == opens
    assert len(mails("low_rating")) == opens
    if opens:
        assert rating.follow_up.number == "TL-2026-000001"
        assert rating.follow_up.cause is Cause.LOW_RATING
        letter = mails("low_rating")[0]
        assert letter.to_address == "siti@contoh.test"
        assert "TL-2026-000001" in letter.body
        assert "5 Maret 2026 pukul 15.30 WIB" in letter.body


def test_a_low_rating_that_fails_leaves_nothing_behind(closed, monkeypatch):
    def break_down(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("pst.feedback.follow_ups.notices.OutboxMail.put", break_down)
    with pytest.raises(RuntimeError):
        Rating.leave(closed, 1)
    db.session.rollback()

    assert Rating.of(closed) is None
    assert db.session.scalar(sa.select(sa.func.count()).select_from(FollowUp)) == 0


def test_the_same_rating_twice_is_one(closed):
    Rating.leave(closed, 2, "Lambat.")
    db.session.commit()
    again = Rating.leave(closed, 2, "Lambat.")
    db.session.commit()

    assert again.changed_at is None
    assert len(mails("low_rating")) == 1


def test_a_rating_can_be_changed_for_seven_days(closed, at):
    Rating.leave(closed, 4)
    db.session.commit()

    at("2026-03-09 11:00+07:00")
    Rating.leave(closed, 5)
    db.session.commit()
    at("2026-03-09 11:00:01+07:00")
    with pytest.raises(WrongState, match="7 hari"):
        Rating.leave(closed, 1)

    assert Rating.of(closed).score == 5


def test_a_rating_made_low_opens_a_follow_up_once(closed):
    Rating.leave(closed, 4)
    Rating.leave(closed, 1, "Ternyata datanya salah.")
    rating = Rating.leave(closed, 5, "Sudah diperbaiki.")
    db.session.commit()

    assert rating.follow_up is not None
    assert len(mails("low_rating")) == 1
    steps = [entry.step.value for entry in rating.follow_up.entries]
    assert steps == ["opened", "rating_changed"]


def test_rating_is_open_for_thirty_days(closed, at):
    at("2026-04-01 11:00:01+07:00")
    with pytest.raises(WrongState, match="30 hari"):
        Rating.leave(closed, 4)

    at("2026-04-01 11:00+07:00")
    assert Rating.leave(closed, 4).score == 4


def test_an_open_consultation_is_not_rated(consultation: Consultation):
    with pytest.raises(WrongState, match="setelah konsultasi ditutup"):
        Rating.leave(consultation, 4)


def test_a_withdrawn_consultation_is_not_rated(consultation: Consultation, siti):
    consultation.withdraw(siti)

    assert consultation.reason is Reason.WITHDRAWN
    with pytest.raises(WrongState, match="dibatalkan"):
        Rating.leave(consultation, 4)


@pytest.fixture
def other(consultation, siti) -> Consultation:
    """Another consultation of Siti, of which the first may be a duplicate."""
    return Consultation.ask(siti, Category.DATA, "Penduduk", "Menurut umur.")


def test_a_duplicate_is_neither_rated_nor_reminded_of(consultation, other, budi, at):
    consultation.claim(budi)
    consultation.close(Reason.DUPLICATE, budi, same_as=other)
    db.session.commit()

    with pytest.raises(WrongState, match="permintaan lain"):
        Rating.leave(consultation, 4)
    at("2026-03-09 09:00+07:00")
    remind_of_ratings()
    assert not mails("rating_reminder")


def test_a_duplicate_that_is_none_opens_again(consultation, other, siti, budi):
    consultation.claim(budi)
    consultation.close(Reason.DUPLICATE, budi, same_as=other)
    assert other.duplicate_numbers == [consultation.number]

    consultation.say(siti, "Tahunnya berbeda.")

    assert consultation.is_open
    assert consultation.duplicate_of is None and other.duplicate_numbers == []


def test_after_a_new_closing_the_rating_can_be_changed_again(closed, siti, budi, at):
    Rating.leave(closed, 2)
    db.session.commit()
    at("2026-03-08 11:00+07:00")
    closed.say(siti, "Masih ada yang kurang.")
    with pytest.raises(WrongState):
        Rating.leave(closed, 5)
    at("2026-03-12 11:00+07:00")
    closed.say(budi, "Ini tabel lengkapnya.")
    closed.close(Reason.RESOLVED, budi)

    assert Rating.leave(closed, 5).score == 5


def test_the_database_knows_the_scale(closed):
    with pytest.raises(IntegrityError):
        Rating.leave(closed, 6)


def test_the_trail_tells_of_a_rating_without_its_words(closed):
    Rating.leave(closed, 2, "Rahasia saya")
    db.session.commit()
    trail = list(db.session.scalars(sa.select(AuditEntry).filter_by(action="rate")))

    assert [entry.detail for entry in trail] == [{"score": 2}]
