"""What of a question is met in a text of stems, and how much of the text it names."""

from collections.abc import Iterable

# A slot met in a text: where, which, how well, how surely, in how many words. Of
# plain tuples, since thousands are made for one question.
Met = tuple[int, int, float, float, int]

# A label, where it starts in the text it was met in, and what was met there.
Label = tuple[str, int, list[Met]]


def well_met(found: Iterable[Met]) -> dict[int, float]:
    """How well each slot is met at its best."""
    qualities: dict[int, float] = {}
    for _, slot, quality, _, _ in found:
        if quality > qualities.get(slot, 0.0):
            qualities[slot] = quality
    return qualities


def surely_met(*texts: Iterable[Met]) -> dict[int, float]:
    """How surely each slot is met at its surest."""
    trusts: dict[int, float] = {}
    for found in texts:
        for _, slot, _, trust, _ in found:
            if trust > trusts.get(slot, 0.0):
                trusts[slot] = trust
    return trusts


def named_share(text: str, found: list[Met], start: int = 0) -> float:
    """How much of a short text, met from `start`, is named."""
    named: dict[int, float] = {}
    for place, _, quality, _, words in found:
        word = text.count(" ", 0, place - start)
        for at in range(word, word + words):
            named[at] = max(named.get(at, 0.0), quality)
    return sum(named.values()) / word_count(text)


def word_count(text: str) -> int:
    """How many words a text of stems has."""
    return text.count(" ") + 1
