"""Which consultations a period counts, and how."""

from pst.consultations.states import Category, Reason, State
from pst.reports.figures.period_figures import Figures
from pst.reports.periods import Period


def test_a_consultation_belongs_to_the_local_day_it_was_asked(asked, march):
    asked("2026-02-28 23:59+07:00")
    asked("2026-03-01 00:00+07:00")
    asked("2026-03-31 23:59+07:00")
    asked("2026-04-01 00:00+07:00")

    volume = march()["volume"]

    assert volume["total"] == 2
    assert volume["day"] == {"2026-03-01": 1, "2026-03-31": 1}
    assert volume["weekday"] == [0, 1, 0, 0, 0, 0, 1]
    assert (volume["hour"][0], volume["hour"][23]) == (1, 1)


def test_consultations_are_counted_by_what_is_known_of_them(asked, march, dewi):
    asked("2026-03-02 09:00+07:00", details={"purpose": "skripsi"})
    asked(
        "2026-03-02 09:00+07:00",
        category=Category.METADATA,
        user=dewi,
        closed_at="2026-03-04 09:00+07:00",
        reason=Reason.NO_RESPONSE,
    )
    asked("2026-03-03 09:00+07:00", state=State.QUEUED)

    volume = march()["volume"]

    assert volume["category"] == {
        "data": 2,
        "metadata": 1,
        "recommendation": 0,
        "classification": 0,
    }
    assert volume["standing"] == {
        "queued": 1,
        "active": 1,
        "waiting_user": 0,
        "resolved": 0,
        "unanswered": 0,
        "no_response": 1,
        "withdrawn": 0,
        "duplicate": 0,
    }
    assert volume["institution"] == {"pendidikan": 2, "pemda": 1}
    assert volume["occupation"] == {"pelajar": 2, "asn": 1}
    assert volume["purpose"] == {"": 2, "skripsi": 1}


def test_an_empty_period_has_figures_too(context, at):
    figures = Figures(Period.parse("2025-01")).frozen()

    assert figures["volume"]["total"] == 0
    assert figures["service"]["first"]["share"] is None
    assert figures["service"]["first"]["median"] is None
    assert figures["ratings"]["mean"] is None


def test_a_period_is_compared_with_the_one_before(asked, march):
    asked("2026-02-10 09:00+07:00")
    asked("2026-03-10 09:00+07:00")
    asked("2026-03-11 09:00+07:00")

    assert march()["before"]["volume"]["total"] == 1
    assert march()["before"]["first"] == "2026-02-01"
