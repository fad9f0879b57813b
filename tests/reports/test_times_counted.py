"""Times of the service level, in working hours."""

from datetime import datetime

import pytest

from pst.database import db
from pst.office import days_off
from pst.reports.figures.working_hours import ServiceHours, nearest


def test_times_are_in_working_hours_since_the_request_was_clear(asked, march):
    asked(
        "2026-03-06 15:00+07:00",  # a Friday; service ends at 16.00
        answered_at="2026-03-09 09:30+07:00",
        due_at="2026-03-11 15:30+07:00",
    )

    first = march()["service"]["first"]

    assert (first["count"], first["median"], first["p90"]) == (1, 2.5, 2.5)


def test_the_wait_in_the_queue_ends_when_the_answering_officer_took_it(asked, march):
    asked(
        "2026-03-02 09:00+07:00",
        claimed_at="2026-03-02 09:45+07:00",
        answered_at="2026-03-02 12:00+07:00",
    )

    assert march()["service"]["queue"]["median"] == 0.75


def test_the_wait_in_the_queue_is_not_changed_by_a_later_claim(
    consultation, budi, rina, march, at
):
    at("2026-03-02 10:00+07:00")
    consultation.claim(budi)
    at("2026-03-02 11:00+07:00")
    consultation.say(budi, "31.000 jiwa.")
    at("2026-03-02 11:20+07:00")
    consultation.release(budi)
    at("2026-03-02 11:30+07:00")
    consultation.claim(rina)
    db.session.commit()

    assert march()["service"]["queue"]["median"] == 1.0


def test_of_several_who_took_it_the_one_who_answered_ended_the_wait(
    consultation, budi, rina, march, at
):
    at("2026-03-02 09:30+07:00")
    consultation.claim(budi)
    at("2026-03-02 09:40+07:00")
    consultation.release(budi)
    at("2026-03-02 10:00+07:00")
    consultation.claim(rina)
    at("2026-03-02 11:00+07:00")
    consultation.say(rina, "31.000 jiwa.")
    at("2026-03-02 11:20+07:00")
    consultation.release(rina)
    at("2026-03-02 11:30+07:00")
    consultation.claim(budi)
    db.session.commit()

    assert march()["service"]["queue"]["median"] == 1.0


def test_the_ninetieth_percentile_really_occurred():
    assert nearest([1.0], 90) == 1.0
    assert nearest(list(range(1, 11)), 90) == 9
    assert nearest(list(range(1, 12)), 90) == 10


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("2026-03-02 07:00+07:00", "2026-03-02 07:30+07:00"),
        ("2026-03-02 10:00+07:00", "2026-03-05 18:00+07:00"),
        ("2026-03-07 10:00+07:00", "2026-03-08 10:00+07:00"),
        ("2026-03-16 10:00+07:00", "2026-03-30 11:11+07:00"),
    ],
)
def test_quick_hours_are_those_of_the_calendar(context, begin, end):
    calendar = days_off.calendar()
    a, b = datetime.fromisoformat(begin), datetime.fromisoformat(end)

    moments = a.timestamp(), b.timestamp()
    quick = ServiceHours(calendar, *moments).between(*moments)

    assert quick == pytest.approx(calendar.service_time(a, b).total_seconds() / 3600)
