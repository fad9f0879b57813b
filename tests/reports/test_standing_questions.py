"""How long questions to users stood, and which requests are counted by their level."""

from pst.consultations.states import Category, Reason
from pst.database import db


def test_a_question_stands_no_longer_than_what_was_asked_about(
    consultation, budi, march, at
):
    consultation.claim(budi)
    at("2026-03-02 10:00+07:00")
    consultation.ask_clarity(budi, "Menurut desa?")
    at("2026-03-02 11:00+07:00")
    consultation.close(Reason.NO_RESPONSE)
    db.session.commit()

    at("2026-03-20 09:00+07:00")
    clarity = march()["clarity"]

    assert (clarity["asked"], clarity["standing"], clarity["median"]) == (1, 1, 1.0)


def test_a_question_that_was_taken_back_does_not_count(consultation, budi, march, at):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Menurut desa?")
    consultation.undo_clock(budi)
    db.session.commit()

    assert march()["clarity"]["asked"] == 0


def test_only_requests_for_data_have_a_level(asked, march):
    level = {"details": {"level": "desa"}}
    asked("2026-03-02 09:00+07:00", **level)
    asked("2026-03-02 09:00+07:00", category=Category.METADATA, **level)
    asked("2026-02-02 09:00+07:00", **level)

    assert march()["demand"] == {"count": 1, "level": {"desa": 1}}
