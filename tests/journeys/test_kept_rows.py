"""A row of the worklist is written once, and is never older than what it shows."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from pst.consultations.desk.worklist import row_html
from pst.consultations.duty import DutyChange
from pst.consultations.models import Consultation
from pst.consultations.states import Category, HoldReason, Next
from pst.database import db, transaction
from pst.office import days_off, settings
from tests.beginnings import person
from tests.journeys.conftest import Browser

At = Callable[[str], None]


@pytest.fixture(autouse=True)
def none_kept() -> Iterator[None]:
    """Begin without rows of other tests."""
    row_html.kept_row.cache_clear()
    yield
    row_html.kept_row.cache_clear()


@pytest.fixture
def claimed(app: Flask, at: object) -> None:
    with app.app_context(), transaction():
        asked = Consultation.ask(
            person("siti"), Category.DATA, "Jumlah", "Menurut umur."
        )
        asked.claim(person("budi"))
        Consultation.ask(person("dewi"), Category.DATA, "Luas panen", "Menurut desa.")


def served() -> Consultation:
    return db.session.scalars(sa.select(Consultation).filter_by(subject="Jumlah")).one()


def rows(browser: Browser) -> dict[str, str]:
    """Return the rows of the list by their subject."""
    page = browser.get("/petugas").text
    found = re.findall(r'<li id="consultation-\d+.*?</li>', page, re.S)
    subjects = ("Jumlah", "Luas panen")
    return {each: row for row in found for each in subjects if each in row}


def rename() -> None:
    person("siti").change_profile("Siti Aminah")


def move_zone() -> None:
    settings.change({"timezone": "Asia/Makassar"})


def hold() -> None:
    served().closing_held = HoldReason.OWED


def answer() -> None:
    served().say(person("budi"), "Jumlahnya 31.000.")


def release() -> None:
    served().release(person("budi"))


def take_a_day_off() -> None:
    days_off.take_off(date(2026, 3, 4), "Libur", person("hasan").id)


CHANGES: dict[str, tuple[Callable[[], None], str]] = {
    "a name": (rename, "Siti Aminah"),
    "the zone": (move_zone, "pukul 10.00 WITA"),
    "a hold": (hold, "Email belum terkirim"),
    "an answer": (answer, "Anda: Jumlahnya 31.000."),
    "a release": (release, ">Ambil</button>"),
    "a day off": (take_a_day_off, "2 hari kerja lagi"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_changes_is_seen_at_once(what: str, app: Flask, claimed: None) -> None:
    change, words = CHANGES[what]
    budi = Browser(app).log_in("budi")
    assert words not in rows(budi)["Jumlah"]

    with app.app_context(), transaction():
        change()

    assert words in rows(budi)["Jumlah"]


def test_no_officer_reads_the_words_for_another(app: Flask, claimed: None) -> None:
    budi, rina, hasan = (
        Browser(app).log_in(name) for name in ("budi", "rina", "hasan")
    )
    for _ in range(2):
        assert "menunggu Anda" in rows(budi)["Jumlah"]
        assert "menunggu Budi Santoso" in rows(rina)["Jumlah"]
        assert ">Ambil</button>" in rows(rina)["Luas panen"]
        assert ">Ambil</button>" not in rows(hasan)["Luas panen"]


def test_who_is_away_is_seen_at_once(app: Flask, claimed: None) -> None:
    rina = Browser(app).log_in("rina")
    assert "Budi Santoso tidak bertugas" not in rows(rina)["Jumlah"]

    with app.app_context(), transaction():
        budi, today = person("budi"), date(2026, 3, 2)
        DutyChange.plan(budi, today, today, "sakit", by=budi)

    assert "Budi Santoso tidak bertugas" in rows(rina)["Jumlah"]


def test_time_goes_on_in_a_kept_row(app: Flask, claimed: None, at: At) -> None:
    moments = {
        "2026-03-02 09:05+07:00": (">5 menit<", "3 hari kerja lagi"),
        "2026-03-02 11:05+07:00": (">2 jam<", "3 hari kerja lagi"),
        "2026-03-05 09:00+07:00": (">3 hari<", "Hari ini sampai 15.30"),
        "2026-03-05 16:00+07:00": (">3 hari<", "Lewat kurang dari 1 hari kerja"),
        "2026-03-06 16:00+07:00": (">4 hari<", "Lewat 1 hari kerja"),
    }
    for moment, words in moments.items():
        at(moment)
        row = rows(Browser(app).log_in("budi"))["Jumlah"]
        assert all(each in row for each in words), (moment, row)


def test_a_closing_that_waits_for_its_warning_moves_on(
    app: Flask, claimed: None, at: At
) -> None:
    """It is closed one day after the warning, which the timetable is late with."""
    with app.app_context(), transaction():
        served().say(person("budi"), "Tahun berapa?", then=Next.USER)

    for moment, closes_at in (
        ("2026-03-04 08:59:30+07:00", "5 Mar 09.00"),
        ("2026-03-04 09:00:30+07:00", "5 Mar 09.00"),
        ("2026-03-04 09:01+07:00", "5 Mar 09.01"),
        ("2026-03-04 09:02+07:00", "5 Mar 09.02"),
    ):
        at(moment)
        row = rows(Browser(app).log_in("budi"))["Jumlah"]
        assert f"Ditutup {closes_at}<" in row, moment


@pytest.mark.parametrize(
    ("written", "again"),
    [
        ("2026-03-02 09:05:30+07:00", "2026-03-02 09:06+07:00"),
        ("2026-03-02 12:05+07:00", "2026-03-02 13:00+07:00"),
        ("2026-03-04 10:00+07:00", "2026-03-05 00:00+07:00"),
        ("2026-03-05 15:31+07:00", "2026-03-06 00:00+07:00"),
    ],
)
def test_a_row_is_written_again_when_its_words_change(
    written: str, again: str, app: Flask, claimed: None, at: At
) -> None:
    def row_at(moment: str) -> str:
        at(moment)
        return rows(Browser(app).log_in("budi"))["Jumlah"]

    first = row_at(written)
    before = datetime.fromisoformat(again) - timedelta(seconds=1)

    assert row_at(before.isoformat()) == first
    assert row_at(again) != first
    assert row_at(written) == first


def test_a_row_is_written_once(app: Flask, claimed: None) -> None:
    budi = Browser(app).log_in("budi")
    first = rows(budi)
    before = row_html.kept_row.cache_info()
    assert rows(budi) == first
    after = row_html.kept_row.cache_info()

    assert after.misses == before.misses == len(first)
    assert after.hits == before.hits + len(first)


def test_no_secret_of_a_session_is_kept(app: Flask, claimed: None) -> None:
    budi = Browser(app).log_in("budi")

    assert not any("csrf" in row for row in rows(budi).values())
    assert budi.get("/petugas").text.count('name="csrf_token"') == 2, "and to log out"
