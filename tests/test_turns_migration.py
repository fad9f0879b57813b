"""Consultations of before there were turns: what each becomes, and what is printed."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.beginnings import copy
from tests.old_office import ASKED, BUDI, DUE, SITI, OldOffice, moment

ONE = {"state": "closed", "reason": "resolved", "clear_at": ASKED, "due_at": DUE}
OPEN = {"state": "active", "clear_at": ASKED, "due_at": DUE}


def siti(when: str, body: str) -> dict[str, Any]:
    return {"kind": "message", "author_id": SITI, "created_at": when, "body": body}


def budi(when: str, body: str, is_final: bool = False) -> dict[str, Any]:
    return siti(when, body) | {"author_id": BUDI, "is_final": is_final}


def event(when: str, name: str, by: int | None = BUDI, **data: str) -> dict[str, Any]:
    said = {"kind": "event", "event": name, "author_id": by, "created_at": when}
    return said | {"data": json.dumps(data)}


def test_a_question_after_an_answer_in_time_is_a_turn_of_its_own(office):
    first, second = office.turns(
        {**OPEN, "answered_at": "03 10:00", "answered_due_at": DUE},
        budi("03 10:00", "31.000."),
        siti("09 10:00", "Kalau 2024?"),
    )

    assert first == {"due": DUE, "ended": "03 10:00", "end": "asked", "by": BUDI}
    assert second == {"due": "12 15:30", "ended": None, "end": None, "by": None}
    assert office.printed == [
        "2026-03 jawaban akhir: 0 tepat waktu, 1 terlambat (0.0%) → 0 tepat waktu,"
        " 0 terlambat. pesan pengguna sesudah jawaban memulai permintaan baru: 1"
    ]


def test_a_late_first_answer_stays_late_with_its_reason(office):
    answered = {"answered_at": "09 08:00", "answered_due_at": DUE}
    final = {
        "final_answer_at": "09 08:00",
        "final_due_at": DUE,
        "closed_at": "09 09:00",
    }
    why = {"late_reason": "workload", "late_note": "Sensus."}
    [turn] = office.turns(
        {**ONE, **answered, **final, **why},
        budi("09 08:00", "31.000.", is_final=True),
        event("09 09:00", "resolved"),
    )

    assert turn == {"due": DUE, "ended": "09 08:00", "end": "answered", "by": BUDI}
    assert office.of("turn", "late_reason, late_note") == [("workload", "Sensus.")]
    assert office.printed == []


def test_a_question_that_its_user_answered_begins_the_clock_again(office):
    [turn] = office.turns(
        {
            **{**OPEN, "state": "waiting_user", "clear_at": "04 09:00"},
            **{"due_at": "09 15:30", "answered_due_at": "09 15:30"},
            "answered_at": "06 09:00",
        },
        budi("03 09:00", "Wilayah mana?"),
        event("03 09:00", "clarity_asked"),
        siti("04 09:00", "Wanadadi."),
        event("04 09:00", "cleared", SITI),
        budi("06 09:00", "31.000."),
    )

    assert turn == {"due": "09 15:30", "ended": "06 09:00", "end": "asked", "by": BUDI}
    [(asked_at, due_before, ended_at, by)] = office.of(
        "clarity", "asked_at, due_before, ended_at, ended_by"
    )
    assert [moment(each) for each in (asked_at, due_before, ended_at)] == [
        *("03 09:00", DUE, "04 09:00")
    ]
    assert (by, office.printed) == ("user", [])


def test_a_question_no_longer_makes_what_was_late_early(office):
    moved = {"clear_at": "06 09:05", "due_at": "11 15:30"}
    [turn] = office.turns(
        {**OPEN, **moved, "answered_at": "09 10:00", "answered_due_at": "11 15:30"},
        budi("06 09:00", "Wilayah mana?"),
        event("06 09:00", "clarity_asked"),
        event("06 09:05", "cleared"),
        budi("09 10:00", "31.000."),
    )

    assert turn == {"due": DUE, "ended": "09 10:00", "end": "asked", "by": BUDI}
    assert office.of("clarity", "due_before, ended_by") == [(None, "officer")]
    first, *_ = office.printed
    assert first.startswith(
        "2026-03 jawaban pertama: 1 tepat waktu, 0 terlambat (100.0%)"
        " → 0 tepat waktu, 1 terlambat (0.0%). yang terlambat tetap terlambat: 1"
    )


def test_a_question_that_stands_stops_the_clock(office):
    [turn] = office.turns(
        {"state": "waiting_user", "clear_at": None, "due_at": None},
        budi("03 09:00", "Wilayah mana?"),
        event("03 09:00", "clarity_asked"),
    )

    assert turn == {"due": None, "ended": None, "end": None, "by": None}
    assert office.of("clarity", "ended_at, ended_by") == [(None, None)]


@pytest.mark.parametrize(
    ("reason", "by", "end"),
    [
        ("resolved", BUDI, "unanswered"),
        ("resolved", SITI, "withdrawn"),
        ("duplicate", BUDI, "duplicate"),
        ("withdrawn", SITI, "withdrawn"),
        ("no_response", None, "silent"),
    ],
)
def test_what_was_closed_without_an_answer_says_how(office, reason, by, end):
    [turn] = office.turns(
        {**ONE, "reason": reason, "closed_at": "04 10:00"},
        event("04 10:00", reason, by),
    )

    assert turn == {"due": DUE, "ended": "04 10:00", "end": end, "by": by}
    assert office.printed == []


def test_what_was_reopened_is_due_as_it_was(office):
    [turn] = office.turns(
        OPEN, event("04 10:00", "resolved"), event("05 09:00", "reopened")
    )

    assert turn == {"due": DUE, "ended": None, "end": None, "by": None}


def test_a_recorded_visit_is_answered_when_it_took_place(office):
    answered = {"answered_at": "02 09:10", "answered_due_at": DUE}
    final = {
        "final_answer_at": "02 09:10",
        "final_due_at": DUE,
        "closed_at": "06 10:00",
    }
    office.audit("06 10:00", state="active")
    [turn] = office.turns(
        {**ONE, **answered, **final, "channel": "counter", "minutes": 10},
        event("06 10:00", "recorded"),
        event("06 10:00", "claimed"),
        budi("02 09:10", "31.000.", is_final=True),
        event("06 10:00", "resolved"),
    )

    assert turn == {"due": DUE, "ended": "02 09:10", "end": "answered", "by": BUDI}
    assert office.printed == []


def test_words_that_asked_for_patience_were_no_answer(office):
    office.audit("03 10:00", state="active")
    [turn] = office.turns(
        {**OPEN, "answered_at": "03 10:00", "answered_due_at": DUE},
        budi("03 10:00", "Mohon ditunggu."),
    )

    assert turn == {"due": DUE, "ended": None, "end": None, "by": None}
    [line] = office.printed
    assert line == (
        "2026-03 jawaban pertama: 1 tepat waktu, 0 terlambat (100.0%) → 0 tepat waktu,"
        " 1 terlambat (0.0%). kata sementara bukan jawaban: 1"
    )


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of an office before anything was asked, made once."""
    folder = tmp_path_factory.mktemp("before")
    OldOffice(folder).begin()
    return folder


@pytest.fixture
def office(
    begun: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> OldOffice:
    copy(begun, tmp_path)
    return OldOffice(tmp_path, capsys)
