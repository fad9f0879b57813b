"""A figure is asked for and found, through the pages alone."""

import re
from collections.abc import Callable

import brotli
import pytest
from flask import Flask

from pst.catalogue import documents, importing, storing
from pst.catalogue.models import CatalogueItem
from pst.catalogue.states import Origin
from pst.database import db, transaction
from pst.knowledge.exchange import importing as articles
from pst.knowledge.exchange.entries import starter
from pst.reports.figures.knowledge_figures import KnowledgeFigures
from pst.reports.periods import Period
from tests.journeys.catalogue.steps import search, text_of
from tests.journeys.conftest import Browser

MAX_BYTES = 8 * 1024


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


@pytest.mark.parametrize(
    "words",
    ["apa itu ipm", "cara menghitung ipm", "pengertian inflasi", "jumlah kapal selam"],
)
def test_what_asks_for_no_figure_gets_none(visitor: Browser, words: str):
    assert 'id="angka"' not in search(visitor, words)


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
