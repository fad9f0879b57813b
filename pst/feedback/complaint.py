"""Words that sound like a complaint; a person decides whether it is one."""

import re

from pst.office import settings


def found_in(text: str) -> list[str]:
    """List the office's complaint words that stand in `text`."""
    return words_in(text, words_of(settings.current().complaint_words))


def words_of(setting: str) -> list[str]:
    """Read words and phrases separated by commas or line ends."""
    return [word.strip() for word in re.split(r"[,\n]", setting) if word.strip()]


def words_in(text: str, words: list[str]) -> list[str]:
    """List those of `words` that stand whole in `text`, in upper or lower case.

    A word also counts with the endings -nya, -lah and -kah.
    """
    plain = " ".join(re.findall(r"\w+", text.casefold()))
    return [
        word
        for word in words
        if (parts := re.findall(r"\w+", word.casefold()))
        and re.search(rf"\b{' '.join(parts)}(nya|lah|kah)?\b", plain)
    ]
