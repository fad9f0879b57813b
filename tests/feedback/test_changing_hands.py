"""A follow-up that changes hands, or is written to again, keeps what was done."""

import pytest

from pst.database import db
from pst.feedback.follow_ups import files
from pst.feedback.follow_ups.entries import FollowUpEntry
from pst.feedback.follow_ups.files import FollowUpFile
from pst.feedback.follow_ups.models import FollowUp
from pst.feedback.follow_ups.progress import Progress
from pst.feedback.models import Rating
from pst.office import settings
from pst.rules import WrongState
from pst.web.access import Role
from tests.owed import mailed


@pytest.fixture
def follow_up(closed, budi) -> FollowUp:
    """Opened by Siti's low rating, and taken by Budi."""
    row = Rating.leave(closed, 1, "Tidak lengkap.").follow_up
    row.claim(budi)
    db.session.commit()
    return row


def send(follow_up: FollowUp, officer, text: str = "Ini tabelnya.") -> FollowUpEntry:
    follow_up.write(officer, text)
    entry = follow_up.send(officer, follow_up.draft_key)
    db.session.commit()
    return entry


def test_nothing_is_handed_to_a_colleague_who_has_left(follow_up, budi, rina, andi):
    rina.deactivate(andi)

    with pytest.raises(WrongState, match="petugas lain"):
        follow_up.hand_over(rina, budi)
    with pytest.raises(WrongState, match="petugas lain"):
        follow_up.pass_on(rina, andi)
    assert follow_up.owner is budi


@pytest.mark.parametrize("how", ["leaves", "becomes an admin"])
def test_a_colleague_takes_what_one_who_serves_no_more_had(
    follow_up, budi, rina, andi, how
):
    assert not follow_up.can_be_claimed_by(rina)
    if how == "leaves":
        budi.deactivate(andi)
    else:
        budi.change_role(Role.ADMIN, by=andi)

    follow_up.claim(rina)

    assert follow_up.owner is rina


def test_what_was_closed_is_taken_by_no_one(follow_up, budi, rina, andi):
    send(follow_up, budi)
    follow_up.close(budi, "Sudah.")
    budi.deactivate(andi)

    with pytest.raises(WrongState, match="ditutup"):
        follow_up.claim(rina)


def test_what_went_with_a_letter_does_not_go_with_the_next(follow_up, budi, at):
    content = {"type": "text/csv", "size": 3, "content": b"a,b"}
    db.session.add(FollowUpFile(follow_up_id=follow_up.id, name="a.csv", **content))
    db.session.flush()
    assert send(follow_up, budi).data == {"files": ["a.csv"]}
    assert (follow_up.draft, follow_up.draft_at) == ("", None)
    assert files.files_of(follow_up.id) == []

    at("2026-03-03 09:00+07:00")
    entry = send(follow_up, budi, "Satu lagi.")

    assert "files" not in entry.data
    assert entry.mail.files == []


def test_who_proposed_it_last_is_who_does_not_confirm(follow_up, budi, rina, hasan):
    settings.change({"follow_up_second_person": True})
    send(follow_up, budi)
    follow_up.close(budi, "Sudah dikirim.")
    follow_up.send_back(hasan, "Tabelnya salah.")
    follow_up.hand_over(rina, budi)
    follow_up.close(rina, "Tabel yang benar sudah dikirim.")

    assert not follow_up.can_be_confirmed_by(rina)
    follow_up.confirm(budi)

    assert (follow_up.resolved_by, follow_up.closed_by) == (rina, budi)
    assert follow_up.resolution == "Tabel yang benar sudah dikirim."


def test_what_its_officer_did_since_does_not_keep_it_open(follow_up, budi):
    newest = follow_up.newest_id
    send(follow_up, budi)

    follow_up.close(budi, "Sudah.", seen=newest)

    assert follow_up.is_closed


def test_a_rating_made_still_lower_moves_nothing_that_is_open(follow_up, closed, budi):
    settings.change({"low_rating": 3})
    send(follow_up, budi)
    before = (follow_up.due_at, follow_up.answered_at)
    rating = follow_up.rating

    rating.leave(closed, 2, "Masih kurang.")

    assert follow_up.progress is Progress.SENT
    assert (follow_up.due_at, follow_up.answered_at) == before


def test_a_breach_after_an_answer_is_told_again_and_none_before_its_time(
    follow_up, budi, hasan, at
):
    at("2026-03-05 15:30+07:00")
    follow_up.tell_of_breach()
    assert mailed("follow_up_overdue") == []
    at("2026-03-06 09:00+07:00")
    follow_up.tell_of_breach()
    assert mailed("follow_up_overdue") == [budi.email, hasan.email]

    send(follow_up, budi)
    follow_up.answer("Masih kurang.")
    at("2026-03-12 09:00+07:00")
    follow_up.tell_of_breach()

    assert mailed("follow_up_overdue") == [*[budi.email] * 2, *[hasan.email] * 2]


def test_a_deadline_that_is_near_after_an_answer_is_told_again(follow_up, budi, at):
    at("2026-03-04 09:00+07:00")
    follow_up.warn_of_deadline()
    assert mailed("follow_up_due_soon") == [budi.email]

    send(follow_up, budi)
    follow_up.answer("Masih kurang.")
    at("2026-03-06 09:00+07:00")
    follow_up.warn_of_deadline()

    assert mailed("follow_up_due_soon") == [budi.email] * 2
