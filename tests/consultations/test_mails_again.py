"""Which mail about a conversation goes out, which does not, and which does again."""

import pytest
import sqlalchemy as sa

from pst.consultations import duty, jobs
from pst.consultations.messages import Event, Message
from pst.consultations.models import Consultation
from pst.consultations.queries import to_be_told
from pst.consultations.states import Category, Next, Reason
from pst.database import db
from tests.owed import mailed, mails

SITI = ["siti@contoh.test"]


def test_a_note_after_an_answer_is_no_other_answer(mine, budi, at):
    answer = mine.say(budi, "31.000 jiwa.", then=Next.DONE)
    mine.note(budi, "Dari publikasi.")
    db.session.commit()

    at("2026-03-02 09:02+07:00")
    jobs.tell_users()

    [mail] = mails("officer_answered")
    assert mail.cause.endswith(f":message:{answer.id}")


def test_two_minutes_are_over_when_they_are(mine, budi, at):
    mine.say(budi, "31.000 jiwa.")
    db.session.commit()

    at("2026-03-02 09:01:59+07:00")
    assert (to_be_told(), mine.is_to_be_told) == ([], False)
    at("2026-03-02 09:02+07:00")
    assert (to_be_told(), mine.is_to_be_told) == ([(mine.id, mine.number)], True)


def test_who_wants_notices_again_is_told_again(mine, budi, siti, at):
    siti.choose_notices(False)
    mine.say(budi, "31.000 jiwa.")
    db.session.commit()
    at("2026-03-02 09:02+07:00")
    jobs.tell_users()
    assert (mailed("officer_answered"), mine.user_told_at) == ([], None)

    siti.choose_notices(True)
    mine.say(budi, "Menurut sensus.")
    db.session.commit()
    at("2026-03-02 09:04+07:00")
    jobs.tell_users()

    assert mailed("officer_answered") == SITI


def test_who_has_left_the_page_open_is_told_and_a_colleague_is_no_user(
    mine, budi, siti, at, monkeypatch
):
    mine.say(budi, "31.000 jiwa.")
    db.session.commit()
    monkeypatch.setattr(jobs, "present_ids", lambda number: {budi.id})

    at("2026-03-02 09:02+07:00")
    jobs.tell_users()

    assert mailed("officer_answered") == SITI


def test_interim_words_are_mailed_too(mine, budi, at):
    mine.say(budi, "Kami carikan.", then=Next.OFFICER)
    db.session.commit()

    at("2026-03-02 09:02+07:00")
    jobs.tell_users()

    assert mailed("officer_answered") == SITI


def test_each_reopening_by_the_office_is_mailed_and_the_users_own_is_not(
    mine, budi, siti, hasan, at
):
    for day, how in ((2, "office"), (3, "user"), (4, "office")):
        at(f"2026-03-0{day} 10:00+07:00")
        mine.say(budi, "31.000 jiwa.", then=Next.DONE)
        mine.close(Reason.RESOLVED, by=budi)
        if how == "office":
            mine.reopen(hasan)
        else:
            mine.say(siti, "Menurut umur?")
    db.session.commit()

    assert mailed("reopened") == SITI * 2
    assert mailed("closed_resolved") == SITI * 3


def test_who_took_a_request_back_gets_no_mail_about_its_end(consultation, siti):
    consultation.withdraw(siti)

    assert mailed("closed_withdrawn") == mailed("closed_resolved") == []


def test_the_words_of_a_closing_stand_in_place_of_the_last_answer(mine, budi):
    answer = mine.say(budi, "31.000 jiwa.", then=Next.DONE)
    mine.mark(answer, budi, final=True)
    mine.close(Reason.RESOLVED, by=budi, why="Selebihnya tidak ada.")

    [mail] = mails("closed_resolved")
    assert "Selebihnya tidak ada." in mail.body
    assert "31.000" not in mail.body


@pytest.mark.parametrize("is_asked", [True, False])
def test_the_warning_says_whether_something_was_asked(mine, budi, at, is_asked):
    then = Next.USER if is_asked else Next.DONE
    mine.say(budi, "31.000 jiwa.", then=then)
    db.session.commit()

    at("2026-03-04 09:00+07:00")
    jobs.warn_silent()

    warned = db.session.scalars(sa.select(Message).filter_by(event=Event.WARNED)).one()
    assert warned.data["asked"] is is_asked


def test_a_user_who_replied_is_warned_again_when_silent_again(mine, budi, siti, at):
    for day in (2, 9):
        at(f"2026-03-{day:02d} 09:00+07:00")
        mine.say(budi, "Tahun berapa?")
        db.session.commit()
        at(f"2026-03-{day + 2:02d} 08:59:59+07:00")
        jobs.warn_silent()
        assert mine.warned_at is None
        at(f"2026-03-{day + 2:02d} 09:00+07:00")
        jobs.warn_silent()
        jobs.warn_silent()
        assert mine.warned_at is not None
        mine.say(siti, "Tahun 2025.")
        db.session.commit()
        assert mine.warned_at is None

    assert mailed("closing_warning") == SITI * 2


def test_a_near_deadline_is_mailed_once_a_turn_and_to_no_head(mine, budi, siti, at):
    at("2026-03-04 09:00+07:00")
    jobs.warn_of_deadlines()
    mine.say(budi, "31.000 jiwa.", then=Next.DONE)
    mine.say(siti, "Menurut umur?")
    db.session.commit()
    jobs.warn_of_deadlines()
    assert mailed("due_soon") == ["budi@contoh.test"]

    at("2026-03-06 09:00+07:00")
    jobs.warn_of_deadlines()
    jobs.warn_of_deadlines()

    assert mailed("due_soon") == ["budi@contoh.test"] * 2


def test_the_head_hears_again_of_another_turn_that_waits_in_the_queue(
    mine, budi, siti, at
):
    mine.release(budi)
    db.session.commit()
    at("2026-03-05 09:00+07:00")
    jobs.warn_of_unclaimed()
    mine.claim(budi)
    mine.say(budi, "31.000 jiwa.", then=Next.DONE)
    mine.say(siti, "Menurut umur?")
    mine.release(budi)
    db.session.commit()
    jobs.warn_of_unclaimed()
    assert mailed("unclaimed") == ["hasan@contoh.test"]

    at("2026-03-09 09:00+07:00")
    jobs.warn_of_unclaimed()

    assert mailed("unclaimed") == ["hasan@contoh.test"] * 2


def test_what_an_absent_officer_is_late_with_is_told_to_those_here_and_the_head(
    mine, budi, rina, at
):
    at("2026-03-06 09:00+07:00")
    day = duty.today()
    duty.DutyChange.plan(budi, day, day, "sakit", by=budi)
    db.session.commit()

    jobs.warn_of_deadlines()

    assert mailed("overdue") == ["hasan@contoh.test", "rina@contoh.test"]


def test_a_digest_lists_what_is_due_today_and_not_tomorrow(mine, budi, rina, at):
    at("2026-03-04 08:00+07:00")
    jobs.send_digest()
    assert mailed("digest") == []

    at("2026-03-05 08:00+07:00")
    jobs.send_digest()
    assert mailed("digest") == ["budi@contoh.test"]


def test_a_digest_leads_with_what_is_due_first(budi, siti, dewi, at):
    for day, user, subject in ((3, siti, "kemudian"), (2, dewi, "dahulu")):
        at(f"2026-03-0{day} 09:00+07:00")
        Consultation.ask(user, Category.DATA, subject, "Uraian.")
    db.session.commit()

    at("2026-03-04 08:00+07:00")
    jobs.send_digest()

    body = mails("digest")[0].body
    assert body.index("dahulu") < body.index("kemudian")
