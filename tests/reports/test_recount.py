"""The quick figures are those of a slow, independent recount over generated data."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from statistics import median
from typing import Any

import pytest
import sqlalchemy as sa

from pst import clock
from pst.consultations.models import Consultation
from pst.consultations.service_level.turns import Turn
from pst.database import db
from pst.feedback.follow_ups.models import FollowUp
from pst.feedback.models import Rating
from pst.feedback.survey_answers import SurveyAnswer
from pst.knowledge.models import Article
from pst.knowledge.searches.search_log import ArticleVote, SearchLog
from pst.office import days_off, settings
from pst.reports.figures.themes import CommentTheme, stems_of
from pst.reports.periods import Period
from tests.reports.conftest import FEBRUARY


@pytest.fixture(params=["this period", "the one before"])
def looked_at(
    request: pytest.FixtureRequest, figures: dict[str, Any]
) -> tuple[Period, dict[str, Any]]:
    """The period and its figures; then the one that it is compared with."""
    if request.param == "this period":
        return FEBRUARY, figures
    return FEBRUARY.before, figures["before"]


def local(moment: datetime) -> datetime:
    return moment.astimezone(settings.current().zone)


def is_in(moment: datetime | None, period: Period = FEBRUARY) -> bool:
    return moment is not None and period.first <= local(moment).date() <= period.last


def all_of(model: Any) -> list[Any]:
    return list(db.session.scalars(sa.select(model)))


def asked(period: Period = FEBRUARY) -> Iterator[Consultation]:
    for each in all_of(Consultation):
        if is_in(each.asked_at, period):
            yield each


def rated(period: Period = FEBRUARY) -> list[Rating]:
    return [each for each in all_of(Rating) if is_in(each.rated_at, period)]


def opened(period: Period = FEBRUARY) -> list[FollowUp]:
    return [each for each in all_of(FollowUp) if is_in(each.opened_at, period)]


def share(part: int, whole: int) -> Any:
    return pytest.approx(part / whole) if whole else None


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


def known(counts: dict[str, int]) -> dict[str, int]:
    """Leave out what did not occur."""
    return {key: n for key, n in counts.items() if n}


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
        for turn, found in ((row.turns[0], first), (row.turns[-1], final)):
            is_measured = found is first or row.state == "closed"
            if turn.end in ("answered", "asked") and is_measured:
                found.append(hours(turn.clear_at, turn.ended_at))
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
    counted = [each for each in asked_of if each.ended_by != "undone"]
    stood = spread([hours(each.asked_at, each.ended_at) for each in counted])

    assert 2 < len(counted) < len(asked_of)
    assert figures["clarity"] == {
        "asked": stood.pop("count"),
        "by_user": sum(each.ended_by == "user" for each in counted),
        "by_officer": sum(each.ended_by == "officer" for each in counted),
        "standing": 0,
        **stood,
    }


def test_the_endings_agree(figures):
    turns = [turn for row in asked() for turn in row.turns]
    counted = Counter((turn.end or "owed", verdict(turn)) for turn in turns)
    endings = figures["endings"]

    assert sum(each["count"] for each in endings.values()) == len(turns)
    for end, row in endings.items():
        by_verdict = {v: n for (e, v), n in counted.items() if e == end}
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


def test_ratings_agree(looked_at):
    period, figures = looked_at
    rows = rated(period)
    closed = [
        c
        for c in all_of(Consultation)
        if is_in(c.closed_at, period)
        and c.reason in ("resolved", "no_response")
        and (c.channel == "online" or c.user.reachable_at)
    ]
    ever_rated = {r.consultation_id for r in all_of(Rating)}
    scores = Counter(str(r.score) for r in rows)

    assert rows
    assert figures["ratings"] == {
        "count": len(rows),
        "mean": share(sum(r.score for r in rows), len(rows)),
        "score": {str(n): scores[str(n)] for n in range(1, 6)},
        "low": sum(r.score <= 2 for r in rows),
        "commented": sum(bool(r.comment) for r in rows),
        "asked": len(closed),
        "response": share(sum(c.id in ever_rated for c in closed), len(closed)),
    }


def test_the_trend_and_the_needs_agree(figures):
    assert len(figures["trend"]) == 12
    for code, month in figures["trend"].items():
        rows = rated(Period.parse(code))
        assert month["count"] == len(rows)
        assert month["mean"] == share(sum(r.score for r in rows), len(rows))
    needs = Counter(r.need.value for r in rated() if r.need)
    assert known(figures["needs"]) == dict(needs)
    assert needs


def test_the_comments_agree(figures):
    rows = [r for r in rated() if r.comment]
    decided = {each.rating_id: each for each in all_of(CommentTheme)}
    by_theme: dict[str, list[int]] = {}
    for row in rows:
        theme = decided[row.id].theme if row.id in decided else ""
        by_theme.setdefault(theme, []).append(row.score)
    often = Counter(stem for r in rows for stem in {s for s, _ in stems_of(r.comment)})

    assert {t["theme"]: (t["count"], t["mean"]) for t in figures["themes"]} == {
        theme: (len(scores), share(sum(scores), len(scores)))
        for theme, scores in by_theme.items()
    }
    assert [count for _, count in figures["words"]] == [
        count for _, count in often.most_common(15) if count > 1
    ]
    quotes = {row["rating"]: row["quote"] for row in figures["comments"]}
    assert quotes == {
        r.id: decided[r.id].quote if r.id in decided else "" for r in rows
    }


def test_the_survey_agrees(looked_at):
    period, figures = looked_at
    rows = [row for row in all_of(SurveyAnswer) if is_in(row.answered_at, period)]
    people = len({row.user_id for row in asked(period)})
    found = figures["survey"]

    assert (found["respondents"], found["users"]) == (len(rows), people)
    assert found["versions"] == "14/2017-1"
    # Krejcie and Morgan (1970), written out.
    exact = 3.841 * people * 0.25 / (0.05**2 * (people - 1) + 3.841 * 0.25)
    assert found["sample"] == math.floor(exact + 0.5)
    means = [sum(row.scores[f"u{n}"] for row in rows) / len(rows) for n in range(1, 10)]
    assert found["value"] == pytest.approx(sum(means) / 9 * 25, abs=0.0051)
    assert [each["mean"] for each in found["elements"]] == pytest.approx(
        means, abs=0.0051
    )
    assert {each["answers"] for each in found["elements"]} == {len(rows)}


def test_follow_ups_agree(looked_at):
    period, figures = looked_at
    rows = opened(period)
    now = clock.now()
    within = sum(
        bool(f.first_sent_at and f.first_sent_at <= f.first_due_at) for f in rows
    )
    late = sum((f.first_sent_at or f.closed_at or now) > f.first_due_at for f in rows)
    found = figures["follow_ups"]

    assert (found["count"], found["within"], found["late"]) == (len(rows), within, late)
    assert found["share"] == share(within, within + late)
    assert known(found["cause"]) == dict(Counter(f.cause.value for f in rows))
    assert known(found["progress"]) == dict(Counter(f.progress.value for f in rows))
    assert found["closed"] == sum(f.closed_at is not None for f in rows)


def test_what_was_done_about_each_is_listed(figures):
    listed = [(f["number"], f["resolution"]) for f in figures["follow_up_list"]]

    assert sorted(listed) == sorted((f.number, f.resolution) for f in opened())
    assert len({f["cause"] for f in figures["follow_up_list"]}) > 1


def test_the_knowledge_base_agrees(looked_at):
    period, figures = looked_at
    searches = [
        s for s in all_of(SearchLog) if is_in(s.at, period) and s.place != "desk"
    ]
    votes = [v for v in all_of(ArticleVote) if is_in(v.at, period)]
    articles = all_of(Article)
    without = sum(s.found == 0 for s in searches)

    assert without and votes
    assert figures["knowledge"] == {
        "searches": len(searches),
        "without": without,
        "without_share": share(without, len(searches)),
        "clicked": sum(s.clicked_id is not None for s in searches),
        "tables": sum(bool(s.has_figure or s.opened_item_id) for s in searches),
        "answered": sum(s.answered for s in searches),
        "cited": sum(
            any(
                m.kind == "message"
                and m.author_id != c.user_id
                and "sumber: " in m.body.lower()
                for m in c.messages
            )
            for c in asked(period)
        ),
        "votes": len(votes),
        "helpful": share(sum(v.is_helpful for v in votes), len(votes)),
        "made": sum(is_in(a.published_at, period) for a in articles),
        "published": sum(a.state == "published" for a in articles),
    }


def test_what_was_missing_agrees(figures):
    missing = Counter(
        s.words
        for s in all_of(SearchLog)
        if is_in(s.at) and s.place != "desk" and s.found == 0
    )

    assert dict(figures["missing"]) == dict(missing)
    assert [count for _, count in figures["missing"]] == sorted(
        missing.values(), reverse=True
    )


def test_what_was_asked_for_agrees(figures):
    rows = list(asked())
    data = [row for row in rows if row.category == "data"]
    levels = Counter(row.details.get("level", "") for row in data)
    subjects = dict(figures["subjects"])

    assert figures["demand"] == {"count": len(data), "level": dict(levels)}
    told = {"penduduk", "padi", "keripik", "survei", "indeks"} & subjects.keys()
    assert len(told) > 1
    for word in told:
        found = [r for r in rows if re.search(rf"\b{word}\b", r.subject.casefold())]
        assert subjects[word] == len(found)
