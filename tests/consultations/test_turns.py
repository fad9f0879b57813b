"""Turns: what begins and ends them, and that no press makes a late one early."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from pst import clock
from pst.consultations import interim
from pst.consultations.clarity import ClearedBy
from pst.consultations.desk.worklist import Worklist
from pst.consultations.desk.worklist_sections import Section
from pst.consultations.jobs import close_silent, warn_of_deadlines, warn_silent
from pst.consultations.models import Consultation
from pst.consultations.states import Next, Reason, State
from pst.consultations.turns import End
from pst.database import db
from pst.office import days_off, settings
from pst.outbox.models import OutboxMail
from tests.consultations.slow_turns import STEP, Account

HISTORIES, BATCHES = 10_000, 10
OFFICER, USER = SimpleNamespace(id=1), SimpleNamespace(id=2)
BY_USER = ("write", "thank")
WHILE_OPEN = (
    *("write", "thank", "answer", "interim", "question", "clear", "close", "give_up"),
    *("write", "answer", "interim", "question", "clear"),
)
WHILE_CLOSED = ("write", "thank", "reopen")


class Core:
    """The rules of turns without a database: what each verb asks them to do."""

    def __init__(self) -> None:
        self.made = Consultation(user_id=USER.id, turn_number=0, state=State.ACTIVE)
        self.turns: list[object] = []

    def do(self, now: datetime, step: str) -> None:
        getattr(self, step)(now)
        if not self.turns or self.turns[-1] is not self.made.turn:
            self.turns.append(self.made.turn)

    def ask(self, now: datetime) -> None:
        self.made._begin_turn(now)

    def write(self, now: datetime) -> None:
        self.made.turn.resume()
        self.made._hear_user(now, is_thanks=False)

    def thank(self, now: datetime) -> None:
        self.made._hear_user(now, is_thanks=True)

    def answer(self, now: datetime) -> None:
        self.made._hear_officer(now, OFFICER, Next.DONE)

    def interim(self, now: datetime) -> None:
        self.made._hear_officer(now, OFFICER, Next.OFFICER)

    def question(self, now: datetime) -> None:
        if self.made.turn.is_owed:
            self.made.turn.ask_clarity(now)

    def clear(self, now: datetime) -> None:
        if self.made.can_be_called_clear:
            self.made.turn.note_clear(now, ClearedBy.OFFICER)

    def close(self, now: datetime) -> None:
        self.made._end_turn(now, Reason.RESOLVED, OFFICER)

    def give_up(self, now: datetime) -> None:
        self.made._end_turn(now, Reason.RESOLVED, USER)

    def reopen(self, now: datetime) -> None:
        self.made.turn.resume()


@pytest.mark.usefixtures("context", "at")
@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_press_makes_a_late_turn_early(batch, monkeypatch):
    calendar, _ = days_off.calendar(), settings.current()
    for seed in range(batch, HISTORIES, BATCHES):
        dice, core, account = random.Random(seed), Core(), Account(calendar)
        now = datetime(2025, 11, 1, tzinfo=UTC) + dice.randrange(9_600) * STEP
        is_open, step, late = True, "ask", set[int]()
        for _ in range(dice.randint(4, 12)):
            monkeypatch.setattr(clock, "now", lambda at=now: at)
            answered = [
                (turn.number, turn.is_late) for turn in core.turns if turn.is_answered
            ]
            core.do(now, step)
            account.tell(now, step)

            told = f"history {seed}, at {now} after {step}"
            found = [(t.began_at, t.due_at, t.ended_at, t.is_late) for t in core.turns]
            owed = [(t.began, t.due, t.ended, t.latched) for t in account.turns]
            assert found == owed, told
            now_late = {turn.number for turn in core.turns if turn.is_late}
            assert late <= now_late, told
            if step in BY_USER:
                for number, was_late in answered:
                    assert core.turns[number - 1].is_late is was_late, told
            late = now_late
            is_open = step not in ("close", "give_up") and (is_open or step != "thank")
            now += dice.choice((0, 1, 3, 14, 48, 100, 300)) * STEP
            step = dice.choice(WHILE_OPEN if is_open else WHILE_CLOSED)
        db.session.expunge_all()


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("seed", range(25))
def test_the_verbs_keep_turns_as_the_slow_account_does(seed, siti, budi, at):
    dice = random.Random(seed)
    now = datetime(2025, 12, 1, 2, tzinfo=UTC) + dice.randrange(4_000) * STEP
    at(now)
    made = Consultation.ask(siti, "data", "Jumlah penduduk", "Menurut umur.")
    made.claim(budi)
    account = Account(days_off.calendar())
    account.tell(now, "ask")
    verbs: dict[str, Callable[[], object]] = {
        "write": lambda: made.say(siti, "Tahun 2025, menurut desa."),
        "thank": lambda: made.say(siti, "Terima kasih banyak."),
        "answer": lambda: made.say(budi, "Jumlahnya 31.000.", then=Next.DONE),
        "interim": lambda: made.say(budi, "Mohon ditunggu.", then=Next.OFFICER),
        "question": lambda: made.ask_clarity(budi, "Wilayah mana?"),
        "clear": lambda: made.can_be_called_clear and made.mark_clear(budi),
        "close": lambda: made.close(Reason.RESOLVED, by=budi, why="Sudah."),
        "give_up": lambda: made.close(Reason.RESOLVED, by=siti),
        "reopen": lambda: made.reopen(budi),
    }
    for _ in range(12):
        now += dice.choice((1, 3, 14, 48, 100)) * STEP
        at(now)
        step = dice.choice(WHILE_OPEN if made.is_open else WHILE_CLOSED)
        verbs[step]()
        db.session.commit()
        account.tell(now, step)

        found = [(t.began_at, t.due_at, t.ended_at, t.is_late) for t in made.turns]
        db.session.expire_all()
        assert [(t.began_at, t.due_at, t.ended_at, t.is_late) for t in made.turns] == [
            (t.began, t.due, t.ended, t.latched) for t in account.turns
        ], f"at {now} after {step}: {found}"


def test_what_the_user_writes_after_an_answer_has_a_clock_of_its_own(
    consultation, budi, siti, hasan, at
):
    consultation.claim(budi)
    consultation.say(budi, "Jumlahnya 31.000 jiwa.", then=Next.DONE)
    at("2026-03-09 10:00+07:00")  # Long after the deadline of the first turn.
    consultation.say(siti, "Kalau tahun 2024?")
    db.session.commit()

    warn_of_deadlines()

    assert not consultation.needs_explanation
    assert consultation.due_at.isoformat() == "2026-03-12T08:30:00+00:00"
    assert mails("overdue") == []
    consultation.say(budi, "30.500 jiwa.", then=Next.DONE)
    assert [turn.is_late for turn in consultation.turns] == [False, False]


@pytest.mark.parametrize("closes", [False, True])
def test_thanks_begin_nothing_in_any_state(consultation, budi, siti, closes, at):
    consultation.claim(budi)
    consultation.say(budi, "Jumlahnya 31.000 jiwa.", then=Next.DONE)
    if closes:
        consultation.close(Reason.RESOLVED, by=budi)
    at("2026-03-06 10:00+07:00")
    state = consultation.state

    consultation.say(siti, "Terima kasih banyak.")

    assert consultation.state is state
    assert (len(consultation.turns), consultation.is_owed) == (1, False)


def test_baik_answers_a_question_and_thanks_do_not(consultation, budi, siti):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Boleh menurut kecamatan saja?")
    consultation.say(siti, "Terima kasih.")
    assert consultation.due_at is None

    consultation.say(siti, "Baik.")

    assert consultation.due_at is not None
    assert consultation.state is State.ACTIVE


def test_what_is_late_stays_late_when_clarity_is_asked_for(consultation, budi, at):
    consultation.claim(budi)
    due_at = consultation.due_at
    at("2026-03-06 09:00+07:00")
    consultation.ask_clarity(budi, "Wilayah mana?")
    assert consultation.due_at == due_at
    consultation.mark_clear(budi)
    db.session.commit()

    assert consultation.due_at == due_at and consultation.is_overdue
    [row] = Worklist(budi).rows(Section.OVERDUE)
    assert row.number == consultation.number


def test_a_question_wins_an_officer_no_minute(consultation, budi, at):
    consultation.claim(budi)
    due_at = consultation.due_at
    at("2026-03-05 15:00+07:00")  # Half an hour is left.
    consultation.ask_clarity(budi, "Wilayah mana?")
    consultation.mark_clear(budi)
    assert consultation.due_at == due_at

    consultation.ask_clarity(budi, "Wilayah mana?")
    at("2026-03-09 09:00+07:00")
    consultation.mark_clear(budi)

    assert consultation.due_at.isoformat() == "2026-03-09T02:30:00+00:00"


def test_interim_words_are_no_answer(consultation, budi, siti, at):
    consultation.claim(budi)
    consultation.say(budi, "Baik, mohon ditunggu.", then=Next.OFFICER)
    db.session.commit()

    assert consultation.answered_at is None and consultation.is_owed
    assert Worklist(budi).count(Section.TO_ANSWER) == 1
    at("2026-03-06 09:00+07:00")
    warn_of_deadlines()
    assert mails("overdue") == ["budi@contoh.test", "hasan@contoh.test"]
    assert Worklist(budi).count(Section.OVERDUE) == 1


def test_a_breach_is_mailed_once_a_turn(consultation, budi, siti, at):
    consultation.claim(budi)
    for moment in ("2026-03-06 09:00+07:00", "2026-03-06 10:00+07:00"):
        at(moment)
        warn_of_deadlines()
    assert len(mails("overdue")) == 2

    consultation.say(budi, "Maaf terlambat: 31.000.", then=Next.DONE)
    consultation.say(siti, "Dan tahun 2024?")
    db.session.commit()
    at("2026-03-12 09:00+07:00")
    warn_of_deadlines()

    assert len(mails("overdue")) == 4


def test_only_a_question_left_unanswered_is_closed_as_silence(
    consultation, budi, siti, at
):
    consultation.claim(budi)
    consultation.say(budi, "Jumlahnya 31.000 jiwa.", then=Next.DONE)
    db.session.commit()
    assert not consultation.is_asking_user

    at("2026-03-04 09:00+07:00")
    warn_silent()
    at("2026-03-05 09:00+07:00")
    close_silent()

    assert consultation.reason is Reason.RESOLVED
    assert mails("closed_no_response") == []
    assert mails("closed_resolved") == ["siti@contoh.test"]
    [warning] = db.session.query(OutboxMail).filter_by(kind="closing_warning")
    assert "sudah dijawab" in warning.body


def test_closing_without_an_answer_is_its_own_end(consultation, budi, siti):
    consultation.claim(budi)
    consultation.close(Reason.RESOLVED, by=budi, why="Bukan statistik.")
    assert consultation.turn.end is End.UNANSWERED

    consultation.say(siti, "Masih perlu.")

    assert (consultation.turn.number, consultation.turn.end) == (1, None)


@pytest.mark.parametrize(
    "words",
    [
        *("Mohon tunggu", "mohon ditunggu ya", "Sedang kami carikan."),
        *("Datanya menyusul.", "Segera kami kirim", "Harap bersabar, Bu."),
    ],
)
def test_words_that_ask_for_patience_propose_the_officer(words):
    assert interim.proposed(words) is Next.OFFICER


@pytest.mark.parametrize(
    ("words", "then"),
    [("Jumlahnya 31.000 jiwa.", Next.DONE), ("Tahun berapa?", Next.USER)],
)
def test_other_words_propose_another(words, then):
    assert interim.proposed(words) is then


def mails(kind: str) -> list[str]:
    found = db.session.query(OutboxMail).filter_by(kind=kind)
    return sorted(letter.to_address for letter in found)
