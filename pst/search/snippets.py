"""The part of a document that answers best, with the matched words marked."""

import re
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

from pst.search.language import indonesian
from pst.search.language.gazetteer import MONTHS
from pst.search.language.terms import Term

from .query import Query

LENGTH = 300
RUN_UP = 70
BODY_READ = 5_000
# An alternative with less trust helps to find a document, but is not marked.
MIN_MARKED_TRUST = 0.5
# The weight of a number, date or name, as a multiple, when the query asks for one.
WANTED_WEIGHT = 1.5
WANTED = -1
SPLIT = re.compile(f"({indonesian.WORD.pattern})")
# Signs of Markdown that plain text may still hold, and what is shown instead.
MARKS = str.maketrans({"|": "·", "*": " ", "`": " ", "#": " ", "~": " "})

WHEN = frozenset(["kapan", "kapankah", "kpn", "kpan", "tanggal", "tgl"])
HOW_MANY = frozenset(["berapa", "berapakah", "brp", "brapa", "brpa"])
WHO = frozenset(["siapa", "siapakah", "sapa"])


class Piece(NamedTuple):
    """Some text, and whether it is a match."""

    text: str
    is_match: bool


class _Word(NamedTuple):
    """A word that counts, with its weight and its term (`WANTED` for no term)."""

    start: int
    end: int
    weight: float
    term: int


class Highlighter:
    """Finds the best part of any text for one query, and marks its words."""

    def __init__(self, query: Query) -> None:
        self._terms: dict[str, tuple[int, float]] = {}
        self._phrases: dict[str, list[tuple[tuple[str, ...], int, float]]] = {}
        for at, term in enumerate(query.terms):
            self._add(at, term)
        words = set(indonesian.words(query.text))
        self._wants_number = not words.isdisjoint(HOW_MANY)
        self._wants_date = not words.isdisjoint(WHEN)
        self._wants_name = not words.isdisjoint(WHO)
        top = max((term.weight for term in query.terms), default=0.0)
        self._wanted_weight = top * WANTED_WEIGHT

    def snippet(self, text: str, stems: str) -> tuple[Piece, ...]:
        """Return the best 300 characters or so of `text`, from the start of a sentence.

        `stems` are its stems as the index keeps them.
        """
        text = text[:BODY_READ]
        words = self._words(text, stems.split())
        start = _sentence_start(text, _heaviest(words))
        end = start + LENGTH
        if end < len(text):
            end = max(text.rfind(" ", start, end), start + LENGTH // 2)
        matches = [word for word in words if word.term >= 0]
        pieces = list(_cut(text, start, min(end, len(text)), matches))
        if start:
            pieces.insert(0, Piece("… ", False))
        if end < len(text):
            pieces.append(Piece(" …", False))
        return tuple(pieces)

    def _add(self, at: int, term: Term) -> None:
        for alternative in term.alternatives:
            roots = alternative.stems
            weight = term.weight * alternative.quality
            if alternative.trust < MIN_MARKED_TRUST or not weight:
                continue
            if len(roots) > 1:
                self._phrases.setdefault(roots[0], []).append((roots, at, weight))
                continue
            is_stop_word = term.is_stop_word or indonesian.is_stop_word(roots[0])
            if not is_stop_word and weight > self._terms.get(roots[0], (0, 0.0))[1]:
                self._terms[roots[0]] = at, weight

    def _words(self, text: str, roots: list[str]) -> list[_Word]:
        """Return the words of `text` that count, in order."""
        parts = SPLIT.split(text)  # the text between words, and the words
        count = len(parts) // 2
        if len(roots) < count:  # folding joined or dropped a letter somewhere
            roots = [indonesian.stem(indonesian.fold(part)) for part in parts[1::2]]
        matches = [self._terms.get(root) for root in roots[:count]]
        if not self._phrases.keys().isdisjoint(roots):
            self._add_phrases(roots[:count], matches)
        if self._wants_number or self._wants_date or self._wants_name:
            self._add_wanted(parts[1::2], roots, matches)
        ends = [*accumulate(map(len, parts))]
        return [
            _Word(ends[2 * at], ends[2 * at + 1], match[1], match[0])
            for at, match in enumerate(matches)
            if match
        ]

    def _add_phrases(
        self, roots: list[str], matches: list[tuple[int, float] | None]
    ) -> None:
        for at, root in enumerate(roots):
            for phrase, term, weight in self._phrases.get(root, ()):
                end = at + len(phrase)
                if tuple(roots[at:end]) == phrase:
                    for place in range(at, end):
                        if weight > (matches[place] or (0, 0.0))[1]:
                            matches[place] = term, weight

    def _add_wanted(
        self,
        words: list[str],
        roots: list[str],
        matches: list[tuple[int, float] | None],
    ) -> None:
        """Count each number, date or name if the query asks for one."""
        for at, word in enumerate(words):
            if matches[at]:
                continue
            is_number, is_name = word[0].isdigit(), at > 0 and word.istitle()
            if (
                (self._wants_number and is_number)
                or (self._wants_date and (is_number or roots[at] in MONTHS))
                or (self._wants_name and is_name)
            ):
                matches[at] = WANTED, self._wanted_weight


def _heaviest(words: list[_Word]) -> int:
    """Return where the part starts that has the highest weight of distinct terms."""
    best, place = 0.0, 0
    for at, first in enumerate(words):
        weights: dict[int, float] = {}
        for word in words[at:]:
            if word.end - first.start > LENGTH - RUN_UP:
                break
            weights[word.term] = max(word.weight, weights.get(word.term, 0.0))
        if sum(weights.values()) > best:
            best, place = sum(weights.values()), first.start
    return place


def _sentence_start(text: str, place: int) -> int:
    """Return the start of the sentence at `place`, or of a word shortly before it."""
    begin = max(0, place - RUN_UP)
    if begin == 0:
        return 0
    ends = [text.rfind(sign, begin, place) for sign in (". ", "\n", "? ", "! ")]
    if max(ends) >= 0:
        at = max(ends)
        return at + (1 if text[at] == "\n" else 2)
    return text.find(" ", begin, place) + 1 or place


def _cut(text: str, start: int, end: int, matches: Iterable[_Word]) -> Iterable[Piece]:
    plain = text.translate(MARKS)
    for word in matches:
        if word.start >= start and word.end <= end:
            if word.start > start:
                yield Piece(plain[start : word.start], False)
            yield Piece(plain[word.start : word.end], True)
            start = word.end
    if start < end:
        yield Piece(plain[start:end], False)
