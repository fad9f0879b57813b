"""Answering the questionnaire: once a user and period, and summed for the report."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from pst import clock
from pst.consultations.models import Consultation
from pst.consultations.states import Category, Reason
from pst.database import db
from pst.feedback import survey, survey_answers
from pst.feedback.models import Rating
from pst.feedback.queries import Asking
from pst.feedback.survey_answers import SurveyAnswer
from pst.office import settings
from pst.rules import WrongState

THREES = dict.fromkeys(survey.CODES, 3)


def close_another(user, officer) -> Consultation:
    consultation = Consultation.ask(
        user, Category.METADATA, "Konsep IPM", "Apa artinya?"
    )
    consultation.claim(officer)
    db.session.flush()
    consultation.close(Reason.RESOLVED, officer)
    return consultation


def test_answers_are_stored_with_period_and_version(closed):
    answer = SurveyAnswer.give(Rating.leave(closed, 5), THREES)
    db.session.commit()

    assert (answer.period, answer.version) == ("2026-S1", survey.VERSION)
    assert answer.scores == THREES


def test_a_user_answers_once_a_period(closed):
    rating = Rating.leave(closed, 5)
    SurveyAnswer.give(rating, THREES)

    with pytest.raises(WrongState, match="sudah Anda isi"):
        SurveyAnswer.give(rating, THREES)


def test_it_is_offered_again_in_the_next_period(closed, siti, budi, at):
    SurveyAnswer.give(Rating.leave(closed, 5), THREES)
    at("2026-06-30 10:00+07:00")
    same = close_another(siti, budi)
    Rating.leave(same, 4)
    at("2026-07-01 10:00+07:00")
    next_period = close_another(siti, budi)
    Rating.leave(next_period, 4)

    assert not Asking(closed).offers_survey
    assert not Asking(same).offers_survey
    assert Asking(next_period).offers_survey


def test_who_passed_it_over_is_not_asked_twice_in_a_period(closed, siti, budi, at):
    Rating.leave(closed, 5)
    assert Asking(closed).offers_survey
    at("2026-07-01 10:00+07:00")
    first, second = close_another(siti, budi), close_another(siti, budi)
    Rating.leave(first, 4)
    Rating.leave(second, 4)

    assert Asking(first).offers_survey
    assert not Asking(second).offers_survey


def test_who_has_answered_is_not_asked_on_the_same_page(closed):
    SurveyAnswer.give(Rating.leave(closed, 5), THREES)

    assert not Asking(closed).offers_survey


def test_another_user_is_asked_too(closed, dewi, budi):
    SurveyAnswer.give(Rating.leave(closed, 5), THREES)
    hers = close_another(dewi, budi)
    Rating.leave(hers, 5)

    assert Asking(hers).offers_survey


def test_the_offer_ends_with_the_link(closed, at):
    Rating.leave(closed, 5)
    db.session.commit()

    at("2026-04-01 11:00+07:00")
    assert Asking(closed).offers_survey
    at("2026-04-01 11:00:01+07:00")
    assert not Asking(closed).offers_survey


def test_the_database_knows_the_scale(closed):
    with pytest.raises(IntegrityError):
        SurveyAnswer.give(Rating.leave(closed, 5), {**THREES, "u9": 5})
        db.session.flush()


def test_the_answers_of_a_period_are_summed(closed, dewi, budi):
    SurveyAnswer.give(Rating.leave(closed, 5), THREES)
    without_costs = {code: 4 for code in survey.CODES if code != "u4"}
    SurveyAnswer.give(Rating.leave(close_another(dewi, budi), 5), without_costs)
    db.session.commit()
    now = clock.now()

    totals, respondents = survey_answers.totals(now, now + timedelta(seconds=1))
    before = survey_answers.totals(datetime(2026, 1, 1, tzinfo=UTC), now)

    assert totals == {**dict.fromkeys(survey.CODES, (7, 2)), "u4": (3, 1)}
    assert respondents == 2
    index = survey.index_of_totals(totals, respondents)
    assert index.value == Decimal("86.11")
    assert before[1] == 0
    assert survey.index_of_totals(*before) is None


def test_the_length_of_the_period_is_a_setting(closed):
    settings.change({"survey_period": "quarter"})

    assert SurveyAnswer.give(Rating.leave(closed, 5), THREES).period == "2026-T1"


def test_the_local_day_decides_the_period(closed):
    rating = Rating.leave(closed, 5)
    rating.rated_at = datetime.fromisoformat("2026-07-01 00:30+07:00").astimezone(UTC)
    assert survey_answers.period_of(rating) == "2026-S2"

    rating.rated_at -= timedelta(hours=1)
    assert survey_answers.period_of(rating) == "2026-S1"
