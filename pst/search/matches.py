"""Matches of a query in a text of stems, and how much of the text they name."""

from collections.abc import Iterable

# A term matched in a text: position, term, quality, trust, number of words. It is a
# plain tuple, since one query makes thousands.
Match = tuple[int, int, float, float, int]

# A label, where it starts in the matched text, and the matches in it.
Label = tuple[str, int, list[Match]]


def best_quality(matches: Iterable[Match]) -> dict[int, float]:
    """Return the best quality with which each term is matched."""
    qualities: dict[int, float] = {}
    for _, term, quality, _, _ in matches:
        if quality > qualities.get(term, 0.0):
            qualities[term] = quality
    return qualities


def best_trust(*texts: Iterable[Match]) -> dict[int, float]:
    """Return the highest trust with which each term is matched."""
    trusts: dict[int, float] = {}
    for matches in texts:
        for _, term, _, trust, _ in matches:
            if trust > trusts.get(term, 0.0):
                trusts[term] = trust
    return trusts


def named_share(text: str, matches: list[Match], start: int = 0) -> float:
    """Return the share of the words matched in a short text that begins at `start`."""
    qualities: dict[int, float] = {}
    for place, _, quality, _, words in matches:
        word = text.count(" ", 0, place - start)
        for at in range(word, word + words):
            qualities[at] = max(qualities.get(at, 0.0), quality)
    return sum(qualities.values()) / word_count(text)


def word_count(text: str) -> int:
    """Return how many words a text of stems has."""
    return text.count(" ") + 1
