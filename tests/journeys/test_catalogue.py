"""A figure is asked for and found, through the pages alone."""

import html
import re
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
from flask import Flask

from pst.catalogue import documents, importing, storing
from pst.catalogue.models import CatalogueItem
from pst.catalogue.states import Origin
from pst.database import db, transaction
from pst.demo import catalogue
from pst.knowledge.exchange import importing as articles
from pst.knowledge.exchange.entries import starter
from pst.reports.figures.knowledge_figures import KnowledgeFigures
from pst.reports.periods import Period
from tests.journeys.conftest import Browser

MAX_BYTES = 8 * 1024
CLINICS = Path(__file__).parent.parent / "catalogue" / "clinics.jsonl"


@pytest.fixture
def visitor(app: Flask, at: Callable[[str], None]) -> Browser:
    at("2026-03-02 09:00+07:00")
    with app.app_context():
        catalogue.load()
    return Browser(app)


def search(browser: Browser, words: str, **more: str) -> str:
    return browser.get("/cari", query_string={"q": words, **more}).text


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_figure_stands_above_everything_else(visitor: Browser):
    page = search(visitor, "brp jumlah penduduk kabupaten contoh")

    words = text_of(page)
    assert "647.9" in words or re.search(r"6\d\d\.\d{3} jiwa", words)
    assert "Kabupaten Contoh · 2025" in words
    assert "data contoh" in words
    assert re.search(r"Naik \d,\d% dari 2024 \(6\d\d\.\d{3}\)", words)
    assert "Sumber: data contoh, Proyeksi penduduk" in words
    assert "dirilis 27 Februari 2026" in words
    assert "berikutnya 26 Februari 2027" in words
    assert page.index('id="angka"') < page.index('id="tabel"')
    assert "<svg" in page
    assert "Angka tiap periode" in words


def test_a_missing_year_is_named(visitor: Browser):
    words = text_of(search(visitor, "jumlah penduduk kabupaten contoh 2010"))

    assert "Angka 2010 tidak ada di sini. Ini angka 2019, yang terdekat." in words


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


@pytest.mark.parametrize(
    "words",
    ["apa itu ipm", "cara menghitung ipm", "pengertian inflasi", "jumlah kapal selam"],
)
def test_what_asks_for_no_figure_gets_none(visitor: Browser, words: str):
    assert 'id="angka"' not in search(visitor, words)


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


def test_tables_and_publications_have_their_own_share(visitor: Browser):
    page = search(visitor, "kabupaten contoh dalam angka")

    matches = re.findall(r"<h3>\s*<a[^>]*>([^<]*)", page)
    assert matches[0] == "Kabupaten Contoh Dalam Angka 2026", "the newest comes first"
    assert len(matches) == 4
    every = search(visitor, "kabupaten contoh dalam angka", kategori="katalog")
    assert len(re.findall(r"<h3>\s*<a", every)) > 6


def test_an_item_has_a_page_with_its_table(visitor: Browser, app: Flask):
    page = search(visitor, "jumlah penduduk kabupaten contoh")
    path = re.search(r'href="(/tabel/\d+\?dari=[^"]+)"', page)
    assert path
    item = visitor.get(path[1])

    words = text_of(item.text)
    assert item.status_code == 200
    assert "Data contoh: wilayah dan semua angkanya dikarang" in words
    assert "Selasih · Perempuan" in words
    assert "Buka di sumber" in words


def test_an_item_that_is_not_there_is_404(visitor: Browser):
    assert visitor.get("/tabel/99999").status_code == 404


def test_a_vanished_item_stays_readable_and_is_no_figure(visitor: Browser, app: Flask):
    with app.app_context(), transaction():
        item = db.session.scalar(db.select(CatalogueItem).filter_by(source_id="ipm"))
        item.vanish()
        id = item.id
    page = search(visitor, "ipm kab contoh 2025")

    assert "tidak lagi diterbitkan" in text_of(visitor.get(f"/tabel/{id}").text)
    assert f'angka">\n    <a href="/tabel/{id}' not in page


def test_items_appear_among_the_suggestions(visitor: Browser):
    page = visitor.get("/cari/saran?q=produksi+padi").text
    asking = visitor.get("/cari/saran?subject=produksi+padi").text

    assert "Produksi Padi Menurut Kecamatan" in page
    assert 'target="_blank"' in asking


def test_a_figure_is_shown_before_a_consultation_is_filed(visitor: Browser):
    page = visitor.get("/cari/sebelum-bertanya?jenis=data&subjek=ipm+kabupaten+contoh")

    assert page.status_code == 200
    assert "70,9" in page.text
    assert "Tidak, ajukan konsultasi" in page.text


def test_a_search_that_a_figure_answered_is_no_gap(
    visitor: Browser, app: Flask, at: Callable[[str], None]
):
    search(visitor, "garis kemiskinan kabupaten contoh")
    search(visitor, "zat pewarna kain")
    gaps = Browser(app).log_in("budi").get("/petugas/artikel/kebutuhan").text

    assert "zat pewarna kain" in gaps
    assert "garis kemiskinan kabupaten contoh" not in gaps


def test_markup_of_a_source_is_never_shown_as_such(app: Flask, visitor: Browser):
    entry = importing.entry_of(
        {
            "id": "x",
            "kind": "tabel",
            "title": "<script>alert(1)</script>Luas &lt;b&gt;Kolam&lt;/b&gt; Renang",
            "abstract": "&amp;lt;img src=x onerror=alert(1)&amp;gt;",
            "unit": "m&lt;sup&gt;2&lt;/sup&gt;",
        }
    )
    with app.app_context():
        storing.take_over("file/x", Origin.FILE, [entry])
        documents.write_pending()
    page = search(visitor, "luas kolam renang")

    assert "Luas Kolam Renang" in text_of(page)
    assert "onerror" not in page
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    "words", ["jumlah penduduk", "inflasi terbaru", "penduduk miskin"]
)
def test_a_page_of_results_with_a_figure_is_small(visitor: Browser, words: str):
    answer = visitor.get(
        "/cari", query_string={"q": words}, headers={"Accept-Encoding": "br"}
    )

    assert "angka" in brotli.decompress(answer.data).decode()
    assert len(answer.data) <= MAX_BYTES


def test_the_report_counts_what_figures_answered_and_what_was_opened(
    visitor: Browser, app: Flask
):
    page = search(visitor, "ipm kabupaten contoh")
    path = re.search(r'href="(/tabel/\d+\?dari=[^"]+)"', page)
    assert path
    visitor.get(path[1])
    visitor.get(path[1])
    with app.app_context():
        figures = KnowledgeFigures(Period.of(2026, 3, 1))
        assert figures.facts["tables"] == 1
        assert figures.opened_items == [("Indeks Pembangunan Manusia (IPM)", 2)]


def test_what_may_be_related_is_offered_last(app: Flask, visitor: Browser):
    with app.app_context(), transaction():
        articles.load(starter())
    budi = Browser(app).log_in("budi")
    page = budi.get("/petugas/artikel/pilihan?q=ikan+lele+produksi+kolam").text

    assert "Yang terdekat, mungkin berkaitan." in page
    assert page.index("Sisipkan tautan") < page.index("Sisipkan sumber")

    words = text_of(search(visitor, "ikan lele produksi kolam"))
    assert "Tabel dan publikasi yang mungkin berkaitan" in words
