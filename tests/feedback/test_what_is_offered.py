"""What the rating page offers its user: at its time, for a change, or no more."""

import pytest

from pst.consultations.models import Consultation
from pst.consultations.states import Reason
from pst.database import db
from pst.feedback.models import Need, Rating, is_asked_for
from pst.feedback.queries import Asking, closed_follow_ups


def standing(consultation: Consultation) -> set[str]:
    asking = Asking(consultation)
    questions = ("is_open", "is_early", "is_never_asked", "is_over", "asks_need")
    return {name for name in questions if getattr(asking, name)}


def test_before_the_end_it_is_too_early(consultation):
    assert standing(consultation) == {"is_early"}
    assert Asking(consultation).until is None


def test_after_the_end_it_is_open_for_thirty_days(closed, at):
    assert standing(closed) == {"is_open"}
    at("2026-04-01 11:00+07:00")
    assert standing(closed) == {"is_open"} and is_asked_for(closed)
    at("2026-04-01 11:00:01+07:00")
    assert standing(closed) == {"is_over"} and not is_asked_for(closed)


def test_what_was_taken_back_is_never_asked_about(consultation, siti):
    consultation.withdraw(siti)
    assert standing(consultation) == {"is_never_asked"}


def test_who_fell_silent_is_asked_whether_it_was_enough(consultation, budi, at):
    consultation.claim(budi)
    consultation.say(budi, "Tahun berapa?")
    consultation.close(Reason.NO_RESPONSE)
    assert standing(consultation) == {"is_open", "asks_need"}


def test_a_rating_of_the_last_day_can_still_be_changed(closed, at):
    at("2026-04-01 11:00+07:00")
    Rating.leave(closed, 4)
    at("2026-04-08 11:00+07:00")
    assert standing(closed) == {"is_open"}, "and it is not over"
    at("2026-04-08 11:00:01+07:00")
    assert standing(closed) == {"is_over"}


def test_while_it_goes_on_again_nothing_is_changed(closed, siti, at):
    Rating.leave(closed, 4)
    closed.say(siti, "Satu lagi: tahun 2020?")
    assert standing(closed) == {"is_early"}


def test_words_that_the_writer_had_not_seen_are_shown(closed, at):
    asking = Asking(closed)
    assert asking.version == "" and asking.unseen_words("Baru.", "") == ""
    Rating.leave(closed, 4, "Cepat.")
    first = Asking(closed).version
    assert first == Asking(closed).rating.rated_at.isoformat()
    at("2026-03-02 12:00+07:00")
    Rating.leave(closed, 4, "Cepat dan jelas.")

    now = Asking(closed)
    assert now.version == now.rating.changed_at.isoformat() != first
    assert now.unseen_words("Lain.", first) == "Cepat dan jelas."
    assert now.unseen_words("Cepat dan jelas.", first) == ""
    assert now.unseen_words("Lain.", now.version) == ""
    assert now.unseen_words("Lain.", None) == ""


def test_a_change_of_any_part_is_a_change(closed, at):
    rating = Rating.leave(closed, 4, "Cepat.", need=Need.PARTLY)
    for score, comment, need in (
        (5, "Cepat.", Need.PARTLY),
        (5, "Jelas.", Need.PARTLY),
        (5, "Jelas.", Need.MET),
    ):
        rating.changed_at = None
        Rating.leave(closed, score, comment, need=need)
        assert rating.changed_at is not None
        assert (rating.score, rating.comment, rating.need) == (score, comment, need)
    rating.changed_at = None
    Rating.leave(closed, 5, "Jelas.", need=Need.MET)
    assert rating.changed_at is None


@pytest.mark.parametrize(("score", "is_low"), [(2, True), (3, False)])
def test_two_and_less_is_low(closed, score, is_low):
    assert Rating.leave(closed, score).is_low is is_low


def test_closed_follow_ups_are_listed_latest_first(closed, siti, budi, andi, at):
    follow_up = Rating.leave(closed, 1, "Kurang.").follow_up
    follow_up.claim(budi)
    follow_up.write(budi, "Ini tabelnya.")
    follow_up.send(budi, follow_up.draft_key)
    db.session.flush()
    assert closed_follow_ups(budi, 1).items == []

    follow_up.close(budi, "Sudah.")
    db.session.flush()
    assert closed_follow_ups(budi, 1).items == [follow_up]
    assert closed_follow_ups(andi, 1).items == []
