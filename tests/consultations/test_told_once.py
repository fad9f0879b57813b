"""What an officer or a user is told once, by whichever worker."""

from pst import dead_letters
from pst.consultations import jobs
from pst.consultations.queries import overdue_ids, unclaimed_ids
from pst.database import db
from pst.web.formats.formatting import moment
from tests.owed import mailed


def test_who_answered_while_the_list_was_gone_through_is_not_warned(
    mine, budi, at, monkeypatch
):
    at("2026-03-05 09:00+07:00")
    mine.say(budi, "31.000 jiwa.")
    db.session.commit()
    monkeypatch.setattr(jobs, "due_soon_ids", lambda _: [mine.id])
    jobs.warn_of_deadlines()

    assert mailed("due_soon") == []
    assert dead_letters.items() == []


def test_a_clock_that_was_stopped_while_the_list_was_gone_through_is_not_near(
    mine, budi, at, monkeypatch
):
    at("2026-03-05 09:00+07:00")
    mine.ask_clarity(budi, "Wilayah mana?")
    db.session.commit()
    monkeypatch.setattr(jobs, "due_soon_ids", lambda _: [mine.id])
    jobs.warn_of_deadlines()

    assert mailed("due_soon") == []
    assert mine.turn.due_warned_at is None


def test_an_officer_is_warned_once_by_two_workers_at_a_time(mine, at, monkeypatch):
    at("2026-03-05 09:00+07:00")
    monkeypatch.setattr(jobs, "due_soon_ids", lambda _: [mine.id, mine.id])
    jobs.warn_of_deadlines()

    assert mailed("due_soon") == ["budi@contoh.test"]


def test_what_was_told_is_not_read_again_every_minute(mine, at):
    at("2026-03-06 09:00+07:00")
    assert overdue_ids() == [mine.id]
    jobs.warn_of_deadlines()

    assert overdue_ids() == []


def test_what_was_claimed_is_not_looked_at_as_unclaimed(consultation, budi):
    assert unclaimed_ids() == [consultation.id]
    consultation.claim(budi)
    db.session.commit()

    assert unclaimed_ids() == []


def test_a_mail_of_a_new_turn_is_another_one_though_due_at_the_same_time(
    mine, budi, siti
):
    before = mine.cause_of_turn(budi)
    due_at = mine.due_at
    mine.say(budi, "31.000 jiwa.")
    mine.say(siti, "Menurut umur?")
    db.session.commit()

    assert mine.due_at == due_at
    assert mine.cause_of_turn(budi) != before


def test_a_turn_is_the_same_cause_of_a_mail_before_and_after_it_is_stored(
    mine, budi, siti
):
    mine.say(budi, "31.000 jiwa.")
    mine.say(siti, "Menurut umur?")
    unstored = mine.cause_of_turn(budi)
    db.session.commit()
    db.session.expire_all()

    assert mine.cause_of_turn(budi) == unstored


def test_a_second_message_puts_the_mail_to_the_user_not_off(mine, budi, at):
    mine.say(budi, "31.000 jiwa.")
    planned_at = mine.tell_user_at
    at("2026-03-02 09:01:30+07:00")
    mine.say(budi, "Menurut proyeksi.")

    assert mine.tell_user_at == planned_at


def test_the_next_mail_to_the_user_is_a_quarter_of_an_hour_later(mine, budi, at):
    mine.say(budi, "31.000 jiwa.")
    db.session.commit()
    at("2026-03-02 09:02+07:00")
    jobs.tell_users()
    mine.say(budi, "Menurut proyeksi.")
    assert moment(mine.tell_user_at) == "2 Maret 2026 pukul 09.17 WIB"

    at("2026-03-02 09:20+07:00")
    jobs.tell_users()
    at("2026-03-02 10:00+07:00")
    mine.say(budi, "Tabelnya menyusul.")
    assert moment(mine.tell_user_at) == "2 Maret 2026 pukul 10.02 WIB"
