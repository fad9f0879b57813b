"""How a follow-up ends, where it goes back to, and who is responsible."""

import pytest

from pst.accounts.users import User
from pst.database import db
from pst.feedback.follow_ups.notices import responsible
from pst.feedback.follow_ups.progress import Cause, Progress
from pst.feedback.models import Rating
from pst.office import settings
from pst.rules import Conflict, WrongState
from pst.web.access import Role
from tests.feedback.letters.steps import mailed, send


@pytest.mark.parametrize("stands", ["open", "sent", "answered", "sent again"])
def test_what_is_sent_back_stands_where_it_stood(follow_up, budi, rina, at, stands):
    settings.change({"follow_up_second_person": True})
    follow_up.claim(budi)
    progress = Progress.OPEN
    if stands != "open":
        send(follow_up, budi)
        progress = Progress.SENT
    if stands in ("answered", "sent again"):
        at("2026-03-03 10:00+07:00")
        follow_up.answer("Masih kurang.")
        progress = Progress.ANSWERED
    if stands == "sent again":
        at("2026-03-03 11:00+07:00")
        send(follow_up, budi, "Sekarang lengkap.")
        progress = Progress.SENT
    if stands == "open":
        follow_up.user.active = False  # whom no letter can be sent
        follow_up.user.erased_at = follow_up.opened_at
    follow_up.close(budi, "Sudah.")
    assert follow_up.is_to_confirm

    follow_up.send_back(rina, "Belum.")

    assert follow_up.progress is progress
    assert follow_up.closed_at is None


def test_who_proposed_it_neither_confirms_nor_sends_back(follow_up, budi, siti, hasan):
    settings.change({"follow_up_second_person": True})
    send(follow_up, budi)
    with pytest.raises(WrongState, match="tidak sedang menunggu"):
        follow_up.confirm(hasan)
    follow_up.close(budi, "Sudah.")

    for press in (lambda: follow_up.confirm(budi), lambda: follow_up.confirm(siti)):
        with pytest.raises(WrongState, match="orang lain"):
            press()
    with pytest.raises(WrongState, match="orang lain"):
        follow_up.send_back(budi, "Belum.")
    follow_up.confirm(hasan)
    assert follow_up.is_closed
    assert follow_up.resolution == "Sudah."


def test_an_answer_opens_a_closed_one_again(follow_up, budi):
    send(follow_up, budi)
    follow_up.close(budi, "Sudah.")
    follow_up.answer("Masih kurang.")

    assert follow_up.progress is Progress.ANSWERED
    assert follow_up.closed_at is None
    assert follow_up.closed_by is None


def test_it_is_not_closed_over_words_that_were_not_read(follow_up, budi):
    send(follow_up, budi)
    db.session.expire_all()
    newest = follow_up.newest_id
    follow_up.answer("Masih kurang.")
    db.session.commit()

    with pytest.raises(Conflict):
        follow_up.close(budi, "Sudah.", seen=newest)
    follow_up.close(budi, "Sudah.", seen=follow_up.newest_id)
    assert follow_up.is_closed


def test_it_is_not_closed_before_a_letter(follow_up, budi):
    follow_up.claim(budi)

    with pytest.raises(WrongState, match="sebelum menutupnya"):
        follow_up.close(budi, "Sudah.")


def test_a_closed_one_is_no_ones_work(follow_up, budi, rina):
    send(follow_up, budi)
    assert follow_up.can_be_worked_by(budi)
    assert not follow_up.can_be_worked_by(rina)
    follow_up.close(budi, "Sudah.")

    assert not follow_up.can_be_worked_by(budi)
    assert not follow_up.can_be_claimed_by(rina)
    with pytest.raises(WrongState, match="sudah ditutup"):
        follow_up.write(budi, "x")


@pytest.mark.parametrize("name", ["siti", "hasan", "budi"])
def test_it_is_handed_to_another_officer_only(follow_up, budi, request, name):
    follow_up.claim(budi)

    with pytest.raises(WrongState, match="petugas lain"):
        follow_up.hand_over(request.getfixturevalue(name), budi)
    assert follow_up.owner is budi


def test_it_goes_to_the_next_when_its_owner_leaves(follow_up, budi, rina, siti):
    follow_up.claim(budi)
    with pytest.raises(WrongState):
        follow_up.pass_on(siti, budi)
    follow_up.pass_on(rina, budi)
    assert follow_up.owner is rina
    follow_up.pass_on(None, budi)
    assert follow_up.owner is None


def test_an_officers_follow_up_is_of_its_cause(closed, budi):
    rating = Rating.leave(closed, 5, "Bagus.")
    follow_up = rating.open_follow_up(budi, "Perlu dilengkapi.")

    assert follow_up.cause is Cause.OFFICER
    assert follow_up.owner is budi
    assert mailed("feedback_noted") == ["siti@contoh.test"]
    assert mailed("follow_up_opened") == []
    assert rating.open_follow_up(budi) is follow_up


def test_one_who_is_no_officer_any_more_is_not_responsible(budi, rina, andi):
    assert responsible(budi, rina) == [budi]
    budi.change_role(Role.ADMIN, by=andi)
    assert responsible(budi, rina) == [rina]
    rina.deactivate(andi)

    assert set(responsible(budi, rina)) == set(User.serving(Role.OFFICER))
