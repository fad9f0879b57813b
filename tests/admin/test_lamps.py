"""Red lamps: who is told, how often, and by which way."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from pst import lamps
from pst.accounts.users import User
from pst.admin.health import looks as health
from pst.admin.health.alarms import watch_lamps
from pst.admin.health.looks import Level, checks
from pst.database import db, transaction
from pst.outbox.models import OutboxMail
from tests import owed
from tests.journeys.conftest import Browser

At = Callable[[str], None]
WELL = (Level.GOOD, None)


@pytest.fixture(autouse=True)
def well(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every look find all well, so that a test darkens one of them."""
    for name in health.LOOKS:
        monkeypatch.setitem(health.LOOKS, name, lambda: WELL)


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A lamp that a feature turns itself."""
    monkeypatch.setattr(lamps, "_registered", [*lamps.registered()])
    monkeypatch.setattr(lamps, "_without_mail", {*lamps._without_mail})
    lamps.register("door")
    yield "door"


def mails() -> list[OutboxMail]:
    db.session.rollback()
    return owed.mails("lamps")


def darken(monkeypatch: pytest.MonkeyPatch, name: str, level: Level) -> None:
    monkeypatch.setitem(health.LOOKS, name, lambda: (level, None))


def test_a_red_lamp_is_mailed_once_and_again_daily(
    andi: User, at: At, monkeypatch: pytest.MonkeyPatch
):
    darken(monkeypatch, "backup", Level.BAD)

    for moment in ("09:00", "09:05", "23:00"):
        at(f"2026-03-02 {moment}+07:00")
        watch_lamps()
    (first,) = mails()
    assert first.to_address == andi.email
    assert first.subject == "Lampu merah: Cadangan"
    assert "sejak 2 Maret 2026 pukul 09.00 WIB" in first.body
    assert "/admin/sistem" in first.body
    assert "<" not in first.body

    at("2026-03-03 08:59+07:00")
    watch_lamps()
    assert len(mails()) == 1
    at("2026-03-03 09:00+07:00")
    watch_lamps()
    assert len(mails()) == 2


def test_a_yellow_lamp_is_mailed_to_no_one(
    andi: User, at: At, monkeypatch: pytest.MonkeyPatch
):
    darken(monkeypatch, "backup", Level.WARN)

    watch_lamps()

    assert not mails()


def test_one_mail_tells_of_all_that_is_red(
    andi: User, at: At, monkeypatch: pytest.MonkeyPatch
):
    for name in ("redis", "worker", "scheduler"):
        darken(monkeypatch, name, Level.BAD)

    watch_lamps()
    at("2026-03-02 09:03:59+07:00")
    watch_lamps()
    assert not mails(), "a restart of a process is no alarm"
    at("2026-03-02 09:04+07:00")
    watch_lamps()

    (mail,) = mails()
    assert mail.subject == "Lampu merah: Redis dan 2 lainnya"


def test_a_lamp_that_flickers_is_told_once_and_new_trouble_again(
    andi: User, at: At, door: str
):
    def turn(moment: str, level: Level) -> None:
        at(f"2026-03-02 {moment}+07:00")
        with transaction():
            lamps.turn(door, level)
        watch_lamps()

    turn("09:00", Level.BAD)
    turn("09:05", Level.GOOD)
    turn("10:04", Level.BAD)
    assert len(mails()) == 1

    turn("10:10", Level.GOOD)
    turn("11:10", Level.BAD)
    assert len(mails()) == 2


def test_a_clock_set_back_silences_no_lamp(andi: User, at: At, door: str):
    at("2028-08-18 09:00+07:00")
    with transaction():
        lamps.turn(door, Level.BAD, "macet")
    watch_lamps()

    at("2026-03-02 09:00+07:00")
    watch_lamps()

    assert len(mails()) == 2
    assert "door: macet" in mails()[1].body


def test_what_no_mail_can_tell_is_logged_and_shown(
    app: Flask, at: At, door: str, caplog: pytest.LogCaptureFixture
):
    lamps.register(door, by_mail=False)
    with app.app_context():
        with transaction():
            lamps.turn(door, Level.BAD, "535 wrong password")
        watch_lamps()
        assert not mails()
        watch_lamps()
    assert [
        r.message for r in caplog.records if r.name == "pst.admin.health.alarms"
    ] == ["red: door"]

    for path in ("/admin", "/admin/sistem"):
        assert "535 wrong password" in Browser(app).log_in("andi").get(path).text


def test_a_lamp_that_was_never_turned_is_green(context: None, door: str):
    assert [c.level for c in checks() if c.name == door] == ["good"]


@pytest.mark.parametrize("name", sorted(health.LOOKS))
def test_what_breaks_a_look_breaks_neither_screen_nor_mail(
    app: Flask, at: At, name: str, monkeypatch: pytest.MonkeyPatch
):
    def broken() -> None:
        raise RuntimeError

    monkeypatch.setitem(health.LOOKS, name, broken)

    with app.app_context():
        watch_lamps()
        at("2026-03-02 09:05+07:00")
        watch_lamps()
        assert len(mails()) == lamps.goes_by_mail(name)
    page = Browser(app).log_in("andi").get("/admin/sistem")
    assert page.status_code == 200
    assert "tidak dapat diperiksa: <code>RuntimeError</code>" in page.text
