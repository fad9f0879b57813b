"""Asking the starter articles: what is found, what is not, and that nothing breaks."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Connection

from pst.catalogue.documents import ITEM
from pst.knowledge.documents import ARTICLE
from pst.search import engine
from pst.search.evaluation import Evaluation, mrr, ndcg, success

JUDGED = Path(__file__).parent


def first(connection: Connection, words: str) -> str | None:
    hits = engine.search(connection, words, ARTICLE).hits
    return hits[0].slug if hits else None


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


def test_met_words_are_marked_as_the_text_has_them(starter: Connection):
    passage = engine.search(starter, "penganguran terbuka", ARTICLE).hits[0].snippet
    marked = [piece.text for piece in passage if piece.is_match]

    assert "Pengangguran" in marked and "Terbuka" in marked


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
    asked: list[str] = []
    driver.set_trace_callback(asked.append)
    try:
        find(starter, "jumlah penduduk wanadadi", ITEM)
    finally:
        driver.set_trace_callback(None)

    assert len([text for text in asked if text.startswith("SELECT")]) == 1


def test_the_last_word_may_be_unfinished(starter: Connection):
    titles = [hit.title for hit in engine.suggest(starter, "garis kemis", ARTICLE)]

    assert titles[0] == "Apa itu garis kemiskinan dan bagaimana menghitungnya?"


def test_related_articles_leave_out_the_article_itself(starter: Connection):
    hit = engine.search(starter, "garis kemiskinan", ARTICLE).hits[0]

    related = engine.related(starter, hit.source_id, ARTICLE)

    assert related and hit.source_id not in [each.source_id for each in related]


@pytest.mark.parametrize(
    "words",
    [
        *("", "   ", '"', "'", "*", "-", "NEAR(", "NEAR(a b, 3)", "a AND", "OR", "NOT"),
        *("title:x", "{title body}: x", "^x", "x*", "(((", ")", 'x" OR "y', "\\", "%"),
        *("😀😀", "عدد السكان", "人口統計", "\0", "\ud800", "a\x00b", ";DROP TABLE x"),
        *("yang di ke dari", "apa", "56101", "x" * 10_000, "penduduk " * 2_000),
    ],
)
def test_anything_typed_gets_an_answer(starter: Connection, words: str):
    engine.search(starter, words, ARTICLE)
    engine.suggest(starter, words, ARTICLE)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.one_of(
        st.text(max_size=80),
        st.text(alphabet='"*-:(){}^+ANDORNEAT penduduk', max_size=40),
    )
)
@example('"penduduk')
def test_no_text_breaks_the_search(starter: Connection, words: str):
    answer = engine.search(starter, words, ARTICLE, prefix=True)

    for hit in answer.hits:
        assert "".join(piece.text for piece in hit.snippet)


@pytest.mark.parametrize(
    ("file", "success_at_1", "ndcg_at_10"),
    [
        ("queries.json", 0.9, 0.9),
        ("held_out.json", 0.8, 0.88),
        ("places.json", 0.9, 0.9),
    ],
)
def test_the_judged_questions_are_answered(
    starter: Connection, file: str, success_at_1: float, ndcg_at_10: float
):
    """The second file was written after the search was tuned, and not tuned on.

    The third asks for places and times, which hardly any article names.
    """
    evaluation = Evaluation()
    for query in json.loads((JUDGED / file).read_text()):
        answer = engine.search(starter, query["query"], ARTICLE)
        sure = [hit.slug for hit in answer.hits]
        shown = sure or [hit.slug for hit in answer.unsure]
        evaluation.add(query["group"], query["relevant"], sure, shown, 0.0)
    figures = evaluation.figures()

    assert figures["all"]["sure @1"] >= success_at_1
    assert figures["all"]["sure ndcg"] >= ndcg_at_10
    assert figures["all"]["right none"] >= 0.9
    assert "gibberish" not in figures or figures["gibberish"]["right none"] >= 0.9


def test_the_figures_are_what_they_are_called():
    relevant = {"a": 2, "b": 1}

    assert success(relevant, ["b", "a"]) == 1
    assert mrr(relevant, ["x", "y", "b"]) == pytest.approx(1 / 3)
    assert ndcg(relevant, ["a", "b"]) == pytest.approx(1)
    assert ndcg(relevant, ["b", "a"]) < 1
    assert ndcg(relevant, []) == 0


def test_what_may_be_related_is_shown_as_unsure(starter: Connection):
    answer = engine.search(starter, "jml murid smp", ARTICLE)

    assert answer.hits == ()
    assert "data-sektoral-dinas" in [hit.slug for hit in answer.unsure]
    assert len(answer.unsure) <= 3
    assert engine.search(starter, "asdfghjkl", ARTICLE) == engine.Answer()


def test_suggestions_have_no_gate(starter: Connection):
    words = "jml murid smp"

    assert engine.search(starter, words, ARTICLE).hits == ()
    assert engine.suggest(starter, words, ARTICLE)


@pytest.mark.parametrize(
    ("typed", "means"),
    [("rata2 lama sekolah", "rata lama sekolah"), ("bintang2", "bintang")],
)
def test_a_word_doubled_with_a_two_is_the_word(
    starter: Connection, typed: str, means: str
):
    doubled = engine.search(starter, typed, ARTICLE)

    assert doubled.corrected == means
    assert first(starter, typed) == first(starter, means)


@pytest.mark.parametrize("manners", ["kak {} dong", "nuwun sewu pak, {} nggih"])
def test_manners_weigh_nothing(starter: Connection, manners: str):
    words = "data pengangguran"

    polite = engine.search(starter, manners.format(words), ARTICLE)

    plain = engine.search(starter, words, ARTICLE)
    assert [hit.slug for hit in polite.hits] == [hit.slug for hit in plain.hits]
    assert polite.weight == pytest.approx(plain.weight)


def test_only_what_matched_is_marked(starter: Connection):
    for words in ("brapa lama konsultasi dijawab", "berapa lama konsultasi dijawab"):
        hits = engine.search(starter, words, ARTICLE).hits
        marked = {
            piece.text.casefold()
            for hit in hits
            for piece in hit.snippet
            if piece.is_match
        }

        assert marked and "apakah" not in marked and "berapa" not in marked


def test_a_snippet_is_long_enough_and_has_no_marks_of_markdown(starter: Connection):
    for words in ("tarif produk", "kode kbli", "susenas sakernas", "rse"):
        for hit in engine.search(starter, words, ARTICLE).hits:
            text = "".join(piece.text for piece in hit.snippet)
            assert len(text) <= 310
            assert not set(text) & set("*`#|")


@pytest.mark.parametrize(
    ("file", "asked", "others"),
    [
        ("chatty.json", 45, 12),
        # The causes of its misses were looked for: words of chat and Javanese.
        ("chatty_tuned.json", 54, 6),
        ("chatty_later.json", 39, 5),
    ],
)
def test_questions_as_people_chat_are_answered(
    starter: Connection, file: str, asked: int, others: int
):
    """Judged before they were run; nothing was tuned on the first and the last.

    On their first run .867, .870 and .897 had a right article first, be it sure or not.
    """
    questions = json.loads((JUDGED / file).read_text())
    evaluation = Evaluation()
    for question in questions:
        answer = engine.search(starter, question["query"], ARTICLE)
        sure = [hit.slug for hit in answer.hits]
        shown = sure or [hit.slug for hit in answer.unsure]
        evaluation.add(
            "asked" if question["relevant"] else "others",
            *(question["relevant"], sure, shown, 0.0),
        )
    figures = evaluation.figures()

    assert figures["asked"]["queries"] == asked
    assert figures["asked"]["shown @1"] >= 0.88
    assert figures["asked"]["sure ndcg"] >= 0.8
    assert figures["others"]["queries"] == others
    assert figures["others"]["right none"] >= 0.8


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("deflasi ki opo to", "apa-itu-inflasi-ihk"),
        ("romantik ki piye carane", "cara-mengajukan-romantik"),
        ("minta data kudu bawa surat kampus po ora", "kapan-perlu-surat"),
        ("chatnya ditutup pdhl blm rampung", "percakapan-ditutup"),
        ("turis yg nginep pirang wong", "hotel-tpk-pariwisata"),
        ("gini rasio hrs dibaca gmn", "gini-ratio"),
    ],
)
def test_words_of_chat_hide_no_answer(starter: Connection, words: str, slug: str):
    assert first(starter, words) == slug


def test_an_abbreviation_is_no_word_without_its_vowels(starter: Connection):
    assert first(starter, "alamat pst bna") == "jam-layanan-dan-alamat"
    assert first(starter, "cara isi spt tahunan") is None
