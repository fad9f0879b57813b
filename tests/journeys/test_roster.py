"""The roster on its page: the head sets the weeks, each officer their own days."""

import re

import pytest
from flask import Flask

from pst.accounts.users import User
from pst.consultations import duty
from pst.consultations.duty import DutyChange, DutyWeek
from pst.database import db, transaction
from tests.pages import Browser
from tests.people import email_of
from tests.steps import DESK, ask

ROSTER, HAND_OVER = "/petugas/jadwal", "/petugas/serah-terima"
DAY = {"first": "2026-03-03", "last": "2026-03-03"}


@pytest.fixture
def ids(app: Flask) -> dict[str, int]:
    with app.app_context():
        people = {name: User.with_email(email_of(name)) for name in ("budi", "rina")}
        return {name: person.id for name, person in people.items() if person}


def weeks(app: Flask) -> dict[int, str]:
    with app.app_context():
        return duty.weekdays_of()


def planned(app: Flask) -> list[tuple[int, bool]]:
    with app.app_context():
        rows = db.session.scalars(db.select(DutyChange).order_by(DutyChange.id))
        return [(row.user_id, row.serves) for row in rows]


def test_the_head_sets_the_weekdays_that_the_page_shows(
    app: Flask, budi: Browser, hasan: Browser, ids: dict[str, int]
):
    """A Saturday stays as it was: the office is closed then, the page has none."""
    with app.app_context(), transaction():
        head = User.with_email(email_of("hasan"))
        officer = db.session.get(User, ids["rina"])
        assert head and officer
        DutyWeek.set(officer, "15", by=head)
    page = hasan.get(ROSTER).text
    matches = re.findall(rf'name="day-{ids["rina"]}"\s+value="(\d)"', page)
    assert matches == ["0", "1", "2", "3", "4"]
    form = {f"day-{ids['rina']}": ["0", "4", "6"], f"day-{ids['budi']}": list("0123")}

    assert budi.post(f"{ROSTER}/mingguan", form).status_code == 403
    assert hasan.post(f"{ROSTER}/mingguan", form).status_code == 303

    assert weeks(app)[ids["rina"]] == "045"
    assert weeks(app)[ids["budi"]] == "0123"


def test_an_officer_plans_only_their_own_days(
    app: Flask, budi: Browser, hasan: Browser, ids: dict[str, int]
):
    for browser in (budi, hasan):
        form = {**DAY, "officer": str(ids["rina"])}
        assert browser.post(ROSTER, form).status_code == 303
    assert budi.post(ROSTER, {**DAY, "serves": "ya"}).status_code == 303

    assert planned(app) == [
        (ids["budi"], False),
        (ids["rina"], False),
        (ids["budi"], True),
    ]


def test_who_is_away_is_not_called_on_duty_though_no_one_else_is(
    budi: Browser, rina: Browser
):
    today = {"first": "2026-03-02", "last": "2026-03-02"}

    def badges() -> list[str]:
        shown = budi.get(ROSTER).text.partition("Jadwal mingguan")[0]
        return re.findall(r">\s*(Bertugas|Tidak bertugas)\s*<", shown)

    assert badges() == ["Bertugas"] * 2
    budi.post(ROSTER, today)
    assert badges() == ["Tidak bertugas", "Bertugas"]
    rina.post(ROSTER, today)
    assert badges() == ["Tidak bertugas"] * 2


@pytest.mark.parametrize(
    ("first", "last", "status"),
    [
        ("2026-03-03", "2026-03-03", 303),
        ("2026-03-03", "2026-03-02", 422),
        ("", "2026-03-03", 422),
        ("2026-03-03", "", 422),
        ("1989-12-31", "1989-12-31", 422),
        ("2101-01-01", "2101-01-01", 422),
    ],
)
def test_days_are_two_and_in_their_order(budi: Browser, first, last, status):
    answer = budi.post(ROSTER, {"first": first, "last": last})

    assert answer.status_code == status


def test_a_day_is_dropped_by_its_officer_and_by_no_colleague(
    app: Flask, budi: Browser, rina: Browser
):
    budi.post(ROSTER, DAY)
    path = f"{ROSTER}/1/penghapusan"
    assert path in budi.get(ROSTER).text
    assert path not in rina.get(ROSTER).text
    assert rina.post(path).status_code == 409

    assert budi.post(path).status_code == 303
    assert planned(app) == []


def test_an_officer_hands_over_their_own_work_alone(
    siti: Browser, budi: Browser, rina: Browser, ids: dict[str, int]
):
    ask(siti)
    budi.post(f"{DESK}/pengambilan")
    other = {"giver": str(ids["budi"]), "officer": str(ids["rina"]), "chosen": "1"}
    assert "Jumlah penduduk" not in rina.get(f"{HAND_OVER}?giver={ids['budi']}").text
    assert rina.post(HAND_OVER, other).status_code == 422

    own = {"officer": str(ids["budi"]), "chosen": "1"}
    assert budi.post(HAND_OVER, own).status_code == 422, "to oneself"
    matches = re.findall(r'<option value="(\d+)"', budi.get(HAND_OVER).text)
    assert str(ids["budi"]) not in matches
    assert budi.post(HAND_OVER, other).status_code == 303


@pytest.mark.parametrize("reason", ["withdrawn", "no_response", "x"])
def test_an_officer_closes_for_no_reason_that_is_not_theirs(
    siti: Browser, budi: Browser, reason: str
):
    ask(siti)
    budi.post(f"{DESK}/pengambilan")
    fields = {"closing_reason": reason, "unanswered": "Tidak ada."}

    assert budi.post(f"{DESK}/penutupan", fields).status_code == 400
    assert "Sedang dilayani" in budi.get(DESK).text
