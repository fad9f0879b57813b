"""What is published, and what is hidden for being about too few."""

from pst.consultations.models import Category
from pst.feedback.models import Rating
from pst.reports.public import performance, suppressed


def test_counts_below_five_are_hidden():
    assert suppressed({"a": 4, "b": 1, "c": 5, "d": 0}) == {
        "a": None,
        "b": None,
        "c": 5,
        "d": 0,
    }


def test_one_hidden_count_takes_the_next_smallest_with_it():
    assert suppressed({"a": 3, "b": 50, "c": 9}) == {"a": None, "b": 50, "c": None}


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

    shown = performance()

    assert shown.period.text == "Maret 2025–Februari 2026"
    assert shown.highlights[0][1] == "7"
    rows = {t.id: t.written for t in shown.tables}
    assert rows["category"][0] == ["Data", "–", "–"]
    assert rows["category"][1] == ["Metadata", "–", "–"]


def test_ratings_of_fewer_than_five_are_not_published(asked, at):
    at("2026-02-20 09:00+07:00")
    closed = {"closed_at": "2026-02-11 09:00+07:00"}
    for n in range(5):
        made = asked("2026-02-10 09:00+07:00", **closed)
        if n < 4:
            Rating.leave(made, 5)

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
