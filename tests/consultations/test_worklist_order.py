"""Who stands where on the worklist, and what counts as an officer's work."""

from datetime import date

import pytest

from pst.consultations.desk.worklist.sections import Filters, Section
from pst.consultations.desk.worklist.waiting_count import waiting_for
from pst.consultations.desk.worklist.worklist import Worklist
from pst.consultations.models import Consultation
from pst.consultations.queries import (
    QueuePlace,
    earlier,
    open_counts,
    open_of,
    queue_today,
)
from pst.consultations.states import Category, HoldReason, Reason
from pst.database import db


@pytest.fixture
def ask_on(at, siti):
    """Ask for something on a day of March at nine."""

    def ask(subject: str, day: int, user=siti) -> Consultation:
        at(f"2026-03-{day:02d} 09:00+07:00")
        return Consultation.ask(user, Category.DATA, subject, "Uraian.")

    return ask


def subjects(viewer, shown: Section, **filters) -> list[str]:
    db.session.commit()
    worklist = Worklist(viewer, Filters(**filters))
    return [row.subject for row in worklist.rows(shown)]


def test_a_reopened_one_leads_its_officers_list(ask_on, budi, siti, at):
    again = ask_on("lagi", 3)
    other = ask_on("lama", 2)
    for each in (again, other):
        each.claim(budi)
    again.say(budi, "31.000 jiwa.")
    again.close(Reason.RESOLVED, by=budi)
    at("2026-03-04 09:00+07:00")
    again.say(siti, "Menurut umur?")
    assert again.due_at > other.due_at

    assert subjects(budi, Section.TO_ANSWER) == ["lagi", "lama"]


def test_what_is_due_first_leads_and_what_is_owed_comes_before_the_rest(
    ask_on, budi, siti, hasan, at
):
    late, early = ask_on("kemudian", 3), ask_on("dahulu", 2)
    answered = ask_on("dijawab", 2)
    for each in (late, early, answered):
        each.claim(budi)
    answered.say(budi, "31.000 jiwa.")
    answered._move(type(answered.state).ACTIVE, None, budi)

    assert subjects(budi, Section.TO_ANSWER) == ["dahulu", "kemudian", "dijawab"]


def test_what_has_a_deadline_comes_before_what_waits_to_become_clear(
    ask_on, budi, rina
):
    unclear, clear = ask_on("belum jelas", 2), ask_on("jelas", 3)
    for each in (unclear, clear):
        each.claim(budi)
    unclear.ask_clarity(budi, "Menurut desa?")
    assert unclear.due_at is None

    assert subjects(rina, Section.OTHERS) == ["jelas", "belum jelas"]


def test_the_queue_is_served_in_the_order_of_asking(ask_on, budi):
    for subject, day in (("kedua", 3), ("pertama", 2), ("ketiga", 4)):
        ask_on(subject, day)

    assert subjects(budi, Section.QUEUE) == ["pertama", "kedua", "ketiga"]


def test_of_what_is_late_the_longest_late_leads(ask_on, budi, siti, at):
    again, other = ask_on("lagi", 2), ask_on("sekali", 3)
    for each in (again, other):
        each.claim(budi)
    again.say(budi, "31.000 jiwa.")
    at("2026-03-05 09:00+07:00")
    again.say(siti, "Menurut umur?")
    at("2026-03-16 09:00+07:00")
    assert again.due_at > other.due_at

    assert subjects(budi, Section.OVERDUE) == ["sekali", "lagi"]


def test_a_held_closing_stands_first_among_those_that_wait(ask_on, budi, at):
    held, other = ask_on("ditahan", 3), ask_on("menunggu", 2)
    for each, hour in ((other, 9), (held, 10)):
        each.claim(budi)
        at(f"2026-03-04 {hour:02d}:00+07:00")
        each.say(budi, "Tahun berapa?")
    assert subjects(budi, Section.WAITING) == ["menunggu", "ditahan"]

    held.hold_closing(HoldReason.BOUNCED)

    assert subjects(budi, Section.WAITING) == ["ditahan", "menunggu"]


def test_the_latest_closed_stands_first(ask_on, budi, at):
    for subject, day in (("pertama", 2), ("kedua", 3)):
        consultation = ask_on(subject, day)
        consultation.claim(budi)
        consultation.say(budi, "31.000 jiwa.")
        consultation.close(Reason.RESOLVED, by=budi)

    closed = subjects(budi, Section.CLOSED, section=Section.CLOSED)
    assert closed == ["kedua", "pertama"]


def test_closed_and_queued_work_is_no_ones_load(ask_on, budi, rina):
    one, two, three = ask_on("a", 2), ask_on("b", 2), ask_on("c", 2)
    for each in (one, two):
        each.claim(budi)
        each.say(budi, "31.000 jiwa.")
    one.close(Reason.RESOLVED, by=budi)
    db.session.commit()

    assert open_counts() == {budi.id: 1}
    assert open_of(budi) == [two]
    assert open_of(rina) == []
    assert waiting_for(budi) == 1  # the queue; what waits for its user does not
    assert waiting_for(rina) == 1
    assert three.is_queued


def test_what_a_colleague_is_to_answer_or_has_answered_late_waits_for_no_one_else(
    ask_on, budi, rina, siti, at
):
    mine, hers, answered = ask_on("a", 2), ask_on("b", 2), ask_on("c", 2)
    for each, officer in ((mine, budi), (hers, rina), (answered, budi)):
        each.claim(officer)
    at("2026-03-06 09:00+07:00")
    answered.say(budi, "31.000 jiwa.")
    hers.ask_clarity(rina, "Wilayah mana?")
    db.session.commit()

    assert waiting_for(budi) == 1
    assert waiting_for(rina) == 1


def test_of_what_is_to_be_explained_the_last_closed_leads(ask_on, budi, at):
    first, last = ask_on("dahulu", 3), ask_on("kemudian", 2)
    for each, day in ((first, 16), (last, 17)):
        each.claim(budi)
        at(f"2026-03-{day} 09:00+07:00")
        each.say(budi, "31.000 jiwa.")
        each.close(Reason.RESOLVED, by=budi)

    listed = subjects(budi, Section.UNEXPLAINED, section=Section.UNEXPLAINED)
    assert listed == ["kemudian", "dahulu"]


def test_what_is_late_waits_for_its_officer_also_while_the_user_is_asked(
    ask_on, budi, rina, siti, at
):
    consultation = ask_on("a", 2)
    consultation.claim(budi)
    at("2026-03-06 09:00+07:00")
    consultation.ask_clarity(budi, "Wilayah mana?")
    db.session.commit()

    assert waiting_for(budi) == 1
    assert waiting_for(rina) == 0
    assert waiting_for(siti) == 0
    assert Worklist(budi).urgent == 1
    assert subjects(budi, Section.OVERDUE) == ["a"]
    assert subjects(budi, Section.WAITING) == []
    assert subjects(rina, Section.OVERDUE) == []
    assert subjects(rina, Section.OTHERS) == ["a"]


def test_late_in_the_queue_is_everybodys(ask_on, budi, rina, at):
    ask_on("a", 2)
    at("2026-03-06 09:00+07:00")

    for officer in (budi, rina):
        assert subjects(officer, Section.OVERDUE) == ["a"]
        assert subjects(officer, Section.QUEUE) == []


def test_the_dates_of_a_filter_are_both_included(ask_on, budi):
    for day in (2, 3, 4):
        ask_on(str(day), day)

    chosen = {"since": date(2026, 3, 3), "until": date(2026, 3, 3)}
    assert subjects(budi, Section.QUEUE, **chosen) == ["3"]
    assert subjects(budi, Section.QUEUE, category=Category.METADATA) == []


def test_the_place_in_the_queue_counts_those_before_who_still_wait(ask_on, budi, dewi):
    first, second, third = ask_on("1", 2), ask_on("2", 2, dewi), ask_on("3", 3)
    db.session.commit()
    assert [QueuePlace(each).position for each in (first, second, third)] == [1, 2, 3]
    assert (queue_today().waiting, queue_today().oldest_at) == (3, first.asked_at)

    first.claim(budi)
    db.session.commit()

    assert QueuePlace(third).position == 2
    assert (queue_today().waiting, queue_today().oldest_at) == (2, second.asked_at)


def test_earlier_ones_are_the_same_users_newest_first(ask_on, dewi):
    one, two, mine = ask_on("1", 2), ask_on("2", 3), ask_on("3", 4)
    ask_on("lain", 3, dewi)

    assert [each.number for each in earlier(mine)] == [two.number, one.number]
