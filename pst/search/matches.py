"""What of a query is matched in a text of stems, and how much of the text it names."""

from collections.abc import Iterable

# A term matched in a text: where, which, how well, how surely, in how many words. Of
# plain tuples, since thousands are made for one query.
Match = tuple[int, int, float, float, int]

# A label, where it starts in the text it was matched in, and what was matched there.
Label = tuple[str, int, list[Match]]


def best_quality(matches: Iterable[Match]) -> dict[int, float]:
    """Return how well each term is matched at its best."""
    qualities: dict[int, float] = {}
    for _, term, quality, _, _ in matches:
        if quality > qualities.get(term, 0.0):
            qualities[term] = quality
    return qualities


def best_trust(*texts: Iterable[Match]) -> dict[int, float]:
    """Return how surely each term is matched at its surest."""
    trusts: dict[int, float] = {}
    for matches in texts:
        for _, term, _, trust, _ in matches:
            if trust > trusts.get(term, 0.0):
                trusts[term] = trust
    return trusts


def named_share(text: str, matches: list[Match], start: int = 0) -> float:
    """Return how much of a short text that begins at `start` is named."""
    named: dict[int, float] = {}
    for place, _, quality, _, words in matches:
        word = text.count(" ", 0, place - start)
        for at in range(word, word + words):
            named[at] = max(named.get(at, 0.0), quality)
    return sum(named.values()) / word_count(text)


def word_count(text: str) -> int:
    """Return how many words a text of stems has."""
    return text.count(" ") + 1
