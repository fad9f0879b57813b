"""Which passwords are refused, and how the others are kept."""

import hashlib
from types import SimpleNamespace

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from wtforms.validators import ValidationError

from pst.accounts.forms import GoodPassword
from pst.accounts.passwords import (
    UNUSABLE,
    hash_password,
    is_guessable,
    is_outdated,
    matches,
)

FIRST_TRIED = (
    "password1234",
    "P@ssw0rd2026!",
    "qwertyuiop123",
    "1qaz2wsx3edc",
    "123456789012",
    "iloveyouiloveyou",
    "bismillah123",
    "indonesia2026",
    "s4y4ngku2026",
    "akucintakamu123",
    "BPSbanjarnegara3304",
    "aaaaaaaaaaaa",
    "abababababab",
    "sitirahayu2026",
    "P@ssw0rd12345",
    "!!P@ssw0rd!!2026",
    "p4ssw0rdp4ssw0rd",
    "akusayangibu",
    "AkuSayangIbu2026!",
    "4kus4y4ng1bu",
    "sayacintaindonesia",
    "akurindukamuselalu",
    "tuhanyesusbaik",
    "iloveyouforever",
    "selamatpagi123",
    "katasandisaya",
    "admin1234admin",
    "cintakucintaku",
    "aku-sayang-kamu-77",
    "4ku s4y4ng k4mu",
    "qwe-asd-zxc-123",
    "aaa-bbb-ccc-ddd",
    "siti rahayu 2026",
    "12-34-56-78-90",
    "poiuytrewq09876",
)
NOT_TRIED_FIRST = (
    "rumah-kecil-di-tepi-serayu",
    "kucing hijau makan bintang",
    "xkq82hdy1mz0",
    "sepeda tua warna biru langit",
    "gunung jauh sekali hijau",
    "tujuh belut naik becak",
    "Wq7!kd02mZ-pa",
    "kuda-hijau-menari-77",
    "kuda hijau menari",
    "Sapi Biru Berlari",
    "ayam_kampung_bertelur_9",
)


@pytest.mark.parametrize("password", FIRST_TRIED)
def test_what_is_tried_first_is_refused(password):
    assert is_guessable(password, "Siti Rahayu", "siti@contoh.test")


@pytest.mark.parametrize("password", NOT_TRIED_FIRST)
def test_a_phrase_or_a_random_word_is_taken(password):
    assert not is_guessable(password, "Siti Rahayu", "siti@contoh.test")


def test_phrases_by_rule_are_refused_with_their_variants():
    """Some thousands: who, what, whom; spelt, doubled, with a year or a mark."""
    who = ("aku", "saya", "kami", "gue", "dia", "mama", "kita", "papa")
    what = ("sayang", "cinta", "rindu", "kangen", "suka", "mencintai", "benci")
    whom = ("ibu", "ayah", "mama", "kamu", "allah", "indonesia", "keluarga", "istriku")
    phrases = {a + b + c for a in who for b in what for c in whom}
    spell = str.maketrans("aeio", "4310")
    variants = {
        variant
        for phrase in phrases
        for variant in (
            *(phrase, phrase.title(), phrase.translate(spell), phrase * 2),
            *(f"{phrase}123", f"{phrase}2026!", f"#{phrase}01", f"{phrase}@1990"),
        )
        if len(variant) >= 12
    }

    assert len(variants) > 3_000
    assert [each for each in variants if not is_guessable(each)] == []


def test_one_s_own_name_is_no_password_for_oneself_only():
    assert is_guessable("wulandari.77", "Ratna Wulandari")
    assert not is_guessable("hermansyah77x", "Ratna Wulandari")


def test_passwords_are_hashed_with_todays_parameters(costly_hashes):
    parameters = extract_parameters(hash_password("rumah-kecil-di-tepi-serayu"))

    assert parameters.type is Type.ID
    assert parameters.memory_cost >= 19 * 1024
    assert parameters.time_cost >= 2


def test_a_hash_of_weaker_parameters_is_outdated(costly_hashes):
    old = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash("x")

    assert is_outdated(old)
    assert not is_outdated(hash_password("x"))


def test_no_password_matches_nothing_and_no_one():
    assert not matches(UNUSABLE, UNUSABLE)
    assert not matches(None, "")
    assert not matches("rusak", "rusak")


@pytest.mark.parametrize(
    ("length", "sentence"),
    [(11, "paling sedikit 12"), (12, ""), (128, ""), (129, "paling banyak 128")],
)
def test_a_password_has_twelve_signs_at_least_and_an_end(length, sentence):
    password = f"xkqzvwjh{hashlib.sha512(b'').hexdigest()}"[:length]
    field = SimpleNamespace(data=password)
    if not sentence:
        return GoodPassword()({}, field)
    with pytest.raises(ValidationError, match=sentence):
        GoodPassword()({}, field)


@pytest.mark.parametrize(
    ("password", "own", "is_guessed"),
    [
        # Four different letters must be left of it.
        ("xkqz", "", False),
        ("xkq", "", True),
        # Three keys side by side are a walk, two are not.
        ("qwexkv", "", True),
        ("qwxk", "", False),
        ("xkop", "", False),
        # A part of one's own name has four letters at least.
        ("xkqzv", "Xkqz", True),
        ("xkqzv", "Xkq", False),
        # Three different words make a phrase.
        ("kuda hijau menari", "", False),
        ("kuda kuda hijau", "", True),
        # A word has three different letters at least.
        ("aba hijau kuda", "", True),
    ],
)
def test_what_is_just_enough(password, own, is_guessed):
    assert is_guessable(password, own) is is_guessed
