"""How well an article answers a question: its place, and whether it does at all."""

from collections import defaultdict
from dataclasses import dataclass

from .question import Question
from .slots import Slot

NEAR, NEARBY = 9, 30  # words; about 60 and 200 characters
K1, B, TITLE_WEIGHT = 1.2, 0.75, 3
LABEL_GAP = 5
# What each sign weighs in the order of the answers.
FULL_TEXT, OWN_BM25, COVERAGE, HEADLINE, TOGETHER, CLOSE = 1, 4, 6, 3, 3, 2
# An article answers when it covers this share of what is asked, by rarity of words…
ENOUGH = 0.43
# … or this share, when a word of everyday life makes another matter likelier …
ENOUGH_IF_EVERYDAY = 0.65
# An article with labels says itself what it is about: words that only its body has
# are a weaker sign.
BODY_TRUST = 0.7
EVERYDAY_TRUST = 0.35
# … or when words worth this many unique ones meet within a few lines of it …
MEETING = 1.4
# … or when its title or a label has a term of the office that the question names,
# as it is typed or with two letters the wrong way round.
NAMED = 0.55


# A slot met in a text: position, slot, quality, trust, number of words.
Met = tuple[int, int, float, float, int]


@dataclass
class Candidate:
    """An article that shares words with the question, as stems."""

    id: int
    bm25: float
    title: list[str]
    labels: str  # one on each line
    body: list[str]
    length: int
    score: float = 0.0
    own_bm25: float = 0.0
    coverage: float = 0.0
    nearby: float = 0.0
    is_named: bool = False
    enough: float = 0.0
    meets: bool = False

    @property
    def answers(self) -> bool:
        """Whether this is about what was asked, or merely shares words with it."""
        return self.coverage > self.enough or self.meets or self.is_named


def score(question: Question, found: list[Candidate]) -> None:
    """Give every candidate its score and how much of the question it covers."""
    reader = _Reader(question)
    for candidate in found:
        reader.read(candidate)
    top = max(candidate.bm25 for candidate in found) or 1.0
    own_top = max(candidate.own_bm25 for candidate in found) or 1.0
    for candidate in found:
        candidate.score += FULL_TEXT * candidate.bm25 / top
        candidate.score += OWN_BM25 * candidate.own_bm25 / own_top
        candidate.score += COVERAGE * candidate.coverage


class _Reader:
    """Reads candidates with one question in mind."""

    def __init__(self, question: Question) -> None:
        self._weights = [slot.weight for slot in question.slots]
        self._masses = [slot.mass for slot in question.slots]
        self._weight = sum(self._weights) or 1.0
        self._mass = sum(self._masses) or 1.0
        # What hardly weighs hardly counts for nearness, and common words cost time.
        floor = max(self._weights, default=0) / 10
        self._telling = {at for at, w in enumerate(self._weights) if w > floor}
        self._names = {at for at, slot in enumerate(question.slots) if slot.is_name}
        totals = question.totals
        self._unique = totals.rarity(1)
        self._everyday = {at for at, s in enumerate(question.slots) if s.is_everyday}
        self._enough = ENOUGH_IF_EVERYDAY if self._everyday else ENOUGH
        length = totals.body_length + TITLE_WEIGHT * totals.title_length
        self._average = length / max(1, totals.articles) or 1.0
        self._single: dict[str, list[tuple[int, float, float]]] = defaultdict(list)
        self._phrases: dict[str, list[tuple[tuple[str, ...], int, float, float]]]
        self._phrases = defaultdict(list)
        self._learn(question.slots)

    def read(self, candidate: Candidate) -> None:
        """Measure one candidate; its score lacks what depends on the others."""
        title = self._meet(candidate.title)
        body = self._meet(candidate.body, len(candidate.title) + LABEL_GAP)
        labels = self._labels(candidate.labels)
        candidate.score = HEADLINE * self._agreement(candidate.title, title)
        candidate.score += HEADLINE * self._label_share(labels)
        near, nearby, mass = self._nearness(title + body)
        candidate.score += (TOGETHER * near + CLOSE * nearby) / self._weight
        told = BODY_TRUST if candidate.labels else 1.0
        headlines = [title, *(met for _, met in labels)]
        candidate.own_bm25 = self._bm25(candidate, headlines, body)
        candidate.coverage = self._covered(headlines, body, told)
        candidate.enough = self._enough
        candidate.nearby = mass * told / self._unique
        candidate.meets = candidate.nearby > MEETING and not self._everyday
        candidate.is_named = any(
            slot in self._names and trust >= NAMED
            for text in headlines
            for _, slot, _, trust, _ in text
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

    def _meet(self, roots: list[str], offset: int = 0) -> list[Met]:
        """Where the slots are met in a text, from its start."""
        known = self._known
        if known.isdisjoint(roots):
            return []
        found: list[Met] = []
        for position, root in enumerate(roots):
            if root in known:
                for sure in self._single.get(root, ()):
                    found.append((position + offset, *sure, 1))
                for phrase, slot, quality, trust in self._phrases.get(root, ()):
                    length = len(phrase)
                    if tuple(roots[position : position + length]) == phrase:
                        place = position + offset
                        found.append((place, slot, quality, trust, length))
        return found

    def _bm25(
        self, candidate: Candidate, headlines: list[list[Met]], body: list[Met]
    ) -> float:
        """BM25 over stems, with a word in the title or a label counted thrice."""
        counts: dict[int, float] = defaultdict(float)
        for _, slot, quality, _, _ in body:
            counts[slot] += quality
        for text in headlines:
            for _, slot, quality, _, _ in text:
                counts[slot] += TITLE_WEIGHT * quality
        length = candidate.length + TITLE_WEIGHT * len(candidate.title)
        norm = K1 * (1 - B + B * length / self._average)
        return sum(
            self._weights[slot] * count * (K1 + 1) / (count + norm)
            for slot, count in counts.items()
        )

    def _agreement(self, roots: list[str], found: list[Met]) -> float:
        """How nearly a title is the question: harmonic mean of what each names."""
        if not found:
            return 0.0
        named = _share(roots, found)
        asked = sum(self._weights[at] * q for at, q in _best(found).items())
        asked /= self._weight
        return 2 * named * asked / (named + asked or 1)

    def _labels(self, labels: str) -> list[tuple[list[str], list[Met]]]:
        """The labels that the question touches, each with what is met there."""
        if self._known.isdisjoint(labels.split()):
            return []
        each = (label.split() for label in labels.splitlines())
        return [(roots, met) for roots in each if (met := self._meet(roots))]

    def _label_share(self, labels: list[tuple[list[str], list[Met]]]) -> float:
        """The share of the question in the label that it names most fully."""
        best = 0.0
        for roots, found in labels:
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
            for _, slot, _, trust, _ in text:
                if sure < 1 and slot in self._everyday:
                    trust *= EVERYDAY_TRUST
                if trust * sure > trusts.get(slot, 0.0):
                    trusts[slot] = trust * sure
        return sum(self._masses[at] * t for at, t in trusts.items()) / self._mass

    def _nearness(self, found: list[Met]) -> tuple[float, float, float]:
        """The most weight of distinct slots that meet near, and nearby; their mass."""
        best_near = best_nearby = best_mass = 0.0
        weights, masses = self._weights, self._masses
        telling = [met for met in found if met[1] in self._telling]
        for start, (first, *_) in enumerate(telling):
            met: dict[int, float] = {}
            trusts: dict[int, float] = {}
            near = nearby = mass = 0.0
            for at in range(start, len(telling)):
                position, slot, quality, trust, _ = telling[at]
                distance = position - first
                if distance >= NEARBY:
                    break
                gain = quality - met.get(slot, 0.0)
                if gain > 0:
                    met[slot] = quality
                    nearby += gain * weights[slot]
                    if distance < NEAR:
                        near = nearby
                if trust > trusts.get(slot, 0.0):
                    mass += (trust - trusts.get(slot, 0.0)) * masses[slot]
                    trusts[slot] = trust
            best_near = max(best_near, near)
            best_nearby = max(best_nearby, nearby)
            best_mass = max(best_mass, mass)
        return best_near, best_nearby, best_mass


def _best(found: list[Met]) -> dict[int, float]:
    qualities: dict[int, float] = {}
    for _, slot, quality, _, _ in found:
        qualities[slot] = max(qualities.get(slot, 0.0), quality)
    return qualities


def _share(roots: list[str], found: list[Met]) -> float:
    """How much of a short text the question names."""
    if not roots:
        return 0.0
    named: dict[int, float] = {}
    for position, _, quality, _, length in found:
        for at in range(position, position + length):
            named[at] = max(named.get(at, 0.0), quality)
    return sum(named.values()) / len(roots)
