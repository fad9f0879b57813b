"""The figures of ratings and the survey are those of a slow, independent recount."""

import math
from collections import Counter

import pytest

from pst import clock
from pst.consultations.models import Consultation
from pst.feedback.follow_ups.models import FollowUp
from pst.feedback.models import Rating
from pst.feedback.survey_answers import SurveyAnswer
from pst.reports.figures.themes import CommentTheme, stems_of
from pst.reports.periods import Period
from tests.reports.conftest import FEBRUARY
from tests.reports.recount.steps import all_of, asked, is_in, known, rated, share


def opened(period: Period = FEBRUARY) -> list[FollowUp]:
    return [each for each in all_of(FollowUp) if is_in(each.opened_at, period)]


def test_ratings_agree(looked_at):
    period, figures = looked_at
    rows = rated(period)
    conversations = [
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
        "asked": len(conversations),
        "response": share(
            sum(c.id in ever_rated for c in conversations), len(conversations)
        ),
    }


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
    survey = figures["survey"]

    assert (survey["respondents"], survey["users"]) == (len(rows), people)
    assert survey["versions"] == "14/2017-1"
    # Krejcie and Morgan (1970), written out.
    exact = 3.841 * people * 0.25 / (0.05**2 * (people - 1) + 3.841 * 0.25)
    assert survey["sample"] == math.floor(exact + 0.5)
    means = [sum(row.scores[f"u{n}"] for row in rows) / len(rows) for n in range(1, 10)]
    assert survey["value"] == pytest.approx(sum(means) / 9 * 25, abs=0.0051)
    assert [each["mean"] for each in survey["elements"]] == pytest.approx(
        means, abs=0.0051
    )
    assert {each["answers"] for each in survey["elements"]} == {len(rows)}


def test_follow_ups_agree(looked_at):
    period, figures = looked_at
    rows = opened(period)
    now = clock.now()
    within = sum(
        bool(f.first_sent_at and f.first_sent_at <= f.first_due_at) for f in rows
    )
    late = sum((f.first_sent_at or f.closed_at or now) > f.first_due_at for f in rows)
    counts = figures["follow_ups"]

    assert (counts["count"], counts["within"], counts["late"]) == (
        len(rows),
        within,
        late,
    )
    assert counts["share"] == share(within, within + late)
    assert known(counts["cause"]) == dict(Counter(f.cause.value for f in rows))
    assert known(counts["progress"]) == dict(Counter(f.progress.value for f in rows))
    assert counts["closed"] == sum(f.closed_at is not None for f in rows)


def test_what_was_done_about_each_is_listed(figures):
    resolutions = [(f["number"], f["resolution"]) for f in figures["follow_up_list"]]

    assert sorted(resolutions) == sorted((f.number, f.resolution) for f in opened())
    assert len({f["cause"] for f in figures["follow_up_list"]}) > 1
