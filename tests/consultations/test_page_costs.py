"""What pages of a long consultation cost the database."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.consultations.states import Category, LateReason, Next
from pst.database import db
from tests.pages import Browser

NUMBER = "KS-2026-000001"
DESK = f"/petugas/konsultasi/{NUMBER}"
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
        made = Consultation.ask(siti, Category.DATA, "Jumlah", "Menurut umur.")
        made.claim(budi)
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
    made = db.session.scalars(sa.select(Consultation).filter_by(number=NUMBER)).one()
    for day in days:
        at(f"2026-03-{day:02d} 09:00+07:00")
        made.say(budi, "Jumlahnya 31.000.", then=Next.DONE)
        if day == days[0]:
            made.explain_delay(budi, LateReason.WORKLOAD, "Sensus.")
        made.say(siti, f"Kalau menurut desa ke-{day}?")
        made.ask_clarity(budi, "Desa mana?")
        made.mark_clear(budi)
    db.session.commit()


def people() -> tuple[User, User]:
    siti, budi = (User.with_email(f"{name}@contoh.test") for name in ("siti", "budi"))
    assert siti is not None and budi is not None
    return siti, budi
