"""One bad item neither holds up the others nor is tried for ever."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from pst.accounts.users import User
from pst.admin.health import looks as health
from pst.consultations.jobs import close_silent, warn_silent
from pst.consultations.models import Consultation
from pst.consultations.states import Category, State
from pst.database import db
from pst.dead_letters import MAX_FAILURES, ParkedItem, each
from tests.journeys.conftest import Browser

pytestmark = pytest.mark.sets_aside


@pytest.fixture
def silent(at: Callable[[str], None], siti: User, budi: User) -> list[Consultation]:
    """Two consultations whose user was warned, and has said nothing for four days."""
    made = []
    for n in range(2):
        consultation = Consultation.ask(siti, Category.DATA, f"Perihal {n}", "Uraian")
        db.session.flush()
        consultation.claim(budi)
        consultation.say(budi, "Tahun berapa yang Anda perlukan?")
        made.append(consultation)
    db.session.commit()
    at("2026-03-04 09:30+07:00")
    warn_silent()
    at("2026-03-06 09:30+07:00")
    return made


@pytest.fixture
def poison(
    silent: list[Consultation], monkeypatch: pytest.MonkeyPatch
) -> tuple[Consultation, list[int]]:
    """The first of them, which cannot be closed, and a note of every attempt."""
    close, tried = Consultation.close, []
    id = silent[0].id

    def closing(self: Consultation, *args: object, **kwargs: object) -> None:
        if self.id == id:
            tried.append(id)
            raise RuntimeError("broken")
        close(self, *args, **kwargs)

    monkeypatch.setattr(Consultation, "close", closing)
    return silent[0], tried


def test_what_fails_does_not_hold_up_the_others(
    silent: list[Consultation], poison: tuple[Consultation, list[int]]
):
    close_silent()

    assert [each.state for each in silent] == [State.WAITING_USER, State.CLOSED]


def test_what_fails_again_and_again_is_parked_and_shown(
    poison: tuple[Consultation, list[int]],
):
    consultation, tried = poison

    for _ in range(MAX_FAILURES + 2):
        close_silent()

    assert len(tried) == MAX_FAILURES
    (item,) = db.session.scalars(sa.select(ParkedItem))
    assert (item.job, item.item_id, item.is_parked) == (
        "close_silent",
        consultation.id,
        True,
    )
    assert health.parked() == (health.Level.WARN, 1)


def test_an_admin_has_a_parked_item_tried_again(app: Flask, at: object):
    def fail(id: int) -> None:
        raise ValueError

    with app.app_context():
        for _ in range(MAX_FAILURES):
            each("close_silent", [7], fail)
        (id,) = db.session.scalars(sa.select(ParkedItem.id))
    andi = Browser(app).log_in("andi")

    page = andi.get("/admin/sistem").text
    answer = andi.post(f"/admin/sistem/butir/{id}/percobaan")

    assert "close_silent" in page and "Diparkir" in page
    assert answer.status_code == 303
    assert "Diparkir" not in andi.get("/admin/sistem").text
    done: list[int] = []
    with app.app_context():
        each("close_silent", [7], done.append)
    assert done == [7]


def test_what_succeeds_after_all_is_forgotten(context: None, at: object):
    def fail(id: int) -> None:
        raise ValueError

    each("a_job", [7], fail)
    assert db.session.scalar(sa.select(ParkedItem.failures)) == 1
    each("a_job", [7], lambda id: None)

    assert db.session.scalar(sa.select(ParkedItem.failures)) is None


def test_a_busy_database_is_no_fault_of_the_item(context: None, at: object):
    def fail(id: int) -> None:
        raise sa.exc.OperationalError("", {}, Exception("database is locked"))

    with pytest.raises(sa.exc.OperationalError):
        each("a_job", [7], fail)

    db.session.rollback()
    assert db.session.scalar(sa.select(ParkedItem.failures)) is None
