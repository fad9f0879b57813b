"""The areas of a figure question on the pages: a card for each, an answer with all."""

import html
import re

from flask import Flask

from pst.catalogue import documents, importing, storing
from pst.catalogue.states import Origin
from tests.journeys.catalogue.steps import search, text_of
from tests.journeys.conftest import Browser
from tests.processes import ROOT

CLINICS = ROOT / "tests" / "catalogue" / "clinics.jsonl"


def test_a_missing_place_is_named(visitor: Browser):
    words = text_of(search(visitor, "jumlah penduduk kecamatan wanadadi 2025"))

    assert "Angka untuk “wanadadi” tidak ada di sini." in words


def test_an_area_that_lacks_the_period_says_so(app: Flask, visitor: Browser):
    with app.app_context():
        storing.take_over("uji", Origin.FILE, importing.read(CLINICS))
        documents.write_pending()

    words = text_of(search(visitor, "jumlah klinik kemangi dan selasih 2025"))
    assert re.search(r"Kemangi : 4 unit \(angka 2023, yang terdekat\)", words), words

    words = text_of(search(visitor, "jumlah klinik selasih dan melati 2025"))
    assert "Melati : tidak tersedia" in words


def test_a_comparison_shows_a_card_of_each_source(visitor: Browser):
    page = search(visitor, "ipm kab contoh dibanding provinsi")

    assert page.count('class="card figure-card"') == 2
    assert 'id="angka"' in page and 'id="angka2"' in page
    words = text_of(page)
    assert "Kabupaten Contoh · 2025" in words and "Provinsi Contoh · 2025" in words


def test_every_area_that_was_asked_for_is_put_into_an_answer(
    visitor: Browser, app: Flask
):
    budi = Browser(app).log_in("budi")

    def inserted(words: str) -> str:
        page = budi.get("/petugas/artikel/pilihan", query_string={"q": words}).text
        match = re.search(r'data-insert="([^"]*)"[^>]*>\s*Sisipkan angka', page)
        assert match
        assert page.count("Sisipkan angka") == 1
        return html.unescape(match[1])

    two = inserted("penduduk selasih dan kemangi 2024").splitlines()
    assert two[0] == "Jumlah Penduduk Menurut Kecamatan dan Jenis Kelamin, jiwa"
    assert two[1] == "Wilayah\t2024"
    assert [line.split("\t")[0] for line in two[2:4]] == ["Kemangi", "Selasih"]
    assert two[4].startswith("Sumber: data contoh")
    levels = inserted("ipm kab contoh dibanding provinsi").splitlines()
    assert "Kabupaten Contoh, 2025: " in levels[0]
    assert levels[1].startswith("Sumber: ")
    assert "Provinsi Contoh, 2025: " in levels[2]
    assert levels[3].startswith("Sumber: ")


def test_an_area_of_another_period_says_so_in_an_answer(visitor: Browser, app: Flask):
    with app.app_context():
        storing.take_over("uji", Origin.FILE, importing.read(CLINICS))
        documents.write_pending()
    question = {"q": "jumlah klinik selasih dan kemangi 2025"}

    page = (
        Browser(app)
        .log_in("budi")
        .get("/petugas/artikel/pilihan", query_string=question)
    )

    match = re.search(r'data-insert="([^"]*)"[^>]*>\s*Sisipkan angka', page.text)
    assert match
    rows = [line.split("\t") for line in html.unescape(match[1]).splitlines()]
    assert rows[1] == ["Wilayah", "2025"]
    assert {row[0]: " ".join(row[1].split()) for row in rows[2:4]} == {
        "Selasih": "7",
        "Kemangi": "4 (2023)",
    }


def test_areas_that_are_too_many_are_counted(visitor: Browser, app: Flask):
    names = ["Akasia", "Bakau", "Cemara", "Damar", "Enau", "Gaharu", "Hanjuang"]
    names += ["Ixora", "Jatiwangi", "Kenari"]
    values = [
        {"period": "2025", "value": at, "area": name, "area_code": f"9902{at}0"}
        for at, name in enumerate(names, 10)
    ]
    row = {"id": "x", "kind": "tabel", "title": "Jumlah Embung", "area_code": "9902"}
    with app.app_context():
        entry = importing.entry_of(row | {"values": values})
        storing.take_over("uji", Origin.FILE, [entry])
        documents.write_pending()
    words = f"jumlah embung {', '.join(names)} 2025"
    notice = "dan 2 wilayah lain; sebut paling banyak 8"

    budi = Browser(app).log_in("budi")
    choices = budi.get("/petugas/artikel/pilihan", query_string={"q": words}).text

    assert notice in text_of(search(visitor, words))
    assert notice in text_of(choices)
    assert notice not in text_of(search(visitor, "jumlah embung akasia, bakau 2025"))
    inserted = re.search(r'data-insert="([^"]*)"[^>]*>\s*Sisipkan angka', choices)
    assert inserted
    assert html.unescape(inserted[1]).splitlines()[-2] == "dan 2 wilayah lain"
