"""Finding articles, before and after a request; what no search found."""

import json
import re

import pytest
from flask import Flask

from pst.database import transaction
from pst.knowledge.exchange import entries, importing
from pst.reference_lists import DATA
from tests.journeys.conftest import hidden
from tests.steps import published

STARTER = DATA / "kb_starter.json"


def test_searches_that_found_nothing_are_gathered(budi, visitor):
    for words in ("jadwal feri", "feri jadwalnya", "jadwal feri"):
        visitor.get(f"/cari?q={words}").close()

    gaps = budi.get("/petugas/artikel/kebutuhan").text
    assert "3 × tanpa hasil" in gaps
    budi.post(
        "/petugas/artikel/kebutuhan/selesai", {"meaning": hidden(gaps, "meaning")}
    )
    assert "3 × tanpa hasil" not in budi.get("/petugas/artikel/kebutuhan").text


def test_a_searched_and_opened_article_is_no_gap(budi, rina, visitor):
    published(budi, rina)
    page = visitor.get("/cari?q=curah+hujan")
    link = re.search(r'href="(/artikel/[^"]+dari=[^"]+)"', page.text)
    page.close()
    assert "1 × tanpa dibuka" in budi.get("/petugas/artikel/kebutuhan").text

    visitor.get(link[1].replace("&amp;", "&")).close()

    assert "tanpa dibuka" not in budi.get("/petugas/artikel/kebutuhan").text


def test_articles_are_shown_before_a_consultation_is_filed(budi, rina, siti):
    published(budi, rina)

    answer = siti.get("/cari/sebelum-bertanya?jenis=data&subjek=data+curah+hujan")
    key = hidden(answer.text, "key")
    assert "Tidak, ajukan konsultasi" in answer.text
    assert "/konsultasi/baru?jenis=data&amp;subjek=data+curah+hujan" in answer.text
    answer.close()

    assert siti.post("/cari/terjawab", {"key": key}).location == "/cari/terima-kasih"
    onward = siti.get("/cari/sebelum-bertanya?jenis=data&subjek=kapal+feri")
    assert onward.status_code == 302
    assert onward.location.startswith("/konsultasi/baru?jenis=data")


def test_what_the_text_asks_is_answered_before_filing_too(budi, rina, siti):
    published(budi, rina)
    step = "/cari/sebelum-bertanya?jenis=data&subjek=Minta+bantuan&uraian="

    answer = siti.get(step + "Selamat+pagi.+Di+mana+ada+data+curah+hujan%3F")

    assert "Tidak, ajukan konsultasi" in answer.text
    # What the text found is not said to be about the subject.
    assert "“Minta bantuan”" not in answer.text
    form = siti.get("/konsultasi/baru?jenis=data&subjek=Hujan&uraian=Yang+bulanan.")
    assert "Yang bulanan." in form.text


def test_more_than_ten_articles_are_said_to_be_the_best_ten(app: Flask, visitor):
    with app.app_context(), transaction():
        importing.load(entries.read(json.loads(STARTER.read_text())))

    assert "10 artikel teratas untuk “data”" in visitor.get("/cari?q=data").text
    page = visitor.get("/cari?q=romantik+online").text
    assert re.search(r"\d artikel untuk “romantik online”", page)


def test_suggestions_are_small_and_complete_the_word(budi, rina, visitor):
    published(budi, rina)

    answer = visitor.get("/cari/saran?q=curah+huj")

    assert "curah hujan" in answer.text
    assert len(answer.data) <= 1500


def test_an_officer_finds_an_article_for_the_answer(budi, rina):
    published(budi, rina)

    page = budi.get("/petugas/artikel/pilihan?q=hujan").text

    assert "Sisipkan tautan" in page
    assert "/artikel/bagaimana-memperoleh-data-curah-hujan" in page


def test_a_new_synonym_finds_at_once(budi, rina, visitor):
    published(budi, rina)
    assert "<ol" not in visitor.get("/cari?q=presipitasi").text

    budi.post(
        "/petugas/artikel/sinonim", {"terms": "hujan\npresipitasi", "weight": "1.0"}
    )

    assert "curah hujan" in visitor.get("/cari?q=presipitasi").text.split("<ol")[1]


def test_a_search_leaves_no_trace_of_the_person(app: Flask, siti, budi):
    siti.get("/cari?q=hubungi+siti@contoh.test+0812+3456+7890").close()

    page = budi.get("/petugas/artikel/kebutuhan").text

    assert "siti@contoh.test" not in page
    assert "3456" not in page


def test_what_was_found_unopened_and_then_asked_for_is_a_gap(budi, rina, siti, visitor):
    published(budi, rina)
    request = {"subject": "curah hujannya?", "description": "Menurut bulan."}
    request |= {"area": "Banjarnegara", "years": "2025"}

    visitor.get("/cari?q=curah+hujan").close()
    assert siti.post("/konsultasi/baru?jenis=data", request).status_code == 303

    gaps = " ".join(budi.get("/petugas/artikel/kebutuhan").text.split())
    assert "1 × tanpa dibuka" in gaps
    assert "1 konsultasi" in gaps


@pytest.mark.parametrize("page", ["/cari", "/klasifikasi"])
def test_words_that_turn_their_line_are_shown_without_the_turn(visitor, page):
    shown = visitor.get(page, query_string={"q": "\u202ezzqx\u2066 kapal"}).text

    assert "zzqx kapal" in shown
    assert "\u202e" not in shown and "\u2066" not in shown
