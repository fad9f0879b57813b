"""The deadline of a follow-up: when it begins, is warned of, and is over."""

from datetime import timedelta

import pytest

from pst.consultations.states import Reason
from pst.database import db
from pst.feedback import due
from pst.feedback.jobs import warn_of_follow_ups
from pst.feedback.models import Rating
from pst.feedback.reminders import RatingReminder
from pst.office import settings
from pst.rules import WrongState
from tests.feedback.letters.steps import mailed, send


def test_an_answer_to_what_waits_already_puts_nothing_off(follow_up, budi, at):
    send(follow_up, budi)
    at("2026-03-06 10:00+07:00")
    follow_up.answer("Masih kurang.")
    due_at = follow_up.due_at
    follow_up.due_warned_at = follow_up.answered_at
    at("2026-03-09 10:00+07:00")
    follow_up.answer("Dan yang ini juga.")

    assert follow_up.due_at == due_at
    assert follow_up.due_warned_at is not None
    assert follow_up.first_due_at < due_at


def test_a_new_deadline_is_warned_of_again(follow_up, budi, at):
    follow_up.claim(budi)
    db.session.commit()
    at("2026-03-05 09:00+07:00")
    warn_of_follow_ups()
    assert mailed("follow_up_due_soon") == ["budi@contoh.test"]
    send(follow_up, budi)
    at("2026-03-06 10:00+07:00")
    follow_up.answer("Masih kurang.")
    assert follow_up.due_warned_at is None
    db.session.commit()
    at("2026-03-11 09:00+07:00")
    warn_of_follow_ups()

    assert mailed("follow_up_due_soon") == ["budi@contoh.test"] * 2


def test_what_is_overdue_is_not_called_due_soon(follow_up, budi, at):
    at("2026-03-05 15:30+07:00")
    assert not follow_up.is_overdue
    assert due.overdue_ids() == []

    at("2026-03-05 15:30:01+07:00")
    assert follow_up.is_overdue
    assert due.due_soon_ids(follow_up.due_at) == []
    assert due.overdue_ids() == [follow_up.id]


def test_a_closed_one_is_answered_only_for_a_while(follow_up, budi, at):
    send(follow_up, budi)
    follow_up.close(budi, "Sudah.")
    db.session.commit()
    at(follow_up.answerable_until)
    assert follow_up.is_answerable

    at(follow_up.answerable_until.replace(microsecond=1))
    assert not follow_up.is_answerable
    with pytest.raises(WrongState, match="berakhir"):
        follow_up.answer("Masih kurang.")


def test_the_time_to_answer_runs_from_the_last_letter_or_the_closing(
    follow_up, budi, at
):
    days = timedelta(days=settings.current().follow_up_answer_days)
    assert follow_up.answerable_until == follow_up.opened_at + days
    at("2026-03-04 10:00+07:00")
    send(follow_up, budi)
    assert follow_up.answerable_until == follow_up.sent_at + days
    at("2026-03-06 10:00+07:00")
    follow_up.close(budi, "Sudah.")
    assert follow_up.answerable_until == follow_up.closed_at + days


def test_nothing_is_warned_of_that_the_user_has_a_letter_about(follow_up, budi):
    send(follow_up, budi)
    follow_up.warn_of_deadline()

    assert follow_up.due_warned_at is None
    assert mailed("follow_up_due_soon") == []


def test_a_breach_is_told_once(follow_up, at):
    at("2026-03-06 09:00+07:00")
    follow_up.tell_of_breach()
    first = follow_up.breach_told_at
    at("2026-03-07 09:00+07:00")
    follow_up.tell_of_breach()

    assert follow_up.breach_told_at == first


def test_neither_rated_nor_reminded_ones_are_looked_for(closed):
    since = closed.closed_at
    assert due.unrated_ids(since) == [closed.id]
    assert due.unrated_ids(since + timedelta(seconds=1)) == []
    RatingReminder.send(closed)
    db.session.commit()
    assert due.unrated_ids(since) == []


def test_a_withdrawn_one_is_not_looked_for(closed):
    closed.reason = Reason.WITHDRAWN
    db.session.commit()

    assert due.unrated_ids(closed.closed_at) == []


def test_what_was_told_or_waits_for_the_user_is_not_looked_for(follow_up, budi, at):
    assert due.due_soon_ids(follow_up.due_at) == [follow_up.id]
    assert due.due_soon_ids(follow_up.due_at - timedelta(seconds=1)) == []
    at("2026-03-06 09:00+07:00")
    assert due.overdue_ids() == [follow_up.id]
    follow_up.tell_of_breach()
    db.session.commit()
    assert due.overdue_ids() == []

    at("2026-03-05 09:00+07:00")
    send(follow_up, budi)
    assert due.due_soon_ids(follow_up.due_at) == []


def test_a_rated_one_is_not_looked_for(closed):
    Rating.leave(closed, 5)
    db.session.commit()

    assert due.unrated_ids(closed.closed_at) == []
