"""The passage of an article that answers best, with the words that were met."""

import re
from collections.abc import Iterable
from itertools import accumulate, repeat
from typing import NamedTuple

from . import indonesian
from .question import Question

LENGTH = 220
RUN_UP = 70
BODY_READ = 5_000
SPLIT = re.compile(f"({indonesian.WORD.pattern})")


class Piece(NamedTuple):
    """Some text, and whether it is what was searched for."""

    text: str
    is_met: bool


class _Word(NamedTuple):
    start: int
    end: int
    weight: float
    root: str


class Marker:
    """Finds and marks the words of one question in any text."""

    def __init__(self, question: Question) -> None:
        self._weights: dict[str, float] = {}
        self._phrases: dict[str, list[tuple[tuple[str, ...], float]]] = {}
        for slot in question.slots:
            for alternative in slot.alternatives:
                weight = slot.weight * alternative.quality
                roots = alternative.stems
                if len(roots) > 1:
                    self._phrases.setdefault(roots[0], []).append((roots, weight))
                elif not slot.is_stop_word:
                    known = self._weights.get(roots[0], 0.0)
                    self._weights[roots[0]] = max(known, weight)

    def passage(self, text: str, stems: str) -> tuple[Piece, ...]:
        """The best stretch of `text`, about 220 characters, begun at a sentence.

        `stems` are its stems as the index keeps them.
        """
        text = text[:BODY_READ]
        met = self._met(text, stems.split())
        start = _sentence_start(text, _heaviest(met))
        end = start + LENGTH
        if end < len(text):
            end = max(text.rfind(" ", start, end), start + LENGTH // 2)
        pieces = list(_cut(text, start, min(end, len(text)), met))
        if start:
            pieces.insert(0, Piece("… ", False))
        if end < len(text):
            pieces.append(Piece(" …", False))
        return tuple(pieces)

    def _met(self, text: str, roots: list[str]) -> list[_Word]:
        parts = SPLIT.split(text)  # what is between words, and the words
        count = len(parts) // 2
        if len(roots) < count:  # folding joined or dropped a letter somewhere
            roots = [indonesian.stem(indonesian.fold(part)) for part in parts[1::2]]
        weights = [*map(self._weights.get, roots[:count], repeat(0.0))]
        if not self._phrases.keys().isdisjoint(roots):
            self._add_phrases(roots, weights)
        ends = [*accumulate(map(len, parts))]
        return [
            _Word(ends[2 * at], ends[2 * at + 1], weight, roots[at])
            for at, weight in enumerate(weights)
            if weight
        ]

    def _add_phrases(self, roots: list[str], weights: list[float]) -> None:
        phrases = self._phrases
        for at in [at for at, root in enumerate(roots) if root in phrases]:
            for phrase, weight in phrases[roots[at]]:
                end = at + len(phrase)
                if tuple(roots[at:end]) == phrase:
                    share = weight / len(phrase)
                    weights[at:end] = [max(w, share) for w in weights[at:end]]


def _heaviest(met: list[_Word]) -> int:
    """Where the stretch starts that holds the most weight of different words."""
    best, place = 0.0, 0
    for at, first in enumerate(met):
        roots: dict[str, float] = {}
        for word in met[at:]:
            if word.end - first.start > LENGTH - RUN_UP:
                break
            roots[word.root] = word.weight
        if sum(roots.values()) > best:
            best, place = sum(roots.values()), first.start
    return place


def _sentence_start(text: str, place: int) -> int:
    """The start of the sentence at `place`, or of a word not too far before it."""
    begin = max(0, place - RUN_UP)
    if begin == 0:
        return 0
    ends = [text.rfind(sign, begin, place) for sign in (". ", "\n", "? ", "! ")]
    if max(ends) >= 0:
        at = max(ends)
        return at + (1 if text[at] == "\n" else 2)
    return text.find(" ", begin, place) + 1 or place


def _cut(text: str, start: int, end: int, met: Iterable[_Word]) -> Iterable[Piece]:
    for word in met:
        if word.start >= start and word.end <= end:
            if word.start > start:
                yield Piece(text[start : word.start], False)
            yield Piece(text[word.start : word.end], True)
            start = word.end
    if start < end:
        yield Piece(text[start:end], False)
