"""How what was closed without an answer is counted."""

import csv
from io import StringIO

import pytest

from pst.consultations.messages import Event, Message
from pst.consultations.service_level.turns import End
from pst.consultations.states import Reason
from pst.database import db
from pst.reports.files.export import Export
from pst.reports.layout.tables import sections, table
from tests.reports.conftest import MARCH

DUE = "2026-03-05 15:30+07:00"


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
        Message.happened(consultation.id, Event(reason.value), closer)
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
