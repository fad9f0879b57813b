"""The HTML of an entry is made once, and is never older than what it shows."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from pst.consultations.conversation import entries
from pst.consultations.messages import Kind, Message
from pst.consultations.models import Consultation
from pst.consultations.states import Category, Next
from pst.database import db, transaction
from pst.office import settings
from pst.web import once
from tests.beginnings import person
from tests.journeys.conftest import Browser

NUMBER = "KS-2026-000001"
PAGES = {"siti": f"/konsultasi/{NUMBER}", "budi": f"/petugas/konsultasi/{NUMBER}"}


def made() -> Consultation:
    return db.session.scalars(sa.select(Consultation).filter_by(number=NUMBER)).one()


def answer() -> Message:
    query = sa.select(Message).filter_by(body="Jumlahnya 31.000.", kind=Kind.MESSAGE)
    return db.session.scalars(query).one()


@pytest.fixture
def answered(app: Flask, at: object) -> None:
    with app.app_context(), transaction():
        consultation = Consultation.ask(
            person("siti"), Category.DATA, "Jumlah", "Menurut umur."
        )
        consultation.claim(person("budi"))
        consultation.say(person("budi"), "Jumlahnya 31.000.", then=Next.DONE)
        consultation.note(person("budi"), "Hanya untuk petugas.")


def mark() -> None:
    made().mark(answer(), person("budi"), final=True)


def rename() -> None:
    person("budi").change_profile("Budi Hartono")


def move_office() -> None:
    made().mark(answer(), person("budi"), final=True)
    settings.change({"office_name": "BPS Kabupaten Contoh"})


def read() -> None:
    made().read(person("siti"), answer().id)


CHANGES: dict[str, tuple[Callable[[], None], str, str]] = {
    "a mark": (mark, "siti", "Jawaban final"),
    "a name": (rename, "siti", "Budi Hartono"),
    "a setting": (move_office, "siti", "Sumber: BPS Kabupaten Contoh"),
    "a reading": (read, "budi", "dibaca"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_changes_is_seen_at_once(what: str, app: Flask, answered: None) -> None:
    change, reader, words = CHANGES[what]
    browser = Browser(app).log_in(reader)
    assert words not in thread_of(browser, reader)

    with app.app_context(), transaction():
        change()

    assert words in thread_of(browser, reader)


def test_erased_words_are_in_no_page(app: Flask, answered: None) -> None:
    browsers = {name: Browser(app).log_in(name) for name in PAGES}
    for name, browser in browsers.items():
        assert "31.000" in thread_of(browser, name)

    with app.app_context(), transaction():
        answer().erase()

    for name, browser in browsers.items():
        assert "31.000" not in thread_of(browser, name)


def test_each_reader_gets_their_own(app: Flask, answered: None) -> None:
    budi, siti = Browser(app).log_in("budi"), Browser(app).log_in("siti")
    for _ in range(2):
        officers, users = thread_of(budi, "budi"), thread_of(siti, "siti")
        assert "Tandai pesan" in officers and "Hanya untuk petugas." in officers
        assert "Tandai pesan" not in users and "Hanya untuk petugas." not in users
        assert PAGES["budi"] not in users


def test_an_entry_is_written_once(app: Flask, answered: None) -> None:
    siti = Browser(app).log_in("siti")
    thread_of(siti, "siti")
    before = entries.html.cache_info()
    thread_of(siti, "siti")
    after = entries.html.cache_info()

    assert after.misses == before.misses
    assert after.hits > before.hits


def thread_of(browser: Browser, name: str) -> str:
    page = browser.get(PAGES[name]).text
    return page[page.index('id="thread"') : page.index("</ol>")]


def test_the_fields_of_an_answer_are_written_once(app: Flask, answered: None) -> None:
    siti, budi = Browser(app).log_in("siti"), Browser(app).log_in("budi")
    for browser, page in ((siti, PAGES["siti"]), (budi, PAGES["budi"])):
        browser.get(page)
        before = once.part.cache_info()
        browser.get(page)
        assert once.part.cache_info().misses == before.misses


def test_what_a_person_filled_in_is_not_kept(app: Flask, answered: None) -> None:
    siti = Browser(app).log_in("siti")
    text = "Kalimat yang hanya milik Siti. " * 10
    refused = siti.post(f"{PAGES['siti']}/pesan", {"body": text, "attachment": "999"})
    assert refused.status_code == 422 and text.strip() in refused.text
    assert text.strip() not in siti.get(PAGES["siti"]).text
