"""The one reminder, three working days after closing."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from pst.consultations.models import Consultation
from pst.consultations.states import Category, Reason
from pst.database import db
from pst.feedback.jobs import remind_of_ratings
from pst.feedback.models import Rating
from pst.outbox.models import OutboxMail


def reminders() -> list[OutboxMail]:
    db.session.commit()
    query = sa.select(OutboxMail).filter_by(kind="rating_reminder")
    return list(db.session.scalars(query))


def test_the_user_is_reminded_once_on_the_third_working_day(closed, at):
    at("2026-03-05 07:59:59+07:00")
    remind_of_ratings()
    assert not reminders()

    at("2026-03-05 08:00+07:00")
    for _ in range(2):
        remind_of_ratings()
    at("2026-03-20 08:00+07:00")
    remind_of_ratings()

    [letter] = reminders()
    assert letter.to_address == "siti@contoh.test"
    assert closed.rating_url in letter.body
    assert "1 April 2026 pukul 11.00 WIB" in letter.body


def test_who_has_rated_is_not_reminded(closed, at):
    Rating.leave(closed, 3)
    db.session.commit()

    at("2026-03-10 08:00+07:00")
    remind_of_ratings()

    assert not reminders()


def test_a_withdrawn_request_is_not_asked_about(consultation, siti, at):
    consultation.withdraw(siti)
    db.session.commit()

    at("2026-03-10 08:00+07:00")
    remind_of_ratings()

    assert not reminders()


def test_what_was_opened_again_is_not_asked_about(closed, siti, at):
    closed.say(siti, "Satu lagi.")
    db.session.commit()

    at("2026-03-10 08:00+07:00")
    remind_of_ratings()

    assert not reminders()


def test_who_stopped_answering_is_reminded_too(siti, budi, at):
    at("2026-03-02 11:00+07:00")
    consultation = Consultation.ask(siti, Category.DATA, "Inflasi", "Bulan lalu?")
    consultation.claim(budi)
    db.session.flush()
    consultation.close(Reason.NO_RESPONSE)
    db.session.commit()

    at("2026-03-05 08:00+07:00")
    remind_of_ratings()

    assert len(reminders()) == 1


@pytest.mark.parametrize(
    ("moment", "count"),
    [("2026-04-01 11:00+07:00", 1), ("2026-04-01 11:00:01+07:00", 0)],
)
def test_after_the_last_day_no_one_is_reminded(closed, at, moment, count):
    at(moment)
    remind_of_ratings()

    assert len(reminders()) == count


def test_the_days_are_counted_from_the_local_day_of_the_closing(closed, at):
    # At six in the morning it is Sunday in UTC.
    closed.closed_at = datetime(2026, 3, 1, 23, tzinfo=UTC)
    db.session.commit()

    at("2026-03-04 15:30+07:00")
    remind_of_ratings()
    assert not reminders()

    at("2026-03-05 08:00+07:00")
    remind_of_ratings()
    assert len(reminders()) == 1


def test_a_closed_account_is_left_in_peace(closed, siti, at):
    siti.active = False
    db.session.commit()

    at("2026-03-05 08:00+07:00")
    remind_of_ratings()

    assert not reminders()


def test_who_wants_no_notices_is_not_reminded(closed, siti, at):
    siti.choose_notices(False)
    db.session.commit()

    at("2026-03-05 08:00+07:00")
    remind_of_ratings()

    assert not reminders()
