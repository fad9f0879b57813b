"""How the service level is measured."""

import csv
from datetime import datetime
from io import StringIO

import pytest

from pst.consultations.messages import Event, Message
from pst.consultations.service_level.turns import End, Turn
from pst.consultations.states import LateReason, Reason, State
from pst.database import db
from pst.office import days_off
from pst.reports.figures.working_hours import ServiceHours, nearest
from pst.reports.files.export import Export
from pst.reports.layout.tables import sections, table
from tests.reports.conftest import MARCH

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


@pytest.fixture
def closed_by(asked):
    """Store a consultation that someone closed without a word, when told."""

    def close(closer, closed_at: str, reason: Reason = Reason.RESOLVED) -> None:
        end = {
            Reason.RESOLVED: End.UNANSWERED,
            Reason.NO_RESPONSE: End.SILENT,
            Reason.WITHDRAWN: End.WITHDRAWN,
            Reason.DUPLICATE: End.DUPLICATE,
        }[reason]
        consultation = asked(
            "2026-03-02 09:00+07:00",
            due_at=DUE,
            closed_at=closed_at,
            reason=reason,
            end=end if closer.is_staff else End.WITHDRAWN,
        )
        message = Message.happened(Event(reason.value), closer)
        message.consultation_id = consultation.id
        db.session.add(message)
        db.session.commit()

    return close


@pytest.mark.parametrize(
    ("closed_at", "late", "unanswered"),
    [("2026-03-05 15:30+07:00", 0, 1), ("2026-03-05 15:31+07:00", 1, 0)],
)
def test_closing_without_an_answer_is_no_good_service(
    asked, march, at, budi, closed_by, closed_at, late, unanswered
):
    asked(
        "2026-03-02 09:00+07:00",
        due_at=DUE,
        answered_at="2026-03-02 10:00+07:00",
        closed_at="2026-03-02 10:00+07:00",
    )
    closed_by(budi, closed_at)
    at("2026-03-20 09:00+07:00")

    figures = march()

    for answer in (figures["service"]["first"], figures["service"]["final"]):
        assert (answer["within"], answer["late"]) == (1, late)
        assert (answer["unanswered"], answer["share"]) == (unanswered, 0.5)
    standing = figures["volume"]["standing"]
    assert (standing["resolved"], standing["unanswered"]) == (1, 1)
    assert table("service", figures).written[1] == [
        *("Jawaban pertama", "1", str(late), str(unanswered), "50,0%"),
    ]


@pytest.mark.parametrize(
    "reason", [Reason.WITHDRAWN, Reason.DUPLICATE, Reason.NO_RESPONSE]
)
def test_what_ended_for_another_reason_stays_out(march, budi, closed_by, reason):
    closed_by(budi, "2026-03-03 10:00+07:00", reason)

    figures = march()

    assert figures["service"]["first"]["unanswered"] == 0
    assert figures["service"]["first"]["share"] is None
    assert figures["volume"]["standing"][reason.value] == 1


def test_what_the_user_closed_themselves_stays_out(march, siti, closed_by):
    closed_by(siti, "2026-03-03 10:00+07:00")

    figures = march()

    assert figures["service"]["first"]["share"] is None
    assert figures["volume"]["standing"]["resolved"] == 1


def test_the_rows_tell_what_was_closed_without_an_answer(budi, closed_by):
    closed_by(budi, "2026-03-03 10:00+07:00")

    file = StringIO(Export(MARCH).csv().removeprefix("\ufeff"))
    [row] = csv.DictReader(file)

    assert row["Keadaan"] == "Ditutup tanpa jawaban"
    assert row["Jawaban pertama"] == row["Jawaban akhir"] == "ditutup tanpa jawaban"


def test_a_report_from_before_that_was_counted_says_so(context, march):
    figures = march()
    for answer in ("first", "final"):
        del figures["service"][answer]["unanswered"]
    del figures["service"]["turns"], figures["clarity"], figures["endings"]

    assert [row[3] for row in table("service", figures).written] == ["–", "–"]
    assert "Permintaan dijawab dalam batas waktu" not in {
        row[0] for row in table("headline", figures).written
    }
    ids = {each.id for part in sections(figures, {}) for each in part.tables}
    assert "durations" in ids and not {"clarity", "endings"} & ids


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
    found = march()["service"]

    assert answered.turn.end is End.ANSWERED
    assert (found["first"]["within"], found["first"]["late"]) == (3, 0)
    assert (found["final"]["within"], found["final"]["late"]) == (0, 2)


def again(consultation, began: str, due: str, answered: str | None) -> None:
    """Add a second turn, answered when told or still owed."""
    moments = [datetime.fromisoformat(m) if m else None for m in (began, due, answered)]
    turn = Turn(number=2, consultation_id=consultation.id, began_at=moments[0])
    turn.clear_at, turn.due_at, turn.ended_at = moments
    turn.end = End.ANSWERED if answered else None
    db.session.add(turn)
    db.session.commit()


def test_times_are_in_working_hours_since_the_request_was_clear(asked, march):
    asked(
        "2026-03-06 15:00+07:00",  # a Friday; service ends at 16.00
        answered_at="2026-03-09 09:30+07:00",
        due_at="2026-03-11 15:30+07:00",
    )

    first = march()["service"]["first"]

    assert (first["count"], first["median"], first["p90"]) == (1, 2.5, 2.5)


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


def test_the_wait_in_the_queue_ends_when_the_answering_officer_took_it(asked, march):
    asked(
        "2026-03-02 09:00+07:00",
        claimed_at="2026-03-02 09:45+07:00",
        answered_at="2026-03-02 12:00+07:00",
    )

    assert march()["service"]["queue"]["median"] == 0.75


def test_the_wait_in_the_queue_is_not_changed_by_a_later_claim(
    consultation, budi, rina, march, at
):
    at("2026-03-02 10:00+07:00")
    consultation.claim(budi)
    at("2026-03-02 11:00+07:00")
    consultation.say(budi, "31.000 jiwa.")
    at("2026-03-02 11:20+07:00")
    consultation.release(budi)
    at("2026-03-02 11:30+07:00")
    consultation.claim(rina)
    db.session.commit()

    assert march()["service"]["queue"]["median"] == 1.0


def test_of_several_who_took_it_the_one_who_answered_ended_the_wait(
    consultation, budi, rina, march, at
):
    at("2026-03-02 09:30+07:00")
    consultation.claim(budi)
    at("2026-03-02 09:40+07:00")
    consultation.release(budi)
    at("2026-03-02 10:00+07:00")
    consultation.claim(rina)
    at("2026-03-02 11:00+07:00")
    consultation.say(rina, "31.000 jiwa.")
    at("2026-03-02 11:20+07:00")
    consultation.release(rina)
    at("2026-03-02 11:30+07:00")
    consultation.claim(budi)
    db.session.commit()

    assert march()["service"]["queue"]["median"] == 1.0


def test_only_an_answer_has_a_time_and_a_final_one_only_once_it_is_closed(
    asked, march, at, budi, closed_by
):
    closed_by(budi, "2026-03-03 10:00+07:00")
    service = march()["service"]
    assert (service["first"]["count"], service["final"]["count"]) == (0, 0)

    answered = "2026-03-02 10:00+07:00"
    asked("2026-03-02 09:00+07:00", due_at=DUE, answered_at=answered)
    service = march()["service"]
    assert (service["first"]["count"], service["final"]["count"]) == (1, 0)


def test_the_ninetieth_percentile_really_occurred():
    assert nearest([1.0], 90) == 1.0
    assert nearest(list(range(1, 11)), 90) == 9
    assert nearest(list(range(1, 12)), 90) == 10


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("2026-03-02 07:00+07:00", "2026-03-02 07:30+07:00"),
        ("2026-03-02 10:00+07:00", "2026-03-05 18:00+07:00"),
        ("2026-03-07 10:00+07:00", "2026-03-08 10:00+07:00"),
        ("2026-03-16 10:00+07:00", "2026-03-30 11:11+07:00"),
    ],
)
def test_quick_hours_are_those_of_the_calendar(context, begin, end):
    calendar = days_off.calendar()
    a, b = datetime.fromisoformat(begin), datetime.fromisoformat(end)

    moments = a.timestamp(), b.timestamp()
    quick = ServiceHours(calendar, *moments).between(*moments)

    assert quick == pytest.approx(calendar.service_time(a, b).total_seconds() / 3600)


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
    written = {"late": {"KS-2026-000002": "Hari libur"}}
    assert table("late", figures, written).rows[1][-1] == "Hari libur"


def test_a_question_at_the_end_does_not_pass_for_an_answer(asked, march):
    for end, answered_at in (
        (End.ANSWERED, "2026-03-05 15:30+07:00"),
        (End.ASKED, "2026-03-05 15:30+07:00"),
        (End.ASKED, "2026-03-05 15:31+07:00"),
    ):
        asked("2026-03-02 09:00+07:00", due_at=DUE, answered_at=answered_at, end=end)

    rows = {row[0]: row[1:] for row in table("endings", march()).written}

    assert rows["Dijawab"] == ["1", "1", "0", "33,3%"]
    asking = "Dijawab dengan pertanyaan kepada pengguna"
    assert rows[asking] == ["2", "1", "1", "66,7%"]
    assert rows["Belum dijawab"] == ["0", "0", "0", "0,0%"]
