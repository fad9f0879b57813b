"""The figures of the service are those of a slow, independent recount."""

import math
from collections import Counter
from datetime import datetime
from statistics import median
from typing import Any

import pytest

from pst import clock
from pst.consultations.models import Consultation
from pst.consultations.service_level.turns import Turn
from pst.office import days_off
from pst.reports.periods import Period
from tests.reports.conftest import FEBRUARY
from tests.reports.recount.steps import asked, known, local, rated, share


def hours(begin: datetime, end: datetime) -> float:
    return days_off.calendar().service_time(begin, end).total_seconds() / 3600


def spread(found: list[float]) -> dict[str, Any]:
    ordered = sorted(found)
    return {
        "count": len(ordered),
        "median": pytest.approx(median(ordered), abs=0.006),
        "p90": pytest.approx(ordered[math.ceil(len(ordered) * 0.9) - 1], abs=0.006),
    }


def chosen(found: dict[str, Any]) -> dict[str, Any]:
    return {name: found[name] for name in ("count", "median", "p90")}


def verdict(turn: Turn) -> str | None:
    """Return how a turn went; None when that is not known yet, or is not measured."""
    over_at = clock.now() if turn.ended_at is None else turn.ended_at
    if turn.due_at is not None and over_at > turn.due_at:
        return "late"
    if turn.end in ("answered", "asked"):
        return "in"
    return "unanswered" if turn.end == "unanswered" else None


def first_verdict(row: Consultation) -> str | None:
    return verdict(row.turns[0])


def final_verdict(row: Consultation) -> str | None:
    last = row.turns[-1]
    is_known = row.state == "closed" or last.ended_at is None
    return verdict(last) if is_known else None


def late_reason(row: Consultation) -> str:
    """Return what an officer said of the first late turn with a reason."""
    late = [turn for turn in row.turns if verdict(turn) == "late" and turn.late_reason]
    return late[0].late_reason.value if late else ""


def is_late(row: Consultation) -> bool:
    return any(verdict(turn) == "late" for turn in row.turns)


def verdicts(found: list[str | None]) -> dict[str, Any]:
    within, late, unanswered = (
        found.count(each) for each in ("in", "late", "unanswered")
    )
    return {
        "within": within,
        "late": late,
        "unanswered": unanswered,
        "share": share(within, within + late + unanswered),
    }


def standing(row: Consultation) -> str:
    if row.reason == "resolved" and row.turns[-1].end == "unanswered":
        return "unanswered"
    return (row.reason or row.state).value


def test_volumes_agree(figures):
    rows = list(asked())
    volume = figures["volume"]

    assert volume["total"] == len(rows) > 400
    for name, of in (
        ("category", lambda c: c.category.value),
        ("channel", lambda c: c.channel.value),
        ("standing", standing),
        ("institution", lambda c: c.user.institution_kind),
        ("occupation", lambda c: c.user.occupation),
        ("purpose", lambda c: c.details.get("purpose", "")),
        ("day", lambda c: local(c.asked_at).date().isoformat()),
    ):
        assert known(volume[name]) == dict(Counter(map(of, rows))), name
    weekdays = Counter(local(row.asked_at).weekday() for row in rows)
    assert volume["weekday"] == [weekdays[n] for n in range(7)]
    by_hour = Counter(local(row.asked_at).hour for row in rows)
    assert volume["hour"] == [by_hour[n] for n in range(24)]
    assert figures["before"]["volume"]["total"] == len(list(asked(FEBRUARY.before)))


def test_the_service_level_agrees(looked_at):
    period, figures = looked_at
    rows = list(asked(period))
    service = figures["service"]

    first = verdicts([first_verdict(row) for row in rows])
    final = verdicts([final_verdict(row) for row in rows])

    turns = verdicts([verdict(turn) for row in rows for turn in row.turns])
    assert service["turns"] == turns and turns["within"] > first["within"]
    assert {key: service["first"][key] for key in first} == first
    assert {key: service["final"][key] for key in final} == final
    assert final["late"] and first["unanswered"]


def test_working_hours_agree(looked_at):
    period, figures = looked_at
    first, final, queue = [], [], []
    for row in asked(period):
        for turn, spans in ((row.turns[0], first), (row.turns[-1], final)):
            is_measured = spans is first or row.state == "closed"
            if turn.end in ("answered", "asked") and is_measured:
                spans.append(hours(turn.clear_at, turn.ended_at))
        if row.claimed_at:
            queue.append(hours(row.asked_at, row.claimed_at))

    service = figures["service"]

    assert chosen(service["first"]) == spread(first)
    assert chosen(service["final"]) == spread(final)
    assert chosen(service["queue"]) == spread(queue)


def test_the_questions_agree(figures):
    asked_of = [
        each for row in asked() for turn in row.turns for each in turn.clarities
    ]
    questions = [each for each in asked_of if each.ended_by != "undone"]
    stood = spread([hours(each.asked_at, each.ended_at) for each in questions])

    assert 2 < len(questions) < len(asked_of)
    assert figures["clarity"] == {
        "asked": stood.pop("count"),
        "by_user": sum(each.ended_by == "user" for each in questions),
        "by_officer": sum(each.ended_by == "officer" for each in questions),
        "standing": 0,
        **stood,
    }


def test_the_endings_agree(figures):
    turns = [turn for row in asked() for turn in row.turns]
    by_ending = Counter((turn.end or "owed", verdict(turn)) for turn in turns)
    endings = figures["endings"]

    assert sum(each["count"] for each in endings.values()) == len(turns)
    for end, row in endings.items():
        by_verdict = {v: n for (e, v), n in by_ending.items() if e == end}
        assert row["count"] == sum(by_verdict.values()), end
        assert row["within"] == by_verdict.get("in", 0), end
        assert row["late"] == by_verdict.get("late", 0), end
    of_answers = endings["asked"]["within"] + endings["answered"]["within"]
    assert of_answers == figures["service"]["turns"]["within"]


def test_the_late_ones_agree(figures):
    late = [row for row in asked() if is_late(row)]
    reasons = Counter(late_reason(row) for row in late)

    assert len(late) > 5 and len(reasons) > 2
    assert figures["late_reasons"] == dict(reasons)
    assert {
        row["number"]: (row["first"], row["reason"]) for row in figures["late"]
    } == {row.number: (first_verdict(row) == "late", late_reason(row)) for row in late}


def test_the_trend_and_the_needs_agree(figures):
    assert len(figures["trend"]) == 12
    for code, month in figures["trend"].items():
        rows = rated(Period.parse(code))
        assert month["count"] == len(rows)
        assert month["mean"] == share(sum(r.score for r in rows), len(rows))
    needs = Counter(r.need.value for r in rated() if r.need)
    assert known(figures["needs"]) == dict(needs)
    assert needs
