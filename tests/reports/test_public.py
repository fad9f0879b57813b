"""What is published, and what is hidden for being about too few."""

import gzip
from collections import Counter
from typing import Any

import pytest

from bench.seeding import Seeder
from pst.consultations.states import Category
from pst.database import db
from pst.feedback.models import Rating
from pst.reports.figures.disclosure.suppression import suppressed
from pst.reports.figures.feedback_figures import mean
from pst.reports.periods import Period
from pst.reports.public import _survey_note, performance, published


def test_counts_below_five_are_hidden():
    assert suppressed({"a": 4, "b": 1, "c": 5, "d": 0}) == {
        "a": None,
        "b": None,
        "c": 5,
        "d": 0,
    }


def test_one_hidden_count_takes_the_next_smallest_with_it():
    assert suppressed({"a": 3, "b": 50, "c": 9}) == {"a": None, "b": 50, "c": None}


def test_what_is_hidden_is_not_small_in_sum():
    assert suppressed({"a": 1, "b": 1, "c": 7, "d": 90}) == {
        "a": None,
        "b": None,
        "c": None,
        "d": 90,
    }


def rated(**scores: int) -> dict[str, Any]:
    """Return published figures of ratings so often given."""
    counts = Counter({int(name[1:]): n for name, n in scores.items()})
    return published(
        {
            "volume": {"total": 100, "category": {}, "institution": {}},
            "ratings": {
                "count": counts.total(),
                "mean": mean(counts),
                "score": {str(score): counts[score] for score in range(1, 6)},
            },
            "survey": {"respondents": 0},
            "trend": {},
        }
    )["ratings"]


def test_scores_are_told_one_by_one_when_none_is_of_few():
    rating = rated(s1=5, s4=44, s5=36)

    assert rating["score"] == {"1": 5, "2": 0, "3": 0, "4": 44, "5": 36}
    assert not rating["satisfied"]


def test_a_score_of_few_cannot_be_reckoned_from_the_mean():
    """3 ratings of 1 or 2 and the mean would tell that two people gave a 1."""
    rating = rated(s1=2, s2=1, s3=7, s4=44, s5=36)

    assert not rating["score"]
    assert rating["satisfied"] == {"yes": 80, "no": 10}
    assert rating["mean"] == pytest.approx(4.23, abs=0.01)


def test_groups_of_few_are_not_told_either():
    rating = rated(s1=2, s5=36)

    assert not rating["score"] and not rating["satisfied"]
    assert rating["count"] == 38


def test_an_element_with_few_answers_hides_the_elements():
    survey = {
        **{"respondents": 9, "users": 30, "sample": 28, "value": 80.0, "grade": "B"},
        "elements": [{"answers": 9}, {"answers": 4}],
    }
    figures = {
        "volume": {"total": 9, "category": {}, "institution": {}},
        "ratings": {"count": 0, "mean": None, "score": {}},
        "trend": {},
    }

    result = published({**figures, "survey": survey})["survey"]

    assert (result["value"], result["elements"]) == (80.0, [])


def of_users(**more: Any) -> dict[str, Any]:
    """Return figures of a hundred consultations, with nothing that must be hidden."""
    return {
        "volume": {"total": 100, "category": {}, "institution": {}},
        "ratings": {"count": 0, "mean": None, "score": {}},
        "survey": {"respondents": 0, "value": None, "elements": []},
        "trend": {},
        **more,
    }


@pytest.mark.parametrize(("count", "is_shown"), [(4, False), (5, True)])
def test_ratings_and_index_are_of_five_at_least(count, is_shown):
    result = published(
        of_users(
            ratings={"count": count, "mean": 4.2, "score": {"4": count}},
            survey={
                "respondents": count,
                "value": 81.0,
                "elements": [{"answers": count}],
            },
        )
    )

    assert result["ratings"]["count"] == (5 if is_shown else None)
    assert result["ratings"]["mean"] == (4.2 if is_shown else None)
    assert result["survey"]["value"] == (81.0 if is_shown else None)
    assert bool(result["survey"]["elements"]) is is_shown


def test_months_of_few_ratings_have_no_mean():
    trend = {
        "2026-01": {"count": 3, "mean": 1.0},
        "2026-02": {"count": 9, "mean": 4.0},
        "2026-03": {"count": 30, "mean": 4.5},
        "2026-04": {"count": 0, "mean": None},
    }

    result = published(of_users(trend=trend))["trend"]

    hidden = {"count": None, "mean": None}
    assert result["2026-01"] == result["2026-02"] == hidden, "one tells of the other"
    assert result["2026-03"] == trend["2026-03"]
    assert result["2026-04"] == {"count": 0, "mean": None}


def test_kinds_and_institutions_of_few_are_hidden():
    counts = {"a": 2, "b": 6, "c": 92}
    volume = {"total": 100, "category": counts, "institution": counts}

    result = published(of_users(volume=volume))["volume"]

    assert result["category"] == {"a": None, "b": None, "c": 92}
    assert result["institution"] == result["category"]
    assert result["total"] == 100


def test_who_gave_a_four_is_satisfied_and_who_gave_a_three_is_not():
    assert rated(s1=1, s3=6, s4=8)["satisfied"] == {"yes": 8, "no": 7}
    assert rated(s1=1, s3=3, s4=8)["satisfied"] == {}, "four are few"


@pytest.mark.parametrize(("count", "is_empty"), [(4, True), (5, False)])
def test_from_five_consultations_on_there_is_something_to_show(asked, count, is_empty):
    for _ in range(count):
        asked("2026-02-10 09:00+07:00")
    assert performance().is_empty is is_empty
    texts = [text for text, *_ in performance().highlights]
    assert texts == ([] if is_empty else ["konsultasi diajukan"]), "nothing unknown"
    assert performance().survey_note == ""


def test_a_published_index_says_how_reliable_it_is():
    survey = {"respondents": 30, "users": 90, "sample": 73}
    note = _survey_note({**survey, "value": 81.0})
    assert all(str(count) in note for count in survey.values())
    assert _survey_note({**survey, "value": None}) == ""


def test_nothing_is_hidden_without_need():
    assert suppressed({"a": 5, "b": 0}) == {"a": 5, "b": 0}


def test_too_little_to_publish_is_said_so(asked):
    for _ in range(4):
        asked("2026-02-10 09:00+07:00")

    assert performance().is_empty


def test_the_last_twelve_whole_months_are_published(asked):
    for _ in range(6):
        asked("2026-02-10 09:00+07:00")
    asked("2026-03-01 09:00+07:00")
    asked("2025-02-28 09:00+07:00")
    asked("2026-02-10 09:00+07:00", category=Category.METADATA)

    page = performance()

    assert page.period.text == "Maret 2025–Februari 2026"
    assert page.highlights[0][1] == "7"
    rows = {t.id: t.written for t in page.tables}
    assert rows["category"][0] == ["Data", "–", "–"]
    assert rows["category"][1] == ["Metadata", "–", "–"]


def test_ratings_of_fewer_than_five_are_not_published(asked, at):
    at("2026-02-20 09:00+07:00")
    moment = {"closed_at": "2026-02-11 09:00+07:00"}
    for n in range(5):
        consultation = asked("2026-02-10 09:00+07:00", **moment)
        if n < 4:
            Rating.leave(consultation, 5)

    at("2026-03-02 09:00+07:00")
    texts = [text for text, *_ in performance().highlights]

    assert texts[0] == "konsultasi diajukan"
    assert not any("penilaian" in text for text in texts)


def test_figures_are_kept_for_an_hour(asked, at):
    for _ in range(5):
        asked("2026-02-10 09:00+07:00")
    assert performance().highlights[0][1] == "5"

    asked("2026-02-10 09:00+07:00")
    at("2026-03-02 09:59+07:00")
    assert performance().highlights[0][1] == "5"

    at("2026-03-02 10:00+07:00")
    assert performance().highlights[0][1] == "6"


def test_the_page_is_small_with_every_table(app, at):
    with app.app_context():
        Seeder(Period.parse("2026-02"), 500, seed=7).write()
        db.session.commit()

    answer = app.test_client().get("/kinerja", headers={"Accept-Encoding": "gzip"})

    assert len(answer.data) <= 6 * 1024
    page = gzip.decompress(answer.data).decode()
    assert page.count("<table>") == 5
    assert "sampel minimal menurut Krejcie dan Morgan" in page
