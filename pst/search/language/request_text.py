"""A request as a user files it, reduced to what it asks."""

import re
from itertools import islice

from pst.reference_lists import DATA

from . import indonesian

SENTENCES_READ, TEXT_READ = 8, 3_000
SENTENCE_END = re.compile(r"[.?!;]\s|\n")
# Words of thanks, and about who is asking and why: no document answers them.
COURTESY = frozenset((DATA / "courtesy_words.txt").read_text().split())
INTRODUCTION = re.compile(
    r"\b(nama (saya|kami)|perkenalkan|(saya|kami)( \w+)? dari)\b[^,.?!;\n]*", re.I
)


def questions(text: str) -> list[str]:
    """Return the sentences of a text without courtesies, leaving out empty ones.

    They are searched one by one, since no document covers a long text as a whole.
    """
    parts = SENTENCE_END.split(INTRODUCTION.sub("", text[:TEXT_READ]))
    return list(islice(filter(None, map(_without_courtesy, parts)), SENTENCES_READ))


def asks(subject: str) -> bool:
    """Return whether a subject says more than "mohon bantuan" or "tugas kuliah"."""
    return any(
        word not in COURTESY and not indonesian.is_stop_word(word)
        for word in indonesian.words(subject)
    )


def _without_courtesy(sentence: str) -> str:
    words = indonesian.words(sentence)
    return " ".join(word for word in words if word not in COURTESY)
