"""When a visit, a call or a letter may have been, and when it was answered."""

from datetime import datetime

import pytest
from flask import Flask

from pst.consultations.desk.counter_form import RecordForm

CALL = {
    "channel": "phone",
    "category": "data",
    "subject": "Harga gabah",
    "answer": "Rp6.500 per kilogram.",
    "outcome": "dijawab",
    "asked_at": "2026-03-02T08:40",
}
LETTER = {**CALL, "channel": "letter"}


@pytest.fixture
def errors(app: Flask, context, at):
    """Fill in the form on Monday 2 March 2026 at 09.00; return which fields err."""

    def fill(**fields: str) -> set[str]:
        with app.test_request_context(method="POST", data=fields):
            form = RecordForm()
            form.validate()
            return set(form.errors)

    return fill


@pytest.mark.parametrize(
    ("asked_at", "is_taken"),
    [
        ("2026-03-02T09:00", True),
        ("2026-03-02T09:01", False),
        ("2025-03-01T09:00", True),
        ("2025-03-01T08:59", False),
        ("", False),
    ],
)
def test_it_was_within_a_year_and_not_tomorrow(errors, asked_at, is_taken):
    assert errors(**{**CALL, "asked_at": asked_at}) == (
        set() if is_taken else {"asked_at"}
    )


@pytest.mark.parametrize(
    ("minutes", "is_taken"),
    [("", True), ("0", True), ("20", True), ("21", False), ("-1", False)],
)
def test_a_call_ended_by_now(errors, minutes, is_taken):
    assert errors(**CALL, minutes=minutes) == (set() if is_taken else {"minutes"})


@pytest.mark.parametrize(("minutes", "is_taken"), [("600", True), ("601", False)])
def test_no_visit_takes_more_than_ten_hours(errors, minutes, is_taken):
    yesterday = {**CALL, "asked_at": "2026-03-01T08:40"}

    assert errors(**yesterday, minutes=minutes) == (set() if is_taken else {"minutes"})


@pytest.mark.parametrize(
    ("answered_at", "is_taken"),
    [
        ("2026-03-02T08:39", False),
        ("2026-03-02T08:40", True),
        ("2026-03-02T09:00", True),
        ("2026-03-02T09:01", False),
        ("x", False),
        ("", False),
    ],
)
def test_a_letter_is_answered_after_it_came_and_by_now(errors, answered_at, is_taken):
    expected = set() if is_taken else {"answered_at"}

    assert errors(**LETTER, answered_at=answered_at) == expected
    assert errors(**LETTER) == set(), "where it is not asked it was now"
    assert errors(**CALL, answered_at=answered_at) == set(), "a call is, at once"
    unanswered = {**LETTER, "answer": "", "outcome": "antrian"}
    assert errors(**unanswered, answered_at=answered_at) == set()


@pytest.mark.parametrize(
    ("answer", "outcome", "is_taken"),
    [
        ("", "dijawab", False),
        ("", "saya", True),
        ("", "antrian", True),
        ("Rp6.500.", "dijawab", True),
        ("Rp6.500.", "saya", True),
        ("Rp6.500.", "antrian", False),
    ],
)
def test_what_was_answered_has_an_answer_and_what_waits_has_none(
    errors, answer, outcome, is_taken
):
    fields = {**CALL, "answer": answer, "outcome": outcome}

    assert errors(**fields) == (set() if is_taken else {"answer"})


@pytest.mark.parametrize(
    ("channel", "answered"),
    [("counter", None), ("phone", None), ("letter", 8), ("whatsapp", 8)],
)
def test_a_visit_and_a_call_are_answered_at_once_and_a_letter_when_said(
    app: Flask, context, at, channel, answered
):
    fields = {**CALL, "channel": channel, "answered_at": "2026-03-02T08:50"}
    with app.test_request_context(method="POST", data=fields):
        form = RecordForm()
        assert form.validate()
        moment: datetime | None = form.answered

    assert (moment and moment.hour) == answered
    assert moment is None or moment.utcoffset() is not None
