"""The service-level clock at the desk: undo, late reasons, absent colleagues, mails."""

from dataclasses import replace
from datetime import date

import pytest
from flask import current_app

from pst.consultations import duty, notices
from pst.consultations.desk.worklist.sections import Section
from pst.consultations.desk.worklist.worklist import Worklist
from pst.consultations.jobs import (
    close_silent,
    send_digest,
    tell_users,
    warn_of_deadlines,
    warn_of_unclaimed,
)
from pst.consultations.messages import Event
from pst.consultations.states import Held, LateReason, Next, Reason, State
from pst.consultations.verbs.thanks import is_only_thanks
from pst.database import db
from pst.outbox.models import Delivery, OutboxMail
from pst.rules import WrongState
from tests.owed import mailed


def test_asking_for_clarity_can_be_taken_back_by_who_did_it(consultation, budi, rina):
    consultation.claim(budi)
    clear_at, due_at = consultation.clear_at, consultation.due_at
    consultation.ask_clarity(budi, "Wilayah mana?")
    with pytest.raises(WrongState):
        consultation.undo_clock(rina)

    consultation.undo_clock(budi)

    assert (consultation.clear_at, consultation.due_at) == (clear_at, due_at)
    assert consultation.state is State.ACTIVE
    assert consultation.waiting_since is None
    with pytest.raises(WrongState):
        consultation.undo_clock(budi)


def test_what_another_did_is_not_offered_to_be_taken_back(consultation, budi, rina):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Wilayah mana?")
    assert consultation.undoable_by(budi) is not None

    consultation._give_to(rina)  # Nothing that could be taken back comes in between.

    assert consultation.undoable_by(rina) is None
    with pytest.raises(WrongState):
        consultation.undo_clock(rina)


def test_clear_can_be_taken_back(consultation, budi, at):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Wilayah mana?")
    since = consultation.waiting_since
    at("2026-03-03 09:00+07:00")
    consultation.mark_clear(budi)

    consultation.undo_clock(budi)

    assert consultation.due_at is None
    assert consultation.state is State.WAITING_USER
    assert consultation.waiting_since == since


def test_nothing_is_taken_back_once_the_user_has_answered(consultation, budi, siti):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Wilayah mana?")
    consultation.say(siti, "Wanadadi.")

    with pytest.raises(WrongState):
        consultation.undo_clock(budi)


def test_what_is_late_needs_a_reason_and_nothing_else_does(consultation, budi, at):
    consultation.claim(budi)
    at("2026-03-05 15:30+07:00")
    assert not consultation.needs_explanation

    at("2026-03-05 15:30:01+07:00")
    assert consultation.needs_explanation
    consultation.say(budi, "Terlambat, maaf.")
    assert consultation.needs_explanation

    consultation.explain_delay(budi, LateReason.OTHERS, "Menunggu provinsi")
    assert not consultation.needs_explanation


def test_only_an_absent_colleagues_work_is_taken_over(consultation, budi, rina, at):
    consultation.claim(budi)
    with pytest.raises(WrongState):
        consultation.take_over(rina)
    duty.DutyChange.plan(budi, date(2026, 3, 3), date(2026, 3, 4), "cuti", by=budi)
    with pytest.raises(WrongState):
        consultation.take_over(rina)

    at("2026-03-03 08:00+07:00")
    consultation.take_over(rina, "Budi cuti")

    assert consultation.officer == rina
    events = [m.event for m in consultation.messages]
    assert events.count(Event.TAKEN_OVER) == 1
    notes = [(m.author, m.body) for m in consultation.messages if m.is_note]
    assert notes == [(rina, "Budi cuti")]


def test_one_plans_only_ones_own_absence(budi, rina, hasan, at):
    with pytest.raises(WrongState):
        duty.DutyChange.plan(budi, date(2026, 3, 3), date(2026, 3, 3), "", by=rina)
    made = duty.DutyChange.plan(budi, date(2026, 3, 3), date(2026, 3, 3), "", by=hasan)
    with pytest.raises(WrongState):
        made.cancel(rina)
    made.cancel(budi)
    assert duty.planned() == []


def test_the_weekdays_say_who_is_on_duty(budi, rina, hasan, at):
    at("2026-03-04 08:00+07:00")  # a Wednesday
    assert duty.on_duty() == [budi, rina]
    with pytest.raises(WrongState):
        duty.DutyWeek.set(budi, "01", by=budi)
    duty.DutyWeek.set(budi, "01", by=hasan)
    assert duty.on_duty() == [rina]

    plan, day = duty.DutyChange.plan, date(2026, 3, 4)
    plan(rina, day, day, "sakit", by=rina)
    assert duty.on_duty() == [budi]  # someone must: who is not away
    assert duty.is_on_duty(budi)
    plan(budi, day, day, "mengganti", by=budi, serves=True)
    plan(rina, day, day, "sudah sembuh", by=rina, serves=True)
    assert duty.on_duty() == [budi, rina]


def test_no_one_stays_off_duty_when_all_are_away(budi, rina, at):
    for person in (budi, rina):
        on = date(2026, 3, 2)
        duty.DutyChange.plan(person, on, on, "cuti", by=person)

    assert duty.on_duty() == [budi, rina]
    assert not duty.is_on_duty(budi)


def test_the_head_hands_over_an_officers_work(consultation, budi, rina, hasan, siti):
    consultation.claim(budi)
    with pytest.raises(WrongState):
        consultation.hand_over(rina, by=siti)

    consultation.hand_over(rina, hasan, "Budi pindah tugas")

    assert consultation.officer == rina
    assert "Budi pindah tugas" in [m.body for m in consultation.messages if m.is_note]


def test_what_the_clock_closed_late_is_explained_afterwards(
    consultation, budi, rina, siti, at
):
    consultation.claim(budi)
    at("2026-03-05 15:30:01+07:00")
    consultation.say(budi, "Terlambat, maaf.")
    consultation.close(Reason.RESOLVED, by=siti)
    db.session.commit()

    assert Worklist(budi).unexplained == 1
    assert Worklist(rina).unexplained == 0
    consultation.explain_delay(budi, LateReason.WORKLOAD)
    assert Worklist(budi).unexplained == 0


def test_what_was_never_answered_is_explained_too(consultation, budi, siti, at):
    consultation.claim(budi)
    at("2026-03-05 15:30:01+07:00")
    consultation.close(Reason.RESOLVED, by=siti)
    db.session.commit()

    assert consultation.can_be_explained_by(budi)
    assert Worklist(budi).unexplained == 1


def test_a_release_keeps_the_place_in_the_queue(consultation, budi):
    before = consultation.asked_at
    consultation.claim(budi)
    consultation.release(budi)

    assert consultation.state is State.QUEUED
    assert consultation.asked_at == before


def test_reminders_of_an_absent_officer_go_to_those_on_duty(
    consultation, budi, rina, at
):
    consultation.claim(budi)
    duty.DutyChange.plan(budi, date(2026, 3, 4), date(2026, 3, 4), "", by=budi)
    db.session.commit()

    at("2026-03-04 09:00+07:00")
    warn_of_deadlines()

    assert mailed("due_soon") == ["rina@contoh.test"]


@pytest.mark.parametrize("closed", ["2026-03-04 07:59+07:00", "2026-03-04 15:30+07:00"])
def test_reminders_keep_to_service_hours(consultation, budi, at, closed):
    consultation.claim(budi)
    db.session.commit()

    at(closed)
    warn_of_deadlines()
    assert mailed("due_soon") == []


def test_the_head_hears_of_what_no_one_claimed_at_half_its_time(consultation, at):
    # Monday 09.00 to Thursday 15.30 are 29 service hours; half of them end here.
    at("2026-03-04 08:29:59+07:00")
    warn_of_unclaimed()
    assert mailed("unclaimed") == []

    at("2026-03-04 08:30+07:00")
    warn_of_unclaimed()
    warn_of_unclaimed()
    assert mailed("unclaimed") == ["hasan@contoh.test"]


def test_the_digest_goes_out_twice_a_day_to_those_on_duty(consultation, budi, at):
    duty.DutyChange.plan(budi, date(2026, 3, 3), date(2026, 3, 3), "", by=budi)
    db.session.commit()
    for moment, sent in (
        ("2026-03-03 07:59+07:00", 0),
        ("2026-03-03 08:00+07:00", 1),
        ("2026-03-03 11:30+07:00", 1),
        ("2026-03-03 13:59+07:00", 1),
        ("2026-03-03 14:00+07:00", 2),
        ("2026-03-07 08:00+07:00", 2),  # a Saturday
    ):
        at(moment)
        send_digest()
        assert len(mailed("digest")) == sent, moment
    assert set(mailed("digest")) == {"rina@contoh.test"}


def test_a_quiet_office_gets_no_digest(budi, at):
    at("2026-03-03 08:00+07:00")
    send_digest()

    assert mailed("digest") == []


@pytest.fixture
def has_mail_server(context):
    config = current_app.config["PST"]
    current_app.config["PST"] = replace(config, mail=object())
    yield
    current_app.config["PST"] = config


def test_nothing_is_closed_on_a_user_whom_no_mail_reached(
    has_mail_server, consultation, budi, at
):
    consultation.claim(budi)
    consultation.say(budi, "Tahun berapa?")
    db.session.commit()
    at("2026-03-02 09:05+07:00")
    tell_users()

    at("2026-03-06 09:00+07:00")
    close_silent()
    assert consultation.state is State.WAITING_USER
    assert consultation.closing_held is Held.OWED
    db.session.query(OutboxMail).filter_by(kind="officer_answered").update(
        {"state": Delivery.FAILED}
    )
    db.session.commit()
    close_silent()
    row = Worklist(budi).rows(Section.WAITING)[0]
    assert row.closing_held is Held.BOUNCED

    db.session.query(OutboxMail).update({"state": Delivery.SENT})
    db.session.commit()
    at("2026-03-06 10:00+07:00")
    close_silent()  # it arrived at last: warned, with all the time there is
    assert consultation.closing_held is None
    assert mailed("closing_warning") == ["siti@contoh.test"]
    db.session.query(OutboxMail).update({"state": Delivery.SENT})
    db.session.commit()
    at("2026-03-07 09:59:59+07:00")
    close_silent()
    assert consultation.state is State.WAITING_USER
    at("2026-03-07 10:00+07:00")
    close_silent()
    assert consultation.state is State.CLOSED


def test_who_has_read_it_needs_no_mail(has_mail_server, consultation, budi, siti, at):
    consultation.claim(budi)
    message = consultation.say(budi, "Tahun berapa?")
    consultation.read(siti, message.id)
    db.session.commit()

    assert not notices.held_why(consultation)


def test_thanks_do_not_reopen_and_questions_do(consultation, budi, siti):
    consultation.claim(budi)
    consultation.say(budi, "Jumlahnya 31.000 jiwa.")
    consultation.close(Reason.RESOLVED, budi)

    consultation.say(siti, "Terima kasih banyak, Bu.")
    assert consultation.state is State.CLOSED

    consultation.say(siti, "Terima kasih. Kalau tahun lalu berapa?")
    assert consultation.state is State.ACTIVE


@pytest.mark.parametrize(
    "text", ["Terima kasih", "ok pak", "Siap, trims!", "🙏 makasih"]
)
def test_thanks_are_recognised(text):
    assert is_only_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "🙏", "Sudah jelas?", "Terima kasih, tetapi datanya salah", "baik 2025"),
        *("Belum jelas", "Tidak membantu, terima kasih", "terima kasih " * 20),
    ],
)
def test_what_says_more_than_thanks_is_not(text):
    assert not is_only_thanks(text)


def test_the_clock_starts_again_when_the_user_answers_from_the_queue(
    consultation, budi, siti, at
):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Wilayah mana?")
    consultation.release(budi)

    at("2026-03-04 10:00+07:00")
    consultation.say(siti, "Wanadadi.")

    assert consultation.state is State.QUEUED
    assert consultation.due_at.isoformat() == "2026-03-09T15:30:00+07:00"
    assert consultation.messages[-1].event is Event.CLEARED


def test_the_clock_starts_again_also_after_an_interim_word(
    consultation, budi, siti, at
):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Wilayah mana?")
    consultation.say(budi, "Sambil menunggu, kami siapkan.", then=Next.OFFICER)
    assert consultation.due_at is None

    at("2026-03-04 10:00+07:00")
    consultation.say(siti, "Wanadadi.")
    consultation.say(siti, "Semua desanya.")

    assert consultation.due_at.isoformat() == "2026-03-09T15:30:00+07:00"
    events = [message.event for message in consultation.messages]
    assert events.count(Event.CLEARED) == 1
