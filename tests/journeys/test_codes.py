"""Codes looked up by everyone, in pages that work without a script."""

import pytest
from flask import Flask

from pst.classifications.importing import example
from pst.database import db, transaction
from tests.journeys.conftest import Browser


@pytest.fixture(autouse=True)
def _with_codes(app: Flask) -> None:
    """Put the invented codes of two editions into the database."""
    with app.app_context(), transaction():
        example.load()


def test_an_activity_leads_to_its_code_with_all_that_is_known_of_it(visitor: Browser):
    results = visitor.get("/klasifikasi?q=bengkel+motor").text
    assert results.index("95320") < results.index("Belum yakin?")

    page = visitor.get("/klasifikasi/kbli-2025/95320").text

    assert ">95320 Reparasi dan Perawatan Sepeda Motor</h1>" in page
    assert "ganti oli" in page
    # What it is not leads to where that belongs.
    assert (
        '/klasifikasi/kbli-2025/47831" title="Perdagangan Eceran Sepeda Motor"' in page
    )
    # Where it stands in the tree, and what it was in the earlier edition.
    for part in (
        "/kbli-2025/S",
        "/kbli-2025/95",
        "/kbli-2025/9532",
        "/kbli-2020/45407",
    ):
        assert f'href="/klasifikasi{part}"' in page
    assert "KBLI 2025, kode 95320" in page
    assert "bukan daftar resmi" in page


def test_an_earlier_code_says_what_it_became(visitor: Browser):
    split = visitor.get("/klasifikasi/kbli-2020/14111").text
    assert "Periksa: di KBLI 2025 dipecah menjadi 2." in split
    assert "tidak ada lagi" in visitor.get("/klasifikasi/kbli-2020/47799").text


def test_sections_open_as_a_tree(visitor: Browser):
    assert 'href="/klasifikasi/kbli-2025/G"' in visitor.get("/klasifikasi").text
    assert 'href="/klasifikasi/kbli-2025/47"' in (
        visitor.get("/klasifikasi/kbli-2025/G").text
    )
    assert "45407" not in visitor.get("/klasifikasi/kbli-2025").text


def test_a_code_that_is_not_there_is_not_found(visitor: Browser):
    for path in ("/klasifikasi/kbli-2025/99999", "/klasifikasi/kbli-1900"):
        assert visitor.get(path).status_code == 404


@pytest.mark.parametrize(
    "words", ["56101", "kbli warteg", "jualan nasi goreng gerobak"]
)
def test_the_search_of_everything_shows_codes(visitor: Browser, words: str):
    page = visitor.get("/cari", query_string={"q": words}).text

    assert "Kode klasifikasi</h2>" in page
    assert "Belum ada jawaban yang cocok" not in page


@pytest.mark.parametrize(
    "words",
    ["jumlah penduduk wanadadi", "2025", "produksi padi", "harga cabai", "apa itu ipm"],
)
def test_a_search_for_figures_shows_no_codes(visitor: Browser, words: str):
    page = visitor.get("/cari", query_string={"q": words}).text

    assert "Kode klasifikasi</h2>" not in page


def test_codes_are_offered_while_an_activity_is_described(siti: Browser):
    form = siti.get("/konsultasi/baru?jenis=classification").text
    assert 'hx-get="/klasifikasi/calon"' in form

    page = siti.get("/klasifikasi/calon?activity=servis+kulkas").text
    assert "95210" in page
    assert siti.get("/klasifikasi/calon?activity=a").text.strip() == ""


def test_codes_are_offered_before_the_form_without_a_script(siti: Browser):
    asked = {"jenis": "classification", "subjek": "Kode usaha", "uraian": "sol sepatu"}
    assert "95230" in siti.get("/cari/sebelum-bertanya", query_string=asked).text

    asked["jenis"] = "data"
    assert siti.get("/cari/sebelum-bertanya", query_string=asked).status_code == 302


def test_without_a_list_the_page_says_so(app: Flask, visitor: Browser):
    with app.app_context(), transaction():
        for table in ("conversion", "code", "classification"):
            db.session.execute(db.text(f"DELETE FROM {table}"))

    page = visitor.get("/klasifikasi?q=toko").text
    assert "Daftar kode belum tersedia" in page
