"""Which rows stand on a list, in which order, and how many there are."""

from datetime import timedelta

import pytest

from pst import clock
from pst.consultations.desk.worklist.sections import Section
from pst.consultations.desk.worklist.worklist import Worklist
from pst.consultations.hand_overs import HandOver, returnable
from pst.consultations.models import Consultation
from pst.consultations.queries import (
    PAGE_LENGTH,
    History,
    QueuePlace,
    due_soon_ids,
    open_counts,
    open_of,
    overdue_ids,
    same_candidates,
)
from pst.consultations.service_level.deadlines import warning_horizon
from pst.consultations.states import Category, Channel, Reason
from pst.database import db

DUE = "2026-03-05 15:30+07:00"


def ask(user, subject: str = "IPM", category=Category.DATA) -> Consultation:
    consultation = Consultation.ask(user, category, subject, "Uraian.")
    db.session.flush()
    return consultation


def numbers_of(worklist: Worklist, section: Section) -> list[str]:
    return [row.number for row in worklist.rows(section)]


def test_who_asked_before_is_served_before_though_written_down_later(
    consultation, budi, dewi, at
):
    call = Consultation.record(
        *(budi, dewi, Channel.PHONE, Category.DATA, "Gabah", "?"),
        clock.now() - timedelta(hours=1),
    )
    same = ask(dewi)
    db.session.commit()

    places = [QueuePlace(each).position for each in (call, consultation, same)]

    assert places == [1, 2, 3]
    numbers = [each.number for each in (call, consultation, same)]
    assert numbers_of(Worklist(budi), Section.QUEUE) == numbers


def test_a_history_is_read_from_its_newest_page_by_page(siti, dewi, at):
    mine = [ask(siti) for _ in range(PAGE_LENGTH + 1)]
    ask(dewi)
    db.session.commit()
    newest = [each.number for each in reversed(mine)]

    assert [each.number for each in History(siti).rows] == newest[:PAGE_LENGTH]
    assert [each.number for each in History(siti, 2).rows] == newest[PAGE_LENGTH:]


def test_of_what_may_be_the_same_the_newest_is_offered_first(consultation, siti, dewi):
    one, two = ask(siti), ask(siti)
    ask(dewi)

    assert same_candidates(consultation) == [two, one]
    assert same_candidates(consultation, most=1) == [two]


def test_work_in_an_officers_hands_is_what_is_active_or_waits_for_its_user(
    siti, budi, rina, at
):
    queued, active, waiting, closed = (ask(siti) for _ in range(4))
    for each in (waiting, active, closed):
        each.claim(budi)
    waiting.say(budi, "Tahun berapa?")
    closed.close(Reason.RESOLVED, by=budi)
    db.session.commit()

    assert queued.is_queued
    assert open_of(budi) == [active, waiting]
    assert open_counts() == {budi.id: 2}


@pytest.mark.parametrize(
    ("now", "is_near", "is_over"),
    [
        ("2026-03-03 23:59:59+07:00", False, False),
        ("2026-03-04 00:00+07:00", True, False),
        (DUE, True, False),
        ("2026-03-05 15:30:01+07:00", False, True),
    ],
)
def test_a_deadline_is_near_from_the_day_before_and_over_after_its_moment(
    consultation, at, now, is_near, is_over
):
    at(now)
    id = consultation.id

    assert due_soon_ids(warning_horizon()) == [id] * is_near
    assert overdue_ids() == [id] * is_over
    assert consultation.is_overdue is is_over


def test_who_was_warned_or_answered_is_on_no_list_of_the_jobs(consultation, budi, at):
    consultation.claim(budi)
    consultation.turn.due_warned_at = clock.now()
    db.session.commit()
    at(DUE)
    assert due_soon_ids(warning_horizon()) == []

    consultation.turn.due_warned_at = None
    consultation.say(budi, "31.000 jiwa.")
    db.session.commit()
    assert due_soon_ids(warning_horizon()) == []


# Handing back


@pytest.fixture
def given(siti, budi, rina, at) -> list[HandOver]:
    """Budi gave Rina two consultations, one after the other."""
    made = []
    for _ in range(2):
        each = ask(siti)
        each.claim(budi)
        made.append(HandOver.make(budi, rina, [each], budi))
    db.session.commit()
    return made


def test_both_officers_and_the_head_may_give_back_the_newest_first(
    given, siti, budi, rina, hasan, andi
):
    first, second = given

    for person in (budi, rina, hasan):
        assert returnable(person) == [second, first]
    assert returnable(andi) == returnable(siti) == []


def test_what_was_given_back_or_is_over_is_offered_no_more(given, budi, rina):
    first, second = given
    first.give_back(budi)
    second.items[0].consultation.close(Reason.RESOLVED, by=rina)
    db.session.commit()

    assert first.given_back_at == clock.now()
    assert returnable(rina) == []
    assert first.items[0].consultation.officer is budi
