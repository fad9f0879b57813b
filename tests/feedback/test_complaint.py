"""Words that sound like a complaint."""

import pytest

from pst.feedback.complaint import words_in, words_of
from pst.feedback.follow_ups.progress import Cause
from pst.feedback.models import Rating
from pst.rules import WrongState

WORDS = ["kasar", "lama sekali", "kecewa"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Petugasnya KASAR!", ["kasar"]),
        ("Lama  sekali.", ["lama sekali"]),
        ("kasarnya bukan main; kecewa", ["kasar", "kecewa"]),
        ("Kasarkah? Mengapa kecewanya begitu?", ["kasar", "kecewa"]),
        ("Selama ini baik.", []),
        ("Kasaran", []),
        ("", []),
    ],
)
def test_words_are_found_whole(text, words):
    assert words_in(text, WORDS) == words


def test_a_low_rating_is_followed_up_and_needs_no_review(closed, budi):
    rating = Rating.leave(closed, 1, "Saya mengadu: lambat.")
    assert rating.suspected and not rating.to_review

    with pytest.raises(WrongState, match="sudah ditinjau"):
        rating.dismiss(budi)
    rating.erase()
    assert (rating.comment, rating.suspected) == ("", [])


def test_the_setting_is_read_between_commas():
    assert words_of(" kasar, lama sekali,,\nkecewa ") == WORDS


def test_a_complaint_is_one_only_when_an_officer_says_so(closed, budi):
    rating = Rating.leave(closed, 4, "Baik, tetapi lambat.")
    assert rating.to_review
    assert rating.follow_up is None

    follow_up = rating.open_follow_up(budi)

    assert follow_up.cause is Cause.COMPLAINT
    assert rating.reviewed_by is budi
    assert not rating.to_review


def test_no_complaint_after_all(closed, budi):
    rating = Rating.leave(closed, 4, "Sama sekali tidak lambat.")
    rating.dismiss(budi)

    assert not rating.to_review
    with pytest.raises(WrongState):
        rating.dismiss(budi)
    assert rating.open_follow_up(budi).cause is Cause.OFFICER


def test_new_words_are_looked_at_again(closed, budi):
    rating = Rating.leave(closed, 4, "Tidak lambat.")
    rating.dismiss(budi)
    Rating.leave(closed, 4, "Tidak lambat, tetapi kasar.")

    assert rating.to_review
    assert (rating.reviewed_at, rating.reviewed_by) == (None, None)


def test_the_same_words_are_not_looked_at_twice(closed, budi):
    rating = Rating.leave(closed, 4, "Saya mengadu: terlambat.")
    assert rating.to_review
    rating.dismiss(budi)

    Rating.leave(closed, 5, "Saya mengadu: terlambat, tetapi baik.")

    assert not rating.to_review
    assert rating.reviewed_by is budi
    with pytest.raises(WrongState):
        rating.dismiss(budi)


def test_what_is_followed_up_is_not_put_up_for_review(closed):
    rating = Rating.leave(closed, 1, "Kurang.")
    Rating.leave(closed, 2, "Saya mengadu: terlambat.")

    assert rating.suspected
    assert not rating.to_review


def test_a_change_has_its_moment_and_the_first_keeps_its_own(closed, at):
    rating = Rating.leave(closed, 5, "Baik.")
    first = rating.rated_at
    assert rating.changed_at is None
    at("2026-03-03 09:00+07:00")
    Rating.leave(closed, 4, "Cukup baik.")

    assert rating.rated_at == first
    assert rating.changed_at > first
