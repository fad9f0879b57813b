"""The quick figures are those of a slow, independent recount over generated data."""

import math
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from statistics import median
from typing import Any

import pytest
import sqlalchemy as sa

from bench.seeding import Seeder
from pst import clock
from pst.consultations.messages import Message
from pst.consultations.models import Consultation
from pst.database import db
from pst.feedback.follow_ups import FollowUp
from pst.feedback.models import Rating
from pst.feedback.survey_answers import SurveyAnswer
from pst.office import settings, workdays
from pst.reports.figures import Figures
from pst.reports.periods import Period

FEBRUARY = Period.parse("2026-02")
CLEARING = {"asked", "cleared", "reopened"}


@pytest.fixture
def figures(at, context) -> dict[str, Any]:
    """February 2026 with 500 consultations, looked at on 2 March."""
    Seeder(FEBRUARY, 500, seed=7).write()
    db.session.commit()
    return Figures(FEBRUARY).frozen()


def local(moment: datetime) -> datetime:
    return moment.astimezone(settings.current().zone)


def is_in(moment: datetime | None, period: Period = FEBRUARY) -> bool:
    return moment is not None and period.first <= local(moment).date() <= period.last


def asked(period: Period = FEBRUARY) -> Iterator[Consultation]:
    for each in db.session.scalars(sa.select(Consultation).order_by(Consultation.id)):
        if is_in(each.asked_at, period):
            yield each


def last_event(
    consultation: Consultation, names: set[str], until: datetime
) -> datetime:
    found = [
        message.created_at
        for message in db.session.scalars(
            sa.select(Message).filter_by(consultation_id=consultation.id)
        )
        if message.event in names and message.created_at <= until
    ]
    return max(found)


def is_unanswered_late(
    answered: datetime | None, due: datetime | None, until: datetime
) -> bool:
    return answered is None and due is not None and until > due


def hours(begin: datetime, end: datetime) -> float:
    return workdays.calendar().service_time(begin, end).total_seconds() / 3600


def spread(found: list[float]) -> dict[str, Any]:
    ordered = sorted(found)
    return {
        "count": len(ordered),
        "median": pytest.approx(median(ordered), abs=0.006),
        "p90": pytest.approx(ordered[math.ceil(len(ordered) * 0.9) - 1], abs=0.006),
    }


def chosen(found: dict[str, Any]) -> dict[str, Any]:
    return {name: found[name] for name in ("count", "median", "p90")}


def test_volumes_agree(figures):
    rows = list(asked())
    volume = figures["volume"]

    assert volume["total"] == len(rows) > 400
    for name, of in (
        ("category", lambda c: c.category.value),
        ("standing", lambda c: (c.reason or c.state).value),
        ("institution", lambda c: c.user.institution_kind),
        ("occupation", lambda c: c.user.occupation),
        ("purpose", lambda c: c.details.get("purpose", "")),
        ("day", lambda c: local(c.asked_at).date().isoformat()),
    ):
        counted = Counter(of(row) for row in rows)
        assert {k: n for k, n in volume[name].items() if n} == dict(counted), name
    weekdays = Counter(local(row.asked_at).weekday() for row in rows)
    assert volume["weekday"] == [weekdays[n] for n in range(7)]
    by_hour = Counter(local(row.asked_at).hour for row in rows)
    assert volume["hour"] == [by_hour[n] for n in range(24)]
    assert figures["before"]["volume"]["total"] == len(list(asked(FEBRUARY.before)))


def test_the_service_level_agrees(figures):
    now = clock.now()
    first, final = Counter[bool](), Counter[bool]()
    for row in asked():
        if row.answered_at and row.answered_due_at:
            first[row.answered_at <= row.answered_due_at] += 1
        elif is_unanswered_late(row.answered_at, row.due_at, row.closed_at or now):
            first[False] += 1
        if row.final_answer_at and row.final_due_at:
            final[row.final_answer_at <= row.final_due_at] += 1
        elif row.state != "waiting_user" and is_unanswered_late(
            row.final_answer_at, row.due_at, row.closed_at or now
        ):
            final[False] += 1

    service = figures["service"]

    assert first[True] and first[False] and final[True] and final[False]
    assert (service["first"]["within"], service["first"]["late"]) == (
        first[True],
        first[False],
    )
    assert (service["final"]["within"], service["final"]["late"]) == (
        final[True],
        final[False],
    )
    assert service["first"]["share"] == pytest.approx(first[True] / first.total())


def test_working_hours_agree(figures):
    first, final, queue = [], [], []
    for row in asked():
        if row.answered_at:
            since = last_event(row, CLEARING, row.answered_at)
            first.append(hours(since, row.answered_at))
        if row.final_answer_at:
            since = last_event(row, CLEARING, row.final_answer_at)
            final.append(hours(since, row.final_answer_at))
        if row.claimed_at:
            queue.append(hours(row.asked_at, row.claimed_at))

    service = figures["service"]

    assert chosen(service["first"]) == spread(first)
    assert chosen(service["final"]) == spread(final)
    assert chosen(service["queue"]) == spread(queue)


def test_ratings_agree(figures):
    rows = [r for r in db.session.scalars(sa.select(Rating)) if is_in(r.rated_at)]
    closed = [
        c
        for c in db.session.scalars(sa.select(Consultation))
        if is_in(c.closed_at) and c.reason in ("resolved", "no_response")
    ]
    rated = {r.consultation_id for r in db.session.scalars(sa.select(Rating))}

    ratings = figures["ratings"]

    assert ratings["count"] == len(rows) > 100
    assert ratings["mean"] == pytest.approx(sum(r.score for r in rows) / len(rows))
    assert ratings["low"] == sum(r.score <= 2 for r in rows)
    assert ratings["commented"] == sum(bool(r.comment) for r in rows)
    assert ratings["asked"] == len(closed)
    assert ratings["response"] == pytest.approx(
        sum(c.id in rated for c in closed) / len(closed)
    )
    assert figures["trend"]["2026-02"]["count"] == len(rows)
    assert sum(row["count"] for row in figures["themes"]) == ratings["commented"]


def test_the_survey_agrees(figures):
    rows = [
        row
        for row in db.session.scalars(sa.select(SurveyAnswer))
        if is_in(row.answered_at)
    ]
    means = [sum(row.scores[f"u{n}"] for row in rows) / len(rows) for n in range(1, 10)]

    survey = figures["survey"]

    assert survey["respondents"] == len(rows) > 20
    assert survey["value"] == pytest.approx(sum(means) / 9 * 25, abs=0.005)
    assert [each["mean"] for each in survey["elements"]] == pytest.approx(
        means, abs=0.005
    )
    assert survey["users"] == len({row.user_id for row in asked()})


def test_follow_ups_agree(figures):
    rows = [f for f in db.session.scalars(sa.select(FollowUp)) if is_in(f.opened_at)]
    within = sum(
        bool(f.first_sent_at and f.first_sent_at <= f.first_due_at) for f in rows
    )
    now = clock.now()
    late = sum((f.first_sent_at or f.closed_at or now) > f.first_due_at for f in rows)

    found = figures["follow_ups"]

    assert found["count"] == len(rows) > 0
    assert (found["within"], found["late"]) == (within, late)
    assert found["closed"] == sum(f.closed_at is not None for f in rows)
