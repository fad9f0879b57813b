"""Asking the starter articles: what is found, and what is not."""

from collections.abc import Callable

import pytest
from sqlalchemy.engine import Connection

from pst.catalogue.documents import ITEM
from pst.knowledge.documents import ARTICLE
from pst.search import engine
from tests.search.steps import first


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("menghitung ipm", "cara-hitung-ipm"),
        ("perhitungan IPM", "cara-hitung-ipm"),
        ("indeks pembangunan manusia kabupaten", "ipm-kabupaten"),
        ("TPT", "tpt-kabupaten"),
        ("penganguran terbuka", "tpt-kabupaten"),
        ("rata-rata lama sekolah", "uhh-hls-rls"),
        ("datamikro", "data-mikro"),
        ("lupa password", "akun-dan-kata-sandi"),
        ("konsultasi dijawab brp hari", "waktu-penyelesaian"),
        ("kode kbli warung makan", "cari-kode-kbli"),
        ("kode klbi bengkel motor", "cari-kode-kbli"),
        ("rekomndsi survei dinas", "apa-itu-rekomendasi-statistik"),
        ("metadta itu apaaa", "apa-itu-metadata"),
        ("profil kecamatan kalibening", "kecamatan-dalam-angka"),
        ("loker bps", "menjadi-mitra-statistik"),
    ],
)
def test_the_right_article_comes_first(starter: Connection, words: str, slug: str):
    assert first(starter, words) == slug


@pytest.mark.parametrize(
    "words",
    [
        "harga emas hari ini",
        "jadwal vaksin anak di puskesmas",
        "resep nasi goreng",
        "ramalan cuaca besok",
        "jadwal kapal feri",
        "skor pertandingan sepak bola",
        "cara membuat ktp baru",
        "lowongan kerja pabrik tekstil",
        "data bunuh diri",
        "yang",
        "bagaimana cara",
        "halo selamat pagi",
        "asdfghjkl",
    ],
)
def test_what_no_article_answers_finds_nothing(starter: Connection, words: str):
    assert engine.search(starter, words, ARTICLE).hits == ()


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("jumlah penduduk wanadadi", "jumlah-penduduk"),
        ("penduduk wanadadi", "jumlah-penduduk"),
        ("jumlah penduduk batur 2023", "jumlah-penduduk"),
        ("data penduduk purwonegoro", "jumlah-penduduk"),
        ("kode wilayah purwonegoro", "kode-wilayah"),
        ("inflasi wanadadi 2024", "inflasi-kabupaten"),
        ("inflasi september 2024", "inflasi-kabupaten"),
        ("inflasi bulan mei 2024", "inflasi-kabupaten"),
        ("penduduk miskin jawa timur", "kemiskinan-kabupaten"),
    ],
)
def test_a_place_or_a_time_hides_no_answer(starter: Connection, words: str, slug: str):
    assert first(starter, words) == slug
    assert slug in [hit.slug for hit in engine.suggest(starter, words, ARTICLE)]


@pytest.mark.parametrize(
    "words",
    [
        "lowongan kerja wanadadi",
        "kode pos wanadadi",
        "harga cabai",
        "harga cabai wanadadi",
        "cuaca wanadadi september 2024",
        "jam buka pasar batur",
        "wanadadi",
        "september 2024",
    ],
)
def test_a_place_or_a_time_makes_no_answer(starter: Connection, words: str):
    assert engine.search(starter, words, ARTICLE).hits == ()


def test_a_name_of_three_strange_words_is_no_place(starter: Connection):
    assert engine.search(starter, "inflasi karang kobar", ARTICLE).hits
    assert not engine.search(starter, "inflasi wringin karang kobar", ARTICLE).hits


def test_the_name_of_a_place_is_no_mistake(starter: Connection):
    answer = engine.search(starter, "jumlah penduduk sleman", ARTICLE)

    assert answer.hits and answer.corrected is None


def test_a_mended_question_is_said(starter: Connection):
    answer = engine.search(starter, "penganguran terbuka", ARTICLE)

    assert answer.corrected == "pengangguran terbuka"
    assert engine.search(starter, "pengangguran terbuka", ARTICLE).corrected is None


def test_a_category_filters_before_the_limit(starter: Connection):
    hits = engine.search(starter, "penduduk", ARTICLE, category="metadata").hits

    assert hits and {hit.category for hit in hits} == {"metadata"}


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("harga cabai", "mohon bantuan"),
        ("harga cabai", "untuk tugas kuliah saya"),
        ("mohon bantuan", ""),
        ("Tugas kuliah", "Mohon bantuannya. Terima kasih atas perhatiannya."),
        ("Curah hujan", "Nama saya Siti dari Dinas Kesehatan. Yang bulanan."),
        ("Curah hujan", "Saya mahasiswa, mohon segera dikirim ke email saya."),
    ],
)
def test_courtesies_of_a_request_find_nothing(
    starter: Connection, subject: str, text: str
):
    assert engine.about(starter, subject, text, ARTICLE).hits == ()


def test_courtesies_of_a_request_add_nothing(starter: Connection):
    plain = engine.about(starter, "data inflasi purwonegoro", "", ARTICLE)
    polite = engine.about(
        starter, "data inflasi purwonegoro", "untuk tugas kuliah saya", ARTICLE
    )

    assert [hit.slug for hit in plain.hits] == [hit.slug for hit in polite.hits]
    assert plain.hits[0].slug == "inflasi-kabupaten"


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Selamat pagi. Saya butuh data inflasi untuk skripsi.", "inflasi-kabupaten"),
        ("Bagaimana cara menghitung IPM?", "cara-hitung-ipm"),
        (
            "Perkenalkan nama saya Siti dari Dinas Kesehatan, mohon data jumlah "
            "penduduk kecamatan Wanadadi tahun 2023. Terima kasih.",
            "jumlah-penduduk",
        ),
    ],
)
def test_a_sentence_of_a_request_that_asks_is_answered(
    starter: Connection, text: str, slug: str
):
    assert engine.about(starter, "Mohon bantuan", text, ARTICLE).hits[0].slug == slug


@pytest.mark.parametrize("find", [engine.search, engine.suggest])
def test_an_index_without_documents_is_asked_once(starter: Connection, find: Callable):
    """An office whose catalogue is not fetched yet reads no synonyms for it."""
    driver = starter.connection.driver_connection
    statements: list[str] = []
    driver.set_trace_callback(statements.append)
    try:
        find(starter, "jumlah penduduk wanadadi", ITEM)
    finally:
        driver.set_trace_callback(None)

    assert len([text for text in statements if text.startswith("SELECT")]) == 1
