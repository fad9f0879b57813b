"""Why a consultation was late, when more than one of its turns was."""

from datetime import datetime

import pytest

from pst.consultations.service_level.turns import End, Turn
from pst.consultations.states import LateReason
from pst.database import db
from pst.reports.figures import late_figures
from pst.reports.layout.tables import table

DUE, LATE = "2026-03-05 15:30+07:00", "2026-03-06 09:00+07:00"


@pytest.fixture
def twice(asked):
    """Store a consultation of two turns, the second of which was late."""

    def store(answered_at: str, first: LateReason | None, second: LateReason | None):
        consultation = asked(
            "2026-03-02 09:00+07:00",
            due_at=DUE,
            answered_at=answered_at,
            late_reason=first,
            turn_number=2,
        )
        turn = Turn(number=2, consultation_id=consultation.id, end=End.ANSWERED)
        turn.began_at = turn.clear_at = datetime.fromisoformat("2026-03-09 09:00+07:00")
        turn.due_at = datetime.fromisoformat("2026-03-12 15:30+07:00")
        turn.ended_at = datetime.fromisoformat("2026-03-16 09:00+07:00")
        turn.late_reason = second
        db.session.add(turn)
        db.session.commit()

    return store


@pytest.mark.parametrize(
    ("answered_at", "first", "second", "reason", "words"),
    [
        (LATE, LateReason.SYSTEM, LateReason.COMPLEX, "system", "Gangguan sistem"),
        (LATE, None, LateReason.COMPLEX, "complex", "Permintaan rumit"),
        ("2026-03-02 10:00+07:00", None, LateReason.COMPLEX, "complex", "Permintaan r"),
        ("2026-03-02 10:00+07:00", None, None, "", ""),
    ],
)
def test_a_consultation_is_late_once_for_the_reason_given_first(
    twice, march, at, answered_at, first, second, reason, words
):
    twice(answered_at, first, second)
    at("2026-03-20 09:00+07:00")
    figures = march()

    assert figures["late_reasons"] == {reason: 1}
    (row,) = table("late", figures).rows
    assert row[-1].startswith(words)
    assert bool(row[-1]) is bool(words)
    assert [each["first"] for each in figures["late"]] == [answered_at == LATE]


def test_what_was_in_time_takes_no_place_among_the_late_ones(
    asked, march, at, monkeypatch
):
    monkeypatch.setattr(late_figures, "LATE_SHOWN", 1)
    asked("2026-03-02 08:30+07:00", due_at=DUE, answered_at="2026-03-02 10:00+07:00")
    late = asked("2026-03-02 09:00+07:00", due_at=DUE, answered_at=LATE)
    at("2026-03-20 09:00+07:00")

    assert [each["number"] for each in march()["late"]] == [late.number]


def test_only_what_was_asked_in_the_period_is_listed_and_counted(asked, march, at):
    at("2026-03-20 09:00+07:00")
    before = {"due_at": "2026-02-27 15:30+07:00", "answered_at": LATE}
    asked("2026-02-24 09:00+07:00", late_reason=LateReason.SYSTEM, **before)
    asked("2026-03-02 09:00+07:00", due_at=DUE, answered_at="2026-03-02 10:00+07:00")
    here = asked(
        "2026-03-02 09:00+07:00",
        due_at=DUE,
        answered_at=LATE,
        late_reason=LateReason.WORKLOAD,
    )

    figures = march()

    assert [row["number"] for row in figures["late"]] == [here.number]
    assert figures["late_reasons"] == {"workload": 1}
