"""A row of the worklist is written once, and is never older than what it shows."""

import re
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from pst.consultations.desk.worklist import row_html
from pst.consultations.models import Consultation
from pst.consultations.states import Category, Held
from pst.database import db, transaction
from pst.office import settings
from tests.beginnings import person
from tests.journeys.conftest import Browser

At = Callable[[str], None]


@pytest.fixture(autouse=True)
def none_kept() -> Iterator[None]:
    """Begin without rows of other tests."""
    row_html.html.cache_clear()
    yield
    row_html.html.cache_clear()


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
    served().closing_held = Held.OWED


def answer() -> None:
    served().say(person("budi"), "Jumlahnya 31.000.")


def release() -> None:
    served().release(person("budi"))


CHANGES: dict[str, tuple[Callable[[], None], str]] = {
    "a name": (rename, "Siti Aminah"),
    "the zone": (move_zone, "pukul 10.00 WITA"),
    "a hold": (hold, "Email belum terkirim"),
    "an answer": (answer, "Anda: Jumlahnya 31.000."),
    "a release": (release, ">Ambil</button>"),
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


def test_a_row_is_written_once(app: Flask, claimed: None) -> None:
    budi = Browser(app).log_in("budi")
    first = rows(budi)
    before = row_html.html.cache_info()
    assert rows(budi) == first
    after = row_html.html.cache_info()

    assert after.misses == before.misses == len(first)
    assert after.hits == before.hits + len(first)


def test_no_secret_of_a_session_is_kept(app: Flask, claimed: None) -> None:
    budi = Browser(app).log_in("budi")

    assert not any("csrf" in row for row in rows(budi).values())
    assert budi.get("/petugas").text.count('name="csrf_token"') == 2, "and to log out"
