"""How well an article answers a question: its place, and whether it does at all."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from .question import Question, Slot

NEAR, NEARBY = 9, 30  # words; about 60 and 200 characters
K1, B, TITLE_WEIGHT = 1.2, 0.75, 3
LABEL_GAP = 5
# An article answers when it covers this share of what is asked, by rarity of words…
ENOUGH = 0.4
# An article with labels says itself what it is about: words that only its body has
# are a weaker sign.
BODY_TRUST = 0.65
# … or when words worth this many unique ones meet within a few lines of it …
MEETING = 1.4
# … or when its title or a label has a term of the office that the question names.


class Met(NamedTuple):
    """A slot of the question, met in a text."""

    position: int
    slot: int
    quality: float
    trust: float
    length: int


@dataclass
class Candidate:
    """An article that shares words with the question, as stems."""

    id: int
    bm25: float
    title: list[str]
    labels: list[list[str]]
    body: list[str]
    length: int
    score: float = 0.0
    own_bm25: float = 0.0
    coverage: float = 0.0
    nearby: float = 0.0
    is_named: bool = False

    @property
    def answers(self) -> bool:
        """Whether this is about what was asked, or merely shares words with it."""
        return self.coverage > ENOUGH or self.nearby > MEETING or self.is_named


def score(question: Question, found: list[Candidate]) -> None:
    """Give every candidate its score and how much of the question it covers."""
    reader = _Reader(question)
    for candidate in found:
        reader.read(candidate)
    top = max(candidate.bm25 for candidate in found) or 1.0
    own_top = max(candidate.own_bm25 for candidate in found) or 1.0
    for candidate in found:
        candidate.score += 2 * candidate.bm25 / top
        candidate.score += 2 * candidate.own_bm25 / own_top


class _Reader:
    """Reads candidates with one question in mind."""

    def __init__(self, question: Question) -> None:
        self._weights = [slot.weight for slot in question.slots]
        self._masses = [slot.mass for slot in question.slots]
        if not any(self._masses):
            self._masses = self._weights
        self._weight = sum(self._weights) or 1.0
        self._mass = sum(self._masses) or 1.0
        self._names = {at for at, slot in enumerate(question.slots) if slot.is_name}
        totals = question.totals
        self._unique = totals.rarity(1)
        length = totals.body_length + TITLE_WEIGHT * totals.title_length
        self._average = length / max(1, totals.articles) or 1.0
        self._single: dict[str, list[tuple[int, float, float]]] = defaultdict(list)
        self._phrases: dict[str, list[tuple[tuple[str, ...], int, float, float]]]
        self._phrases = defaultdict(list)
        self._learn(question.slots)

    def read(self, candidate: Candidate) -> None:
        title = self._meet(candidate.title)
        body = self._meet(candidate.body)
        labels = [self._meet(label) for label in candidate.labels]
        candidate.own_bm25 = self._bm25(candidate, title, labels, body)
        candidate.score = 3 * _share(candidate.title, title)
        candidate.score += 3 * self._label_share(candidate.labels, labels)
        offset = len(candidate.title) + LABEL_GAP
        placed = title + [met._replace(position=met.position + offset) for met in body]
        near = self._heaviest(placed, NEAR, self._weights)
        nearby = self._heaviest(placed, NEARBY, self._weights)
        candidate.score += (3 * near + 2 * nearby) / self._weight
        told = BODY_TRUST if labels else 1.0
        candidate.coverage = self._covered([title, *labels], body, told)
        nearby = self._heaviest(placed, NEARBY, self._masses)
        candidate.nearby = nearby * told / self._unique
        candidate.is_named = any(
            met.slot in self._names and met.trust >= 1
            for text in (title, *labels)
            for met in text
        )

    def _learn(self, slots: list[Slot]) -> None:
        for at, slot in enumerate(slots):
            for alternative in slot.alternatives:
                roots = alternative.stems
                sure = (at, alternative.quality, alternative.trust)
                if len(roots) == 1:
                    self._single[roots[0]].append(sure)
                else:
                    self._phrases[roots[0]].append((roots, *sure))
        self._known = self._single.keys() | self._phrases.keys()

    def _meet(self, roots: list[str]) -> list[Met]:
        """Where the slots are met in a text, from its start."""
        found = []
        for position, root in enumerate(roots):
            if root in self._known:
                for slot, quality, trust in self._single.get(root, ()):
                    found.append(Met(position, slot, quality, trust, 1))
                for phrase, slot, quality, trust in self._phrases.get(root, ()):
                    end = position + len(phrase)
                    if tuple(roots[position:end]) == phrase:
                        found.append(Met(position, slot, quality, trust, len(phrase)))
        return found

    def _bm25(self, candidate, title, labels, body) -> float:
        """BM25 over stems, with a word in the title or a label counted thrice."""
        counts: dict[int, float] = defaultdict(float)
        for met in body:
            counts[met.slot] += met.quality
        for text in (title, *labels):
            for met in text:
                counts[met.slot] += TITLE_WEIGHT * met.quality
        length = candidate.length + TITLE_WEIGHT * len(candidate.title)
        norm = K1 * (1 - B + B * length / self._average)
        return sum(
            self._weights[slot] * count * (K1 + 1) / (count + norm)
            for slot, count in counts.items()
        )

    def _label_share(self, labels: list[list[str]], met: list[list[Met]]) -> float:
        """The share of the question in the label that it names most fully."""
        best = 0.0
        for roots, found in zip(labels, met, strict=True):
            if found:
                qualities = _best(found)
                weight = sum(self._weights[at] * q for at, q in qualities.items())
                best = max(best, _share(roots, found) * weight)
        return best / self._weight

    def _covered(
        self, headlines: list[list[Met]], body: list[Met], told: float
    ) -> float:
        """The share of what the question is about that these texts speak of."""
        trusts: dict[int, float] = {}
        for text, sure in (*((text, 1.0) for text in headlines), (body, told)):
            for met in text:
                if met.trust * sure > trusts.get(met.slot, 0.0):
                    trusts[met.slot] = met.trust * sure
        return sum(self._masses[at] * t for at, t in trusts.items()) / self._mass

    def _heaviest(self, found: list[Met], window: int, weights: list[float]) -> float:
        """The most weight of distinct slots that meet within `window` words."""
        best = 0.0
        for start, first in enumerate(found):
            met: dict[int, float] = {}
            end = first.position + window
            for at in range(start, len(found)):
                position, slot, quality, _, _ = found[at]
                if position >= end:
                    break
                if quality > met.get(slot, 0.0):
                    met[slot] = quality
            best = max(best, sum(weights[slot] * q for slot, q in met.items()))
        return best


def _best(found: list[Met]) -> dict[int, float]:
    qualities: dict[int, float] = {}
    for met in found:
        qualities[met.slot] = max(qualities.get(met.slot, 0.0), met.quality)
    return qualities


def _share(roots: list[str], found: list[Met]) -> float:
    """How much of a short text the question names."""
    if not roots:
        return 0.0
    named: dict[int, float] = {}
    for met in found:
        for at in range(met.position, met.position + met.length):
            named[at] = max(named.get(at, 0.0), met.quality)
    return sum(named.values()) / len(roots)
