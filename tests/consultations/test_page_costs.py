"""What pages of a long consultation cost the database."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask

from bench.inside import statements
from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.consultations.states import Category, LateReason, Next
from pst.database import db
from pst.database.postgresql import WRITES
from tests.pages import Browser
from tests.postgresql import IS_ASKED

NUMBER = "KS-2026-000001"
DESK = f"/petugas/konsultasi/{NUMBER}"
KEY = re.compile(r'<input[^>]*name="key"[^>]*value="([^"]+)"')
PAGES = {
    "siti": (f"/konsultasi/{NUMBER}", "/konsultasi"),
    "budi": (DESK, f"{DESK}/keadaan", "/petugas"),
}


@pytest.mark.parametrize("name", PAGES)
def test_no_turn_costs_a_query(
    name: str, app: Flask, at: Callable[[str], None]
) -> None:
    asked: list[str] = []
    with app.app_context():
        siti, budi = people()
        consultation = Consultation.ask(siti, Category.DATA, "Jumlah", "Menurut umur.")
        consultation.claim(budi)
        add_turns(at, days=(9, 16))
        sa.event.listen(
            db.engine, "before_cursor_execute", lambda *a: asked.append(a[2])
        )

    def costs() -> dict[str, int]:
        browser, counts = Browser(app).log_in(name), {}
        for path in PAGES[name]:
            browser.get(path)  # Marks what is read, once.
            asked.clear()
            assert browser.get(path).status_code == 200
            counts[path] = len(asked)
        return counts

    few = costs()
    with app.app_context():
        add_turns(at, days=(17, 23, 24, 25, 26, 27, 30, 31))

    assert costs() == few


def add_turns(at: Callable[[str], None], days: tuple[int, ...]) -> None:
    """Answer on each of the `days`, the first time late; the user asks more."""
    siti, budi = people()
    consultation = db.session.scalars(
        sa.select(Consultation).filter_by(number=NUMBER)
    ).one()
    for day in days:
        at(f"2026-03-{day:02d} 09:00+07:00")
        consultation.say(budi, "Jumlahnya 31.000.", then=Next.DONE)
        if day == days[0]:
            consultation.explain_delay(budi, LateReason.WORKLOAD, "Sensus.")
        consultation.say(siti, f"Kalau menurut desa ke-{day}?")
        consultation.ask_clarity(budi, "Desa mana?")
        consultation.mark_clear(budi)
    db.session.commit()


def people() -> tuple[User, User]:
    siti, budi = (User.with_email(f"{name}@contoh.test") for name in ("siti", "budi"))
    assert siti is not None and budi is not None
    return siti, budi


# With the BEGIN of each; more needs a reason.
MOST = {
    "siti": {f"/konsultasi/{NUMBER}": 9, f"/konsultasi/{NUMBER}/keadaan": 6},
    "budi": {DESK: 16, f"{DESK}/keadaan": 8},
}


@pytest.mark.parametrize("name", MOST)
def test_a_conversation_asks_few_statements(name: str, app: Flask) -> None:
    with app.app_context():
        siti, budi = people()
        consultation = Consultation.ask(siti, Category.DATA, "Jumlah", "Menurut umur.")
        consultation.claim(budi)
        consultation.say(budi, "Jumlahnya 31.000.", then=Next.USER)
        db.session.commit()
    browser = Browser(app).log_in(name)

    for path, most in MOST[name].items():
        browser.get(path)
        with statements(app) as asked:
            assert browser.get(path).status_code == 200
        assert len(asked) <= most, [text for text, _ in asked]


# Of these, what SQLAlchemy makes rows of: the team.
BY_SESSION = {"siti": 0, "budi": 1}


@pytest.mark.parametrize("name", MOST)
def test_a_conversation_is_read_plainly(name: str, app: Flask) -> None:
    with app.app_context():
        siti, budi = people()
        consultation = Consultation.ask(siti, Category.DATA, "Jumlah", "Menurut umur.")
        consultation.claim(budi)
        db.session.commit()
    browser = Browser(app).log_in(name)

    for path in MOST[name]:
        browser.get(path)
        with read_by_session() as texts:
            assert browser.get(path).status_code == 200
        assert len(texts) <= BY_SESSION[name], texts


@contextmanager
def read_by_session() -> Iterator[list[str]]:
    """Gather the statements of which SQLAlchemy makes rows within the block."""
    texts: list[str] = []

    def note(state: sa.orm.ORMExecuteState) -> None:
        texts.append(str(state.statement))

    sa.event.listen(db.session, "do_orm_execute", note)
    try:
        yield texts
    finally:
        sa.event.remove(db.session, "do_orm_execute", note)


def test_others_wait_for_few_statements_of_a_send(app: Flask) -> None:
    with app.app_context():
        siti, budi = people()
        consultation = Consultation.ask(siti, Category.DATA, "Jumlah", "Menurut umur.")
        consultation.claim(budi)
        db.session.commit()
    browser = Browser(app).log_in("siti")
    form = {"body": "Apakah sudah ada?", "key": "satu"}

    with statements(app) as asked, read_by_session() as read:
        assert browser.post(f"/konsultasi/{NUMBER}/pesan", form).status_code == 303

    assert not read
    texts = [text for text, _ in asked]
    begins = WRITES if IS_ASKED else "BEGIN IMMEDIATE"
    locked = texts[texts.index(begins) + 1 :]
    assert len(locked) <= 6, locked
    assert sum(text.startswith("UPDATE consultation") for text in locked) == 1
    assert not any("FROM attachment" in text for text in locked), "none came with it"


def test_each_page_has_keys_of_its_own(app: Flask) -> None:
    with app.app_context():
        siti, budi = people()
        Consultation.ask(siti, Category.DATA, "Jumlah", "Menurut umur.").claim(budi)
        db.session.commit()

    for name, path in (("siti", f"/konsultasi/{NUMBER}"), ("budi", DESK)):
        browser = Browser(app).log_in(name)
        first, again = (KEY.findall(browser.get(path).text) for _ in range(2))
        assert first and len(first) == len(again)
        assert len(set(first + again)) == 2 * len(first)
