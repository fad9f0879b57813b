"""Who looks at feedback a second time, when it was closed, and what an end leaves."""

from datetime import datetime

import pytest
import sqlalchemy as sa

from pst import clock
from pst.consultations.states import Reason
from pst.database import db
from pst.feedback import survey_answers
from pst.feedback.follow_ups.notices import responsible
from pst.feedback.jobs import remind_of_ratings
from pst.feedback.models import Rating
from pst.feedback.queries import Board
from pst.feedback.survey_answers import SurveyAnswer
from pst.office import settings
from pst.office.audit import AuditEntry
from pst.outbox.models import OutboxMail
from pst.rules import WrongState

COMPLAINT = "Saya kecewa."


def test_what_is_followed_up_is_not_called_no_complaint(closed, budi):
    rating = Rating.leave(closed, 1, COMPLAINT)
    with pytest.raises(WrongState, match="sudah ditinjau"):
        rating.dismiss(budi)


def test_erased_words_are_no_longer_to_be_reviewed(closed, budi):
    rating = Rating.leave(closed, 5, COMPLAINT)
    db.session.flush()
    assert Board(budi).to_review == 1 and rating.suspected

    rating.erase()
    db.session.flush()

    assert Board(budi).to_review == 0
    assert (rating.comment, rating.suspected, rating.score) == ("", [], 5)


def test_the_week_for_a_change_begins_again_with_each_closing(closed, siti, budi, at):
    rating = Rating.leave(closed, 5)
    assert f"{rating.changeable_until:%m-%d %H:%M}" == "03-09 04:00"
    at("2026-03-05 11:00+07:00")
    closed.say(siti, "Ada yang lain?")
    closed.say(budi, "Ini.")
    closed.close(Reason.RESOLVED, by=budi)
    assert f"{rating.changeable_until:%m-%d %H:%M}" == "03-12 04:00"


def test_a_questionnaire_counts_from_the_first_moment_until_before_the_last(closed):
    SurveyAnswer.give(Rating.leave(closed, 5), {"u1": 4})
    db.session.flush()
    moment, before = clock.now(), datetime.fromisoformat("2026-01-01T00:00+07:00")
    after = datetime.fromisoformat("2027-01-01T00:00+07:00")
    for begin, end, count in ((moment, after, 1), (before, moment, 0)):
        totals, respondents = survey_answers.totals(begin, end)
        assert (respondents, totals["u1"]) == (count, (4 * count, count))
        assert len(survey_answers.versions(begin, end)) == count


def test_without_an_owner_all_officers_act_and_no_one_else(budi, rina, hasan, andi):
    assert responsible(None, hasan, andi) == [budi, rina]


def test_the_end_is_when_the_second_person_agreed(closed, budi, hasan, at):
    settings.change({"follow_up_second_person": True})
    follow_up = Rating.leave(closed, 1).follow_up
    follow_up.claim(budi)
    follow_up.write(budi, "Mohon maaf.")
    follow_up.send(budi, follow_up.draft_key)
    proposed_at = clock.now()
    follow_up.close(budi, "Tabel dikirim.")
    at("2026-03-03 09:00+07:00")
    follow_up.confirm(hasan)

    assert (follow_up.resolved_at, follow_up.resolved_by) == (proposed_at, budi)
    assert (follow_up.closed_at, follow_up.closed_by) == (clock.now(), hasan)
    query = sa.select(AuditEntry.action, AuditEntry.detail).filter_by(
        subject=follow_up.audit_subject
    )
    rows = db.session.execute(query.order_by(AuditEntry.id))
    steps = [(act.removeprefix("follow_up_"), each["progress"]) for act, each in rows]
    assert steps == [
        *(("opened", "open"), ("claimed", "open"), ("sent", "sent")),
        *(("proposed", "to_confirm"), ("closed", "closed")),
    ]


def test_the_colleague_who_took_it_over_may_agree_and_is_the_one_mailed(
    closed, budi, rina, andi
):
    settings.change({"follow_up_second_person": True, "follow_up_workdays": 5})
    follow_up = Rating.leave(closed, 1).follow_up
    due_at = follow_up.due_at.astimezone(settings.current().zone)
    assert f"{due_at:%m-%d %H:%M}" == "03-09 15:30", "five days, not three"
    follow_up.claim(budi)
    follow_up.write(budi, "Mohon maaf.")
    follow_up.send(budi, follow_up.draft_key)
    follow_up.close(budi, "Tabel dikirim.")
    follow_up.pass_on(rina, by=andi)
    db.session.flush()
    assert follow_up.can_be_confirmed_by(rina)
    assert not follow_up.can_be_confirmed_by(budi), "it was his proposal"

    follow_up.answer("Belum jelas.")
    query = sa.select(OutboxMail.to_address).filter_by(kind="follow_up_answered")
    assert list(db.session.scalars(query)) == [rina.email]

    follow_up.erase()
    assert follow_up.resolution == follow_up.draft == ""


def test_no_one_is_reminded_of_what_was_erased(closed, at):
    closed.erase(None)
    db.session.commit()
    at("2026-03-06 09:00+07:00")
    remind_of_ratings()
    reminders = sa.select(OutboxMail.id).filter_by(kind="rating_reminder")
    assert db.session.scalar(reminders) is None
