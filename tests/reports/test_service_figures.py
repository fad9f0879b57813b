"""How the service level is measured: what was in time, and from when."""

from datetime import datetime

import pytest

from pst.consultations.service_level.turns import End, Turn
from pst.consultations.states import LateReason, Reason, State
from pst.database import db
from pst.reports.layout.tables import table

DUE = "2026-03-05 15:30+07:00"


@pytest.mark.parametrize(
    ("answered", "within", "late"),
    [("2026-03-05 15:30+07:00", 1, 0), ("2026-03-05 15:31+07:00", 0, 1)],
)
def test_a_first_answer_is_on_time_until_the_deadline(
    asked, march, answered, within, late
):
    asked(
        "2026-03-02 09:00+07:00",
        due_at=DUE,
        answered_at=answered,
    )

    first = march()["service"]["first"]

    assert (first["within"], first["late"]) == (within, late)


def test_without_an_answer_it_is_late_only_after_the_deadline(asked, march, at):
    asked("2026-03-02 09:00+07:00", due_at=DUE, state=State.QUEUED)

    at("2026-03-05 15:30+07:00")
    assert march()["service"]["first"]["late"] == 0
    assert march()["service"]["first"]["share"] is None

    at("2026-03-05 15:31+07:00")
    assert march()["service"]["first"]["late"] == 1
    assert [row["number"] for row in march()["late"]] == ["KS-2026-000001"]


def test_what_was_taken_back_in_time_is_not_late(asked, march, at):
    asked(
        "2026-03-02 09:00+07:00",
        due_at=DUE,
        closed_at="2026-03-02 10:00+07:00",
        reason=Reason.WITHDRAWN,
        end=End.WITHDRAWN,
    )

    at("2026-03-20 09:00+07:00")
    assert march()["service"]["first"]["late"] == 0
    assert march()["service"]["final"]["late"] == 0


def test_a_final_answer_is_measured_when_the_consultation_is_closed(asked, march, at):
    closed, waiting = (
        asked(
            "2026-03-02 09:00+07:00",
            due_at=DUE,
            answered_at="2026-03-02 10:00+07:00",
            turn_number=2,
            **how,
        )
        for how in ({"closed_at": "2026-03-09 10:00+07:00"}, {"state": State.ACTIVE})
    )
    for each, late in ((closed, "2026-03-06 10:00+07:00"), (waiting, None)):
        again(each, "2026-03-02 11:00+07:00", DUE, late)
    answered = asked(
        "2026-03-02 09:00+07:00",
        due_at=DUE,
        answered_at="2026-03-02 10:00+07:00",
        state=State.WAITING_USER,
    )

    at("2026-03-05 12:00+07:00")
    assert march()["service"]["final"]["late"] == 1, "closed, as it will be"
    at("2026-03-20 09:00+07:00")
    service = march()["service"]

    assert answered.turn.end is End.ANSWERED
    assert (service["first"]["within"], service["first"]["late"]) == (3, 0)
    assert (service["final"]["within"], service["final"]["late"]) == (0, 2)


def again(consultation, began: str, due: str, answered: str | None) -> None:
    """Add a second turn, answered when told or still owed."""
    moments = [datetime.fromisoformat(m) if m else None for m in (began, due, answered)]
    turn = Turn(number=2, consultation_id=consultation.id, began_at=moments[0])
    turn.clear_at, turn.due_at, turn.ended_at = moments
    turn.end = End.ANSWERED if answered else None
    db.session.add(turn)
    db.session.commit()


def test_a_turn_that_began_later_does_not_shorten_the_first_answer(asked, march):
    reopened = asked(
        "2026-03-02 09:00+07:00",
        answered_at="2026-03-02 12:00+07:00",
        due_at=DUE,
        turn_number=2,
    )
    again(reopened, "2026-03-10 09:00+07:00", "2026-03-13 15:30+07:00", None)

    assert march()["service"]["first"]["median"] == 3.0

    reopened.turns[0].clear_at = reopened.asked_at.replace(hour=4)  # 11.00 WIB
    db.session.commit()
    assert march()["service"]["first"]["median"] == 1.0


def test_why_it_was_late_is_told_by_the_officer(asked, march, at):
    asked(
        "2026-03-02 09:00+07:00",
        due_at=DUE,
        answered_at="2026-03-06 09:00+07:00",
        late_reason=LateReason.COMPLEX,
        late_note="Menunggu data mentah",
    )
    asked("2026-03-02 10:00+07:00", due_at=DUE)

    at("2026-03-20 09:00+07:00")
    figures = march()

    assert figures["late_reasons"] == {"complex": 1, "": 1}
    causes = [row[-1] for row in table("late", figures).rows]
    assert causes == ["Permintaan rumit: Menunggu data mentah", ""]
    words = {"late": {"KS-2026-000002": "Hari libur"}}
    assert table("late", figures, words).rows[1][-1] == "Hari libur"
