"""A long conversation: the newest stand on the page, the others a link away."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from pst.accounts.users import User
from pst.consultations.conversation.thread import NEWEST
from pst.consultations.messages import Message
from pst.consultations.models import Consultation
from pst.consultations.states import Category, Next
from pst.database import db, transaction
from tests.journeys.conftest import Browser

NUMBER = "KS-2026-000001"
PAGES = {"siti": f"/konsultasi/{NUMBER}", "budi": f"/petugas/konsultasi/{NUMBER}"}
MESSAGE = re.compile(r'id="message-(\d+)"')
EARLIER = re.compile(r'href="([^"]+)"\s*>Pesan sebelumnya')
REQUEST = {
    "subject": "Jumlah penduduk",
    "description": "Menurut umur, tahun 2020 sampai 2025.",
    "area": "Wanadadi",
    "years": "2025",
}


@pytest.fixture
def long_one(app: Flask, at: object) -> None:
    """A conversation of two hundred and thirty messages and a few events."""
    with app.app_context(), transaction():
        siti, budi = (User.with_email(f"{n}@contoh.test") for n in ("siti", "budi"))
        assert siti is not None and budi is not None
        consultation = Consultation.ask(
            siti, Category.DATA, "Jumlah", "Permintaan pertama."
        )
        consultation.claim(budi)
        consultation.say(budi, "Jawaban pertama.", then=Next.DONE)
    with app.app_context(), transaction():
        consultation = db.session.scalars(sa.select(Consultation)).one()
        siti = consultation.user
        for n in range(230):
            consultation.say(siti, f"Pesan ke-{n}.")


@pytest.mark.parametrize("name", PAGES)
def test_all_of_it_is_reached_by_links(name: str, app: Flask, long_one: None) -> None:
    browser = Browser(app).log_in(name)
    with app.app_context():
        rows = list(db.session.scalars(sa.select(Message.id).order_by(Message.id)))

    path: str | None = PAGES[name]
    pages: list[list[int]] = []
    while path:
        text = browser.get(path).text
        pages.append([int(id) for id in MESSAGE.findall(text)])
        assert "Permintaan pertama." in text
        link = EARLIER.search(text)
        path = link[1].replace("&amp;", "&") if link else None

    assert [len(page) for page in pages[:2]] == [NEWEST, NEWEST]
    assert [id for page in reversed(pages) for id in page] == rows


def test_a_long_one_asks_no_more_of_the_database(app: Flask, long_one: None) -> None:
    siti, asked = Browser(app).log_in("siti"), []
    siti.post("/konsultasi/baru?jenis=data", REQUEST)
    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *a: asked.append(a[2]))

    def statements(number: str) -> int:
        siti.get(f"/konsultasi/{number}")
        asked.clear()
        assert siti.get(f"/konsultasi/{number}").status_code == 200
        return len(asked)

    assert statements(NUMBER) <= statements("KS-2026-000002")


def test_earlier_messages_are_their_readers_alone(app: Flask, long_one: None) -> None:
    path = f"/konsultasi/{NUMBER}/sebelumnya"

    assert Browser(app).log_in("dewi").get(f"{path}?sebelum=9").status_code == 404
    assert Browser(app).log_in("siti").get(path).location == PAGES["siti"]
    assert Browser(app).log_in("siti").get(f"{path}?sebelum=x").status_code == 400


def test_print_and_news_hold_all(app: Flask, long_one: None) -> None:
    budi = Browser(app).log_in("budi")
    printed = budi.get(f"/petugas/konsultasi/{NUMBER}/cetak").text

    assert "Pesan ke-0." in printed and "Pesan ke-229." in printed
