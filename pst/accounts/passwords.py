"""Passwords: hashing and comparing them, and refusing those that are easy to guess."""

import hashlib
import re
import secrets
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_PASSWORD_LENGTH = 12
MAX_PASSWORD_LENGTH = 128
# OWASP's second recommended setting for Argon2id: 19 MiB, two passes, one lane.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Compared against when no account has the address, so that the answer takes as long.
ANY_HASH = HASHER.hash(secrets.token_urlsafe(16))
# The password of a person who was invited and has not chosen one: matches nothing.
UNUSABLE = "!"
WORDS = Path(__file__).parent.parent / "data" / "common_passwords.txt"
SAID_OFTEN = WORDS.with_name("phrase_words.txt")
SPELT = str.maketrans("013456789@$!", "oieasgtbgasi")
# Rows of the keyboard, the alphabet and the digits, forwards; a walk is a piece of one.
WALKS = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "01234567890",
    "1qaz",
    "2wsx",
    "3edc",
    "4rfv",
    "5tgb",
    "6yhn",
    "7ujm",
    "qazwsxedcrfvtgb",
    "abcdefghijklmnopqrstuvwxyz",
)
MIN_WALK_LENGTH = 3
MIN_OWN_LENGTH = 4
# So many different common words make a passphrase, which no one tries first.
WORDS_OF_A_PHRASE = 3
MIN_LEFT = 4
# Letters that a word of a phrase has at least: *aaa* is none.
MIN_DIFFERENT = 3


def hash_password(password: str) -> str:
    """Hash with Argon2id; takes some tens of milliseconds."""
    return HASHER.hash(password)


def matches(hashed: str | None, password: str) -> bool:
    """Compare in the same time whether there is a hash, an unusable one, or none."""
    is_real = bool(hashed) and hashed != UNUSABLE
    try:
        is_right = HASHER.verify(hashed if hashed and is_real else ANY_HASH, password)
        return is_right and is_real
    except (VerificationError, InvalidHashError):
        return False


def tail(hashed: str) -> str:
    """Name a hash, to tell whether it is still the same one."""
    return hashlib.sha256(hashed.encode()).hexdigest()[:16]


def is_outdated(hashed: str) -> bool:
    """Return whether `hashed` was made with other parameters than today's."""
    return HASHER.check_needs_rehash(hashed)


def is_guessable(password: str, *own: str) -> bool:
    """Return whether `password` is one of those that are tried first.

    Common words and names, walks along the keyboard, years and other digits, joined,
    repeated or spelt with digits; and what stands in `own`: the person's name, address
    and the like. What is left when these are taken away must still be a password.
    """
    text = password.lower()
    # What hangs on a word is no letter of it: first away with it, then spell.
    core = re.sub(r"^[\d\W_]+|[\d\W_]+$", "", text)
    forms = {text, text.translate(SPELT), core, core.translate(SPELT)}
    return any(_is_plain(each, own) for each in forms)


def _is_plain(text: str, own: tuple[str, ...]) -> bool:
    """Take away what is easy to guess, longest first, and look at what is left."""
    for part in sorted(_personal(own), key=len, reverse=True):
        text = text.replace(part, " ")
    words = set(_common().findall(text)) - _said_often()
    if max(len(words), len(_separate_words(text))) >= WORDS_OF_A_PHRASE:
        return False
    if _is_said_often(re.sub(r"[\d\W_]+", "", text)):
        return True
    text = _walks().sub(" ", _common().sub(" ", text))
    text = re.sub(r"(.{2,})\1+|(.)\2{2,}", " ", text)
    return len(set(re.sub(r"[\d\W_]+", "", text))) < MIN_LEFT


def _separate_words(text: str) -> set[str]:
    """Return the words, set apart by blanks or dashes, that could make a passphrase.

    Looked at whole: *kuda* is a word, though *ku* is one that is said often.
    """
    return {
        word
        for word in re.split(r"[\d\W_]+", text)
        if len(set(word)) >= MIN_DIFFERENT
        and not _is_said_often(word)
        and _walks().sub("", word)
    }


def _is_said_often(letters: str) -> bool:
    """Return whether `letters` are words of `_said_often` and nothing else."""
    ends = {0}
    for begin in range(len(letters)):
        if begin in ends:
            ends |= {
                begin + len(word)
                for word in _said_often()
                if letters.startswith(word, begin)
            }
    return len(letters) in ends


def _personal(own: tuple[str, ...]) -> set[str]:
    parts = {part for each in own for part in re.split(r"[\W_]+", each.lower())}
    return {part for part in parts if len(part) >= MIN_OWN_LENGTH}


@cache
def _common() -> re.Pattern[str]:
    words = {*_words(WORDS), *_words(SAID_OFTEN)}
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))


def _words(path: Path) -> list[str]:
    lines = path.read_text().splitlines()
    return [word for word in lines if word and not word.startswith("#")]


@cache
def _said_often() -> frozenset[str]:
    """List what phrases of love, prayer and greeting are made of.

    However many of them follow one another, that is no passphrase: *akusayangibu*,
    *sayamencintaiindonesia*, *tuhanyesusbaik*, *iloveyouforever*.
    """
    return frozenset(_words(SAID_OFTEN))


@cache
def _walks() -> re.Pattern[str]:
    steps = {
        walk[n : n + length]
        for row in WALKS
        for walk in (row, row[::-1])
        for length in range(MIN_WALK_LENGTH, len(row) + 1)
        for n in range(len(row) - length + 1)
    }
    return re.compile("|".join(sorted(steps, key=len, reverse=True)))
