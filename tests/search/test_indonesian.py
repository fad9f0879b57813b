"""Words, roots, slang and spelling."""

import pytest
from sqlalchemy.engine import Connection

from pst.knowledge.documents import ARTICLE
from pst.search.language import indonesian, spelling
from pst.search.language.spelling import rank
from tests.plans import plan


@pytest.mark.parametrize(
    "word", ["menghitung", "perhitungan", "dihitung", "penghitungan"]
)
def test_affixes_share_a_root(word: str):
    assert indonesian.stem(word) == "hitung"


@pytest.mark.parametrize("word", ["56101", "3304", "sp2020", "p1", "a1b2c3"])
def test_numbers_and_codes_are_never_stemmed_nor_mended(word: str):
    assert indonesian.stem(word) == word
    assert not indonesian.can_be_corrected(word)


def test_words_of_four_letters_are_stemmed_and_of_three_not():
    assert indonesian.stem("buku") == "buku"
    assert indonesian.stem("nya") == "nya"


def test_both_spellings_of_a_queue_are_one():
    assert indonesian.stem("antrean") == indonesian.stem("antrian")


def test_accents_and_case_are_folded():
    assert indonesian.words("Café E-MAIL Rp0,00") == ["cafe", "e", "mail", "rp0", "00"]


@pytest.mark.parametrize(
    ("slang", "formal"), [("nyari", "cari"), ("ngitung", "hitung"), ("mbayar", "bayar")]
)
def test_colloquial_verbs_have_formal_ones(slang: str, formal: str):
    assert formal in indonesian.colloquial(slang)


def test_a_root_is_found_beyond_the_stemmer():
    assert "survei" in indonesian.bases("penyurveian")


def test_only_the_nearest_words_are_meant():
    words = [("pengangguran", 5), ("penganggur", 9), ("anggaran", 3)]

    assert [form for form, _, _ in rank("penganguran", words)] == ["pengangguran"]


def test_a_short_word_is_mended_by_one_letter_only():
    assert rank("kalri", [("kalori", 1)])
    assert not rank("kalri", [("kolorit", 1)])


def test_the_same_first_letter_goes_before_frequency():
    forms = [form for form, _, _ in rank("dta", [("sta", 90), ("data", 2)])]

    assert forms == ["data", "sta"]


@pytest.mark.parametrize("words", ["trbuka", "kemiksinan", "pengagguran"])
def test_the_words_meant_are_looked_up_and_not_gone_through(
    starter: Connection, monkeypatch: pytest.MonkeyPatch, words: str
):
    plans = []

    def ask(connection: Connection, statement: str, *lists: list[object]) -> list[str]:
        for values in lists:
            marks = f"({','.join('?' * len(values))})"
            statement = statement.replace("(*)", marks, 1)
        plans.append(plan(connection, statement, tuple(sum(map(list, lists), []))))
        return []

    monkeypatch.setattr(spelling, "ask", ask)
    spelling.nearest(starter, words, ARTICLE)

    [[first, second, *_]] = plans
    assert first.startswith("SEARCH d USING PRIMARY KEY (hash=?)")
    assert second.startswith("SEARCH w USING INTEGER PRIMARY KEY")


def test_a_letter_alone_is_no_word_with_repeats():
    assert indonesian.without_repeats("qqq") == ["qq"]
    assert indonesian.without_repeats("padiii") == ["padi", "padii"]
