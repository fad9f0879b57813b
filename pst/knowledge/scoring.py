"""How well an article answers a question: its place, and whether it does at all."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby

from .met import Label, Met, named_share, well_met, word_count
from .narrowing import Narrowing
from .question import Question
from .slots import Slot

NEAR, NEARBY = 60, 200  # characters
K1, B, TITLE_WEIGHT = 1.2, 0.75, 3
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


@dataclass
class Candidate:
    """An article that shares words with the question, as stems."""

    id: int
    bm25: float
    category: str
    title: str
    labels: str  # one on each line
    body: str
    length: int
    score: float = 0.0
    own_bm25: float = 0.0
    coverage: float = 0.0
    nearby: float = 0.0
    is_named: bool = False
    enough: float = 0.0
    meets: bool = False
    # Whether the question says what the article is called.
    is_called: bool = False
    # The slots that only name the place asked about, if all else is met.
    place: set[int] | None = None

    @property
    def answers(self) -> bool:
        """Whether this is about what was asked, or merely shares words with it."""
        covers = self.coverage > self.enough or self.place is not None
        return covers or self.meets or self.is_named

    @property
    def answers_fully(self) -> bool:
        """Whether this is about nearly all that was asked."""
        return self.coverage > ENOUGH_IF_EVERYDAY or self.place is not None


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
        self._needles = _needles(question.slots)
        self._narrowing = Narrowing(question)

    def read(self, candidate: Candidate) -> None:
        """Measure one candidate; its score lacks what depends on the others."""
        title, labels, body = self._meet(candidate)
        named = [met for _, _, met in labels]
        candidate.score = HEADLINE * self._agreement(candidate.title, title)
        candidate.score += HEADLINE * self._label_share(labels)
        near, nearby, mass = self._nearness(title + body)
        candidate.score += (TOGETHER * near + CLOSE * nearby) / self._weight
        told = BODY_TRUST if candidate.labels else 1.0
        headlines = [title, *named]
        candidate.own_bm25 = self._bm25(candidate, headlines, body)
        candidate.coverage = self._covered(headlines, body, told)
        candidate.enough = self._enough
        about = (candidate.category, title, labels, body)
        candidate.is_called = self._narrowing.is_called(title, labels)
        candidate.place = self._narrowing.name(*about)
        candidate.nearby = mass * told / self._unique
        candidate.meets = candidate.nearby > MEETING and not self._everyday
        candidate.is_named = any(
            slot in self._names and trust >= NAMED
            for text in headlines
            for _, slot, _, trust, _ in text
        )

    def _meet(self, candidate: Candidate) -> tuple[list[Met], list[Label], list[Met]]:
        """The slots met in the title, in each label that has any, and in the body.

        All is one text, searched once for each needle: Python would be slower at
        looking at every word than SQLite at finding the article.
        """
        labels = candidate.labels.replace("\n", " \n ")
        text = f" {candidate.title} \v {labels} \v {candidate.body} "
        first = len(candidate.title) + 2
        second = first + len(labels) + 3
        found: list[Met] = []
        for needle, slots, words in self._needles:
            step, at = len(needle) - 1, text.find(needle)
            while at >= 0:
                for slot, quality, trust in slots:
                    found.append((at, slot, quality, trust, words))
                at = text.find(needle, at + step)
        found.sort()
        title = [met for met in found if met[0] < first]
        body = [met for met in found if met[0] >= second]
        between = found[len(title) : len(found) - len(body)]
        return title, _by_line(text, first, second, between), body

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
        length = candidate.length + TITLE_WEIGHT * word_count(candidate.title)
        norm = K1 * (1 - B + B * length / self._average)
        return sum(
            self._weights[slot] * count * (K1 + 1) / (count + norm)
            for slot, count in counts.items()
        )

    def _agreement(self, title: str, found: list[Met]) -> float:
        """How nearly a title is the question: harmonic mean of what each names."""
        if not found:
            return 0.0
        named = named_share(title, found)
        asked = sum(self._weights[at] * q for at, q in well_met(found).items())
        asked /= self._weight
        return 2 * named * asked / (named + asked or 1)

    def _label_share(self, labels: list[Label]) -> float:
        """The share of the question in the label that it names most fully."""
        best = 0.0
        for label, start, found in labels:
            qualities = well_met(found)
            weight = sum(self._weights[at] * q for at, q in qualities.items())
            best = max(best, named_share(label, found, start) * weight)
        return best / self._weight

    def _covered(
        self, headlines: list[list[Met]], body: list[Met], told: float
    ) -> float:
        """The share of what the question is about that these texts speak of."""
        trusts: dict[int, float] = {}
        for _, slot, _, trust, _ in body:
            trust *= told
            if told < 1 and slot in self._everyday:
                trust *= EVERYDAY_TRUST
            if trust > trusts.get(slot, 0.0):
                trusts[slot] = trust
        for text in headlines:
            for _, slot, _, trust, _ in text:
                if trust > trusts.get(slot, 0.0):
                    trusts[slot] = trust
        return sum(self._masses[at] * t for at, t in trusts.items()) / self._mass

    def _nearness(self, found: list[Met]) -> tuple[float, float, float]:
        """The most weight of distinct slots that meet near, and nearby; their mass."""
        best_near = best_nearby = best_mass = 0.0
        weights, masses = self._weights, self._masses
        telling = [met for met in found if met[1] in self._telling]
        most = sum(weights[at] * q for at, q in well_met(telling).items())
        for start, (first, *_) in enumerate(telling):
            if best_near >= most:  # all that is met in this text meets here
                break
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


# Stems between spaces; the slots they satisfy, how well and how surely; their number.
_Needle = tuple[str, list[tuple[int, float, float]], int]


def _needles(slots: list[Slot]) -> list[_Needle]:
    """What to look for in a text of stems."""
    found: dict[tuple[str, ...], list[tuple[int, float, float]]] = defaultdict(list)
    for at, slot in enumerate(slots):
        for alternative in slot.alternatives:
            sure = (at, alternative.quality, alternative.trust)
            found[alternative.stems].append(sure)
    return [(f" {' '.join(roots)} ", each, len(roots)) for roots, each in found.items()]


def _by_line(text: str, first: int, second: int, found: list[Met]) -> list[Label]:
    """The lines of `text` between two places on which something is met."""
    labels = []
    for start, met in groupby(
        found, lambda m: max(first, text.rfind("\n", 0, m[0])) + 1
    ):
        end = text.find("\n", start, second)
        line = text[start + 1 : second - 1 if end < 0 else end].rstrip()
        labels.append((line, start, list(met)))
    return labels
