"""Judged questions, as people ask and chat them, get the right article."""

import json
from pathlib import Path

import pytest
from sqlalchemy.engine import Connection

from pst.knowledge.documents import ARTICLE
from pst.search import engine
from pst.search.evaluation import Evaluation, mrr, ndcg, success
from tests.search.steps import first

JUDGED = Path(__file__).parent


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
        slugs = sure or [hit.slug for hit in answer.unsure]
        evaluation.add(query["group"], query["relevant"], sure, slugs, 0.0)
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


@pytest.mark.parametrize(
    ("words", "means"),
    [("rata2 lama sekolah", "rata lama sekolah"), ("bintang2", "bintang")],
)
def test_a_word_doubled_with_a_two_is_the_word(
    starter: Connection, words: str, means: str
):
    doubled = engine.search(starter, words, ARTICLE)

    assert doubled.corrected == means
    assert first(starter, words) == first(starter, means)


@pytest.mark.parametrize("manners", ["kak {} dong", "nuwun sewu pak, {} nggih"])
def test_manners_weigh_nothing(starter: Connection, manners: str):
    words = "data pengangguran"

    polite = engine.search(starter, manners.format(words), ARTICLE)

    plain = engine.search(starter, words, ARTICLE)
    assert [hit.slug for hit in polite.hits] == [hit.slug for hit in plain.hits]
    assert polite.weight == pytest.approx(plain.weight)


@pytest.mark.parametrize(
    ("file", "count", "others"),
    [
        ("chatty.json", 45, 12),
        # The causes of its misses were looked for: words of chat and Javanese.
        ("chatty_tuned.json", 54, 6),
        ("chatty_later.json", 39, 5),
    ],
)
def test_questions_as_people_chat_are_answered(
    starter: Connection, file: str, count: int, others: int
):
    """Judged before they were run; nothing was tuned on the first and the last.

    On their first run .867, .870 and .897 had a right article first, be it sure or not.
    """
    questions = json.loads((JUDGED / file).read_text())
    evaluation = Evaluation()
    for question in questions:
        answer = engine.search(starter, question["query"], ARTICLE)
        sure = [hit.slug for hit in answer.hits]
        slugs = sure or [hit.slug for hit in answer.unsure]
        evaluation.add(
            "asked" if question["relevant"] else "others",
            *(question["relevant"], sure, slugs, 0.0),
        )
    figures = evaluation.figures()

    assert figures["asked"]["queries"] == count
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
