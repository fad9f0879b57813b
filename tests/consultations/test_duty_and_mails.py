"""Who is on duty or away, and which reminders and digests they get."""

from datetime import date

import pytest

from pst.consultations import duty
from pst.consultations.jobs import send_digest, warn_of_deadlines, warn_of_unclaimed
from pst.consultations.messages import Event
from pst.database import db
from pst.rules import WrongState
from tests.owed import mailed


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
