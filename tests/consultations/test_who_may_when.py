"""Who may do what in which state: each verb, each state, each person."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pst.accounts.users import User
from pst.consultations.duty import DutyChange
from pst.consultations.models import Consultation
from pst.consultations.states import Category, Next, Reason, State
from pst.database import db
from pst.rules import WrongState

People = dict[str, User]
Step = Callable[[Consultation, User, People], Any]
STATES = ("queued", "active", "waiting", "asked", "closed")
SERVED = ("active", "waiting", "asked")
EVERYONE = ("siti", "dewi", "budi", "rina", "hasan", "andi")

STEPS: dict[str, Step] = {
    "answer": lambda each, who, _: each.say(who, "31.000 jiwa.", then=Next.DONE),
    "ask": lambda each, who, _: each.ask_clarity(who, "Wilayah mana?"),
    "call clear": lambda each, who, _: each.mark_clear(who),
    "release": lambda each, who, _: each.release(who),
    "transfer": lambda each, who, people: each.transfer(people["rina"], who),
    "close": lambda each, who, _: each.close(Reason.RESOLVED, by=who),
    "withdraw": lambda each, who, _: each.withdraw(who),
    "take over": lambda each, who, _: each.take_over(who),
}
# Budi serves what Siti asked; every other person is refused, in every other state.
ALLOWED: dict[str, dict[str, set[str]]] = {
    "answer": dict.fromkeys(SERVED, {"budi", "siti"})
    | {"queued": {"siti"}, "closed": {"siti"}},
    "ask": dict.fromkeys(SERVED, {"budi"}),
    "call clear": {"asked": {"budi"}},
    "release": dict.fromkeys(SERVED, {"budi"}),
    "transfer": dict.fromkeys(SERVED, {"budi"}),
    "close": dict.fromkeys(SERVED, {"budi", "siti"}),
    "withdraw": {"queued": {"siti"}},
    "take over": {},
}


@pytest.fixture
def people(siti, dewi, budi, rina, hasan, andi) -> People:
    return dict(zip(EVERYONE, (siti, dewi, budi, rina, hasan, andi), strict=True))


def bring(consultation: Consultation, state: str, people: People) -> Consultation:
    """Let Budi serve the consultation until it is in `state`."""
    budi = people["budi"]
    if state != "queued":
        consultation.claim(budi)
    if state in ("waiting", "closed"):
        consultation.say(budi, "Tahun berapa?")
    if state == "asked":
        consultation.ask_clarity(budi, "Wilayah mana?")
    if state == "closed":
        consultation.close(Reason.RESOLVED, by=budi)
    db.session.commit()
    return consultation


def is_refused(step: Step, each: Consultation, who: User, people: People) -> bool:
    before = (each.state, each.officer_id, each.newest_id)
    point = db.session.begin_nested()
    try:
        step(each, who, people)
    except WrongState:
        point.rollback()
        db.session.expire_all()
        assert (each.state, each.officer_id, each.newest_id) == before
        return True
    point.rollback()
    db.session.expire_all()
    return False


@pytest.mark.parametrize("state", STATES)
def test_only_who_may_takes_a_step(state, consultation, people):
    each = bring(consultation, state, people)

    may = {
        name: {who for who in people if not is_refused(step, each, people[who], people)}
        for name, step in STEPS.items()
    }

    assert may == {name: ALLOWED[name].get(state, set()) for name in STEPS}


@pytest.mark.parametrize("state", STATES)
def test_what_is_offered_to_whom(state, consultation, people, at):
    each, budi, today = consultation, people["budi"], date(2026, 3, 2)
    bring(each, state, people)
    DutyChange.plan(budi, today, today, "cuti", by=budi)

    def may(question: Callable[[User], bool]) -> set[str]:
        return {who for who, person in people.items() if question(person)}

    queued, closed = state == "queued", state == "closed"
    assert may(each.can_be_claimed_by) == ({"budi", "rina"} if queued else set())
    assert may(each.can_be_withdrawn_by) == ({"siti"} if queued else set())
    assert may(each.can_be_reopened_by) == ({"budi", "hasan"} if closed else set())
    served = state in SERVED
    assert may(each.can_be_taken_over_by) == ({"rina"} if served else set())
    assert may(each.can_be_closed_by) == ({"budi", "siti"} if served else set())
    assert may(each.can_be_answered_by) == ({"budi"} if served else set())
    assert each.can_be_called_clear is (state == "asked")


@pytest.mark.parametrize("state", STATES)
def test_work_is_handed_over_by_its_officer_the_head_or_the_admin(
    state, consultation, people
):
    """What waits in the queue, or is over, is in no one's hands: nothing happens."""
    each = bring(consultation, state, people)
    before = (each.state, each.officer_id, each.newest_id)

    def hand_over(each, who, people):
        each.hand_over(people["rina"], who, "Cuti")
        changed = (each.state, each.officer_id, each.newest_id) != before
        assert changed is (state in SERVED)

    refused = {
        who for who in EVERYONE if is_refused(hand_over, each, people[who], people)
    }

    assert refused == ({"siti", "dewi", "rina"} if state in SERVED else set())


@pytest.mark.parametrize("state", SERVED)
def test_who_serves_changes_and_the_state_does_not(state, consultation, people, at):
    each, today = bring(consultation, state, people), date(2026, 3, 2)
    before = (each.state, each.waiting_since, each.due_at)
    budi, rina = people["budi"], people["rina"]
    DutyChange.plan(budi, today, today, "cuti", by=budi)

    for step, officer in (
        (lambda: each.transfer(rina, budi), rina),
        (lambda: each.give_back(budi, rina), budi),
        (lambda: each.hand_over(rina, budi), rina),
        (lambda: each.give_back(budi, rina), budi),
        (lambda: each.take_over(rina), rina),
    ):
        step()
        assert (each.officer, each.officer_id) == (officer, officer.id)
        assert (each.state, each.waiting_since, each.due_at) == before


def test_work_goes_to_an_officer_who_works_here(consultation, people):
    each, budi = bring(consultation, "active", people), people["budi"]
    people["rina"].active = False

    for to in (people["dewi"], people["hasan"], people["rina"]):
        with pytest.raises(WrongState):
            each.transfer(to, budi)
        with pytest.raises(WrongState):
            each.hand_over(to, budi)

    assert each.officer is budi


def test_no_one_transfers_to_themselves(consultation, people):
    each = bring(consultation, "active", people)

    with pytest.raises(WrongState, match="sudah Anda tangani"):
        each.transfer(people["budi"], people["budi"])


def test_what_goes_back_to_the_queue_waits_for_no_one(consultation, people):
    budi = people["budi"]
    for give in (
        lambda: consultation.release(budi),
        lambda: consultation.hand_over(None, budi),
    ):
        bring(consultation, "waiting", people)
        assert consultation.waiting_since is not None

        give()

        assert (consultation.state, consultation.officer) == (State.QUEUED, None)
        assert consultation.officer_id is None
        assert consultation.waiting_since is None


def test_a_second_claim_counts_from_its_own_time(consultation, people, at):
    consultation.claim(people["budi"])
    consultation.release(people["budi"])
    at("2026-03-02 11:00+07:00")

    consultation.claim(people["rina"])

    assert consultation.claimed_at.isoformat() == "2026-03-02T04:00:00+00:00"


def test_who_was_late_with_a_claim_is_told_that_it_is_over(consultation, people):
    each = bring(consultation, "closed", people)

    with pytest.raises(WrongState, match="sudah ditutup"):
        each.claim(people["rina"])


def test_an_officer_asks_as_a_user_and_is_no_officer_of_it(people, at):
    own = Consultation.ask(people["budi"], Category.DATA, "PDRB", "Untuk skripsi.")
    own.claim(people["rina"])

    assert not own.can_be_answered_by(people["budi"])
    own.close(Reason.RESOLVED, by=people["budi"])

    assert own.turn.end == "withdrawn"
