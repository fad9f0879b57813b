"""An officer puts figures into answers, and keeps those that are asked most."""

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask

from pst.demo import catalogue
from tests.journeys.conftest import Browser

FIGURE = {
    "title": "Jumlah Penduduk",
    "unit": "jiwa",
    "area": "Kabupaten Contoh",
    "area_code": "9901",
    "lines": "2024: 640.100\n2025: 650.200",
    "note": "Hasil rapat angka",
    "address": "https://contoh.test/rapat",
    "released_on": "2026-02-01",
    "next_on": "",
}
PAGE = "/petugas/angka"


@pytest.fixture
def budi(app: Flask, at: Callable[[str], None]) -> Browser:
    with app.app_context():
        catalogue.load()
    return Browser(app).log_in("budi")


def insertions(budi: Browser, words: str) -> list[str]:
    page = budi.get("/petugas/artikel/pilihan", query_string={"q": words}).text
    return [html.unescape(text) for text in re.findall(r'data-insert="([^"]*)"', page)]


def test_the_first_insertion_is_the_figure_with_its_source(budi: Browser):
    figure, table, *_ = insertions(budi, "brp ipm kab contoh 2024")

    assert figure == (
        "Indeks Pembangunan Manusia (IPM), Kabupaten Contoh, 2024: 70,3.\n"
        "Sumber: data contoh, https://contohkab.example/tabel/ipm,"
        " diakses 2 Maret 2026."
    )
    lines = table.split("\n")
    assert lines[0] == "Indeks Pembangunan Manusia (IPM)"
    assert lines[1] == "Kabupaten Contoh\t2020\t2021\t2022\t2023\t2024\t2025"
    assert lines[2] == "Kabupaten Contoh\t67,9\t68,4\t69,0\t69,7\t70,3\t70,9"
    assert lines[3].startswith("Sumber: data contoh")


def test_a_year_that_is_missing_is_said_next_to_the_button(budi: Browser):
    page = budi.get("/petugas/artikel/pilihan?q=ipm+kab+contoh+2011").text

    assert "Angka 2011 tidak ada; ini yang terdekat." in page


def test_a_publication_is_inserted_with_its_source(budi: Browser):
    texts = insertions(budi, "kabupaten contoh dalam angka")

    assert texts[0].startswith("Kabupaten Contoh Dalam Angka 2026 (dirilis ")
    assert "\nSumber: data contoh, https://contohkab.example/tabel/dda-2026" in texts[0]


def test_what_the_office_keeps_comes_before_other_figures(budi: Browser, app: Flask):
    assert budi.post(f"{PAGE}/baru", FIGURE).status_code == 303

    words = " ".join(
        re.sub(
            r"<[^>]+>", " ", Browser(app).get("/cari?q=jumlah+penduduk+contoh").text
        ).split()
    )
    assert "650.200 jiwa" in words
    assert "Naik 1,6% dari 2024 (640.100)." in words
    assert "dicatat Budi" in words
    assert "Sumber: BPS Kabupaten Banjarnegara, Hasil rapat angka" in words


def test_a_figure_is_changed_and_taken_out(budi: Browser, app: Flask):
    budi.post(f"{PAGE}/baru", FIGURE)
    path = re.search(rf'href="({PAGE}/\d+)"', budi.get(PAGE).text)
    assert path
    form = budi.get(path[1]).text
    assert "2024: 640.100\n2025: 650.200" in html.unescape(form)

    budi.post(path[1], FIGURE | {"lines": "2025: 651.000"})
    assert "651.000" in Browser(app).get("/cari?q=jumlah+penduduk+contoh").text
    budi.post(f"{path[1]}/penghapusan")

    assert "651.000" not in Browser(app).get("/cari?q=jumlah+penduduk+contoh").text
    assert "Belum ada angka yang dicatat." in budi.get(PAGE).text
    trail = Browser(app).log_in("andi").get("/admin/audit").text
    assert "Angka kantor disimpan" in trail
    assert "Angka kantor dihapus" in trail


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": ""}, "Judul wajib diisi."),
        ({"lines": ""}, "Angka wajib diisi."),
        ({"lines": "2025 650"}, "Baris “2025 650” tidak terbaca."),
        ({"lines": "tahun ini: 5"}, "tidak terbaca."),
        ({"lines": "2025: 1\n2025: 2"}, "tertulis dua kali."),
        ({"area_code": "12345"}, "Tulis kode BPS"),
        ({"address": "javascript:alert(1)"}, "Tulis alamat lengkap"),
        ({"released_on": "kemarin"}, "Tanggal tidak dikenal."),
    ],
)
def test_what_cannot_be_kept_is_given_back_with_a_reason(
    budi: Browser, change: dict[str, str], words: str
):
    answer = budi.post(f"{PAGE}/baru", FIGURE | change)

    assert answer.status_code == 422
    assert words in html.unescape(answer.text)
    assert "Hasil rapat angka" in answer.text


@pytest.mark.parametrize("name", ["siti", "hasan", "andi"])
def test_only_officers_keep_figures(app: Flask, budi: Browser, name: str):
    assert Browser(app).log_in(name).get(PAGE).status_code == 403


def test_items_of_other_lists_are_not_changed_here(budi: Browser):
    assert budi.get(f"{PAGE}/1").status_code == 404
    assert budi.post(f"{PAGE}/1", FIGURE).status_code == 404
