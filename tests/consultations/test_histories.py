"""Random histories of a consultation, against a slow account of what is owed.

No press makes a late turn early, and no message of the user an answered one late.
"""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from pst import clock
from pst.accounts.users import User
from pst.consultations import messages
from pst.consultations.messages import Kind, Message
from pst.consultations.models import Consultation
from pst.consultations.service_level.turns import Turn
from pst.consultations.states import Category, Channel, State
from pst.consultations.verbs import owing, service_clock
from pst.database import db
from pst.office import audit, days_off
from pst.push.notices import PushNotice
from pst.web.access import Role
from tests.consultations.presses import BY_USER, PRESSES, Presses
from tests.consultations.slow_turns import STEP, Account, Owed

HISTORIES, BATCHES = 10_000, 10
# From November 2025: over two ends of a year, two Lebaran, and every other holiday.
BEGIN, MOMENTS = datetime(2025, 11, 1, tzinfo=UTC), 450 * 48
PAUSES = (0, 1, 3, 14, 48, 100, 150, 300)


@pytest.mark.usefixtures("context", "at", "unwritten")
@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_press_makes_a_late_turn_early(batch, monkeypatch):
    calendar, done = days_off.calendar(), Counter[str]()
    for seed in range(batch, HISTORIES, BATCHES):
        dice, account = random.Random(seed), Account(calendar)
        now = BEGIN + dice.randrange(MOMENTS) * STEP
        monkeypatch.setattr(clock, "now", lambda at=now: at)
        people, step, late = rehearsed(now), "file", set[int]()
        turns = [people.made.turn]
        account.tell(now, step)
        for _ in range(dice.randint(5, 16)):
            now += dice.choice(PAUSES) * STEP
            monkeypatch.setattr(clock, "now", lambda at=now: at)
            account.look(now)
            answered = {turn.number: turn.is_late for turn in turns if turn.is_answered}
            step = people.drawn(dice, step)
            if people.press(step):
                done[step] += 1
                account.tell(now, step)
            if turns[-1] is not people.made.turn:
                turns.append(people.made.turn)

            said = f"history {seed}, at {now} after {step}"
            assert facts_of_rows(turns) == facts_of_account(account.turns), said
            now_late = {turn.number for turn in turns if turn.is_late}
            assert late <= now_late, said
            if step in BY_USER:
                assert answered.items() <= {t.number: t.is_late for t in turns}.items()
            late = now_late

    assert set(done) == PRESSES and min(done.values()) >= 20, done


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("seed", range(40))
def test_the_verbs_keep_turns_as_the_slow_account_does(
    seed, siti, budi, rina, hasan, at
):
    dice = random.Random(seed)
    now = BEGIN + dice.randrange(MOMENTS) * STEP
    at(now)
    made, other = (
        Consultation.ask(siti, Category.DATA, "Jumlah penduduk", "Menurut umur.")
        for _ in range(2)
    )
    people = Presses(made, other, (budi, rina), hasan)
    account, step = Account(days_off.calendar()), "file"
    account.tell(now, step)
    for _ in range(14):
        now += dice.choice(PAUSES) * STEP
        at(now)
        account.look(now)
        step = people.drawn(dice, step)
        if people.press(step):
            account.tell(now, step)
        db.session.commit()

        db.session.expire_all()
        assert facts_of_rows(made.turns) == facts_of_account(account.turns), (
            f"at {now} after {step}"
        )


def facts_of_rows(turns: list[Turn]) -> list[tuple[Any, ...]]:
    return [
        (t.began_at, t.due_at, t.ended_at, t.end or "", bool(t.question), t.is_late)
        for t in turns
    ]


def facts_of_account(turns: list[Owed]) -> list[tuple[Any, ...]]:
    return [
        (t.began, t.due, t.ended, t.how, t.asked is not None, t.latched) for t in turns
    ]


def rehearsed(now: datetime) -> Presses:
    """Return the presses on a consultation that no database keeps."""
    siti = User(id=1, name="Siti", role=Role.USER, active=True)
    budi = User(id=2, name="Budi", role=Role.OFFICER, active=True)
    rina = User(id=3, name="Rina", role=Role.OFFICER, active=True)
    hasan = User(id=4, name="Hasan", role=Role.HEAD, active=True)
    made, other = (
        Consultation(
            id=id,
            number=f"KS-2026-{id:06d}",
            user_id=siti.id,
            user=siti,
            state=State.QUEUED,
            channel=Channel.ONLINE,
            subject="Jumlah penduduk",
            description="Menurut umur.",
            turn_number=0,
            newest_id=0,
            newest_shown_id=0,
            reads=0,
        )
        for id in (1, 2)
    )
    made._begin_turn(now)
    return Presses(made, other, (budi, rina), hasan)


@pytest.fixture
def unwritten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run the verbs without a database: a list keeps the entries, no mail is put."""
    entries: list[Message] = []

    def row(**values: Any) -> Message:
        entries.append(Message(id=len(entries) + 1, **values))
        return entries[-1]

    def append(made: Consultation, entry: Message, **_: Any) -> Message:
        made.newest_id = made.newest_shown_id = entry.id
        return entry

    def nothing(*_: Any, **__: Any) -> None:
        pass

    def last_step(*, id: int, by: int) -> Message | None:
        entry = entries[id - 1]
        is_step = entry.kind is Kind.EVENT and entry.author_id == by
        return entry if is_step else None

    session = SimpleNamespace(add=nothing)
    monkeypatch.setattr(service_clock, "STEP", SimpleNamespace(first=last_step))
    monkeypatch.setattr(owing, "db", SimpleNamespace(session=session))
    monkeypatch.setattr(messages, "STORED", SimpleNamespace(row=row))
    monkeypatch.setattr(Consultation, "_append", append)
    for name in ("_mail_user", "_mail_closing", "read"):
        monkeypatch.setattr(Consultation, name, nothing)
    monkeypatch.setattr(Consultation, "reply_url", "")
    monkeypatch.setattr(audit, "record", nothing)
    monkeypatch.setattr(PushNotice, "put", nothing)
    yield
