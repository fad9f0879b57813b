"""What a search shows of a hit, and that nothing typed breaks it."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Connection

from pst.knowledge.documents import ARTICLE
from pst.search import engine


def test_met_words_are_marked_as_the_text_has_them(starter: Connection):
    passage = engine.search(starter, "penganguran terbuka", ARTICLE).hits[0].snippet
    matches = [piece.text for piece in passage if piece.is_match]

    assert "Pengangguran" in matches and "Terbuka" in matches


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
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
    ],
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


def test_what_may_be_related_is_shown_as_unsure(starter: Connection):
    answer = engine.search(starter, "jml murid smp", ARTICLE)

    assert answer.hits == ()
    assert "data-sektoral-dinas" in [hit.slug for hit in answer.unsure]
    assert len(answer.unsure) <= 3
    assert engine.search(starter, "asdfghjkl", ARTICLE) == engine.SearchResults()


def test_suggestions_have_no_gate(starter: Connection):
    words = "jml murid smp"

    assert engine.search(starter, words, ARTICLE).hits == ()
    assert engine.suggest(starter, words, ARTICLE)


def test_only_what_matched_is_marked(starter: Connection):
    for words in ("brapa lama konsultasi dijawab", "berapa lama konsultasi dijawab"):
        hits = engine.search(starter, words, ARTICLE).hits
        matches = {
            piece.text.casefold()
            for hit in hits
            for piece in hit.snippet
            if piece.is_match
        }

        assert matches and "apakah" not in matches and "berapa" not in matches


def test_a_snippet_is_long_enough_and_has_no_marks_of_markdown(starter: Connection):
    for words in ("tarif produk", "kode kbli", "susenas sakernas", "rse"):
        for hit in engine.search(starter, words, ARTICLE).hits:
            text = "".join(piece.text for piece in hit.snippet)
            assert len(text) <= 310
            assert not set(text) & set("*`#|")
