"""Whose work a follow-up is: the lists of the board, and what is counted as urgent."""

from collections.abc import Callable

import pytest

from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.consultations.states import Category, Reason
from pst.database import db
from pst.feedback.follow_ups.models import FollowUp
from pst.feedback.models import Rating
from pst.feedback.queries import Board, closed_follow_ups, ratings
from pst.office import settings


@pytest.fixture
def opened(siti, budi, at) -> Callable[..., FollowUp]:
    """Open a follow-up by a low rating; with an owner, it is taken."""

    def open_one(owner: User | None = None, score: int = 1) -> FollowUp:
        consultation = Consultation.ask(siti, Category.DATA, "IPM", "IPM 2025?")
        consultation.claim(budi)
        consultation.say(budi, "72,1.")
        consultation.close(Reason.RESOLVED, budi)
        follow_up = Rating.leave(consultation, score, "Kurang.").follow_up
        if owner is not None:
            follow_up.claim(owner)
        db.session.commit()
        return follow_up

    return open_one


def mail(follow_up: FollowUp) -> FollowUp:
    follow_up.write(follow_up.owner, "Ini tabelnya.")
    follow_up.send(follow_up.owner, follow_up.draft_key)
    db.session.commit()
    return follow_up


@pytest.fixture
def many(opened, budi, rina, at) -> dict[str, FollowUp]:
    """One of each kind, as Budi sees them."""
    settings.change({"follow_up_second_person": True})
    by_state = {
        "unowned": opened(),
        "mine": opened(budi),
        "answered": mail(opened(budi)),
        "sent": mail(opened(budi)),
        "colleague's": opened(rina),
        "colleague's sent": mail(opened(rina)),
        "to confirm": mail(opened(rina)),
        "closed": mail(opened(rina)),
    }
    by_state["answered"].answer("Masih kurang.")
    by_state["to confirm"].close(rina, "Sudah.")
    by_state["closed"].close(rina, "Sudah.")
    by_state["closed"].confirm(budi)
    db.session.commit()
    return by_state


def names(many: dict[str, FollowUp], rows: list[FollowUp]) -> list[str]:
    return [name for row in rows for name, each in many.items() if each.id == row.id]


def test_each_follow_up_stands_where_its_work_is(many, budi):
    board = Board(budi)

    assert names(many, board.unowned) == ["unowned"]
    assert names(many, board.mine) == ["mine", "answered"]
    assert names(many, board.others) == ["colleague's"]
    assert names(many, board.to_close) == ["sent", "colleague's sent"]
    assert names(many, board.to_confirm) == ["to confirm"]
    assert not board.is_empty


def test_where_the_user_is_to_write_next_no_one_is_missing(many, budi, andi):
    many["sent"].pass_on(None, by=andi)
    db.session.commit()

    board = Board(budi)
    assert names(many, board.unowned) == ["unowned"]
    assert names(many, board.to_close) == ["sent", "colleague's sent"]


def test_what_one_must_act_on_is_ones_own_and_no_ones(many, budi, rina, hasan):
    assert names(many, Board(budi).urgent_ones) == ["unowned", "mine", "answered"]
    assert [Board(each).urgent for each in (budi, rina, hasan)] == [3, 2, 1]


def test_the_first_due_stands_first(opened, budi, at):
    later = mail(opened(budi))
    at("2026-03-03 09:00+07:00")
    later.answer("Masih kurang.")
    first = opened(budi)
    first.due_at = later.due_at.replace(hour=1)
    db.session.commit()

    assert Board(budi).mine == [first, later]


def test_without_follow_ups_the_board_is_empty(budi, andi, many):
    assert Board(andi).is_empty, "an admin knows of none"


def test_ratings_are_listed_by_what_is_asked_for(opened, closed, siti, budi):
    settings.change({"low_rating": 2})
    low = opened(score=2).rating
    complaint = Rating.leave(closed, 5, "Saya mengadu: lambat.")
    db.session.commit()

    lists = {
        choice: ratings(choice, 1).items for choice in ("semua", "rendah", "tinjau")
    }

    assert lists["semua"] == [complaint, low]
    assert lists["rendah"] == [low]
    assert lists["tinjau"] == [complaint]


def test_what_was_closed_last_stands_first(opened, budi, at):
    first, last = mail(opened(budi)), mail(opened(budi))
    at("2026-03-03 09:00+07:00")
    first.close(budi, "Sudah.")
    at("2026-03-03 10:00+07:00")
    last.close(budi, "Sudah.")
    db.session.commit()

    assert closed_follow_ups(budi, 1).items == [last, first]
