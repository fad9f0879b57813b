"""How well a document answers a query: its score, and whether it answers at all."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby

from pst.search.language.locality import Locality
from pst.search.language.terms import Term

from .matches import Label, Match, best_quality, named_share, word_count
from .proximity import Proximity
from .query import Query

NEAR, NEARBY = 60, 200  # characters
K1, B, TITLE_WEIGHT = 1.2, 0.75, 3
# The weight of each feature in the score.
FULL_TEXT, OWN_BM25, HEADLINE, TOGETHER, CLOSE = 3, 6, 3, 3, 2
# A document answers when it covers this share of what is asked, by rarity of words…
ENOUGH = 0.43
# … or this share, when a word of everyday life makes another matter likelier …
ENOUGH_IF_EVERYDAY = 0.65
# The labels of a document say what it is about: words that only its body has are a
# weaker sign.
BODY_TRUST = 0.7
EVERYDAY_TRUST = 0.35
# … or when words that weigh this many unique ones are within a few lines of it …
MEETING = 1.4
# … or when its title or a label has a term of the office that the query names,
# as it is typed or with two letters swapped.
NAMED = 0.55
# A word that this share of all documents has is common.
SLIGHT_SHARE = 0.2


@dataclass
class Candidate:
    """A document that shares words with the query, as stems."""

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
    # Whether the query names the document.
    is_called: bool = False
    # Whether it shares one word with the query, and that one is common.
    is_slight: bool = False
    # The terms that only name the place asked about, if all others match.
    place: set[int] | None = None

    @property
    def answers(self) -> bool:
        """Return whether this is about what was asked, not only alike in words."""
        covers = self.coverage > self.enough or self.place is not None
        return covers or self.meets or self.is_named

    @property
    def answers_fully(self) -> bool:
        """Return whether this is about nearly all that was asked."""
        return self.coverage > ENOUGH_IF_EVERYDAY or self.place is not None


def score(query: Query, candidates: list[Candidate]) -> None:
    """Set the score of every candidate and how much of the query it covers."""
    reader = _Reader(query)
    for candidate in candidates:
        reader.read(candidate)
    top = max(candidate.bm25 for candidate in candidates) or 1.0
    own_top = max(candidate.own_bm25 for candidate in candidates) or 1.0
    for candidate in candidates:
        candidate.score += FULL_TEXT * candidate.bm25 / top
        candidate.score += OWN_BM25 * candidate.own_bm25 / own_top


class _Reader:
    """Reads candidates with one query in mind."""

    def __init__(self, query: Query) -> None:
        self._weights = [term.weight for term in query.terms]
        self._idf_weights = [term.idf_weight for term in query.terms]
        self._weight = sum(self._weights) or 1.0
        self._idf_weight = sum(self._idf_weights) or 1.0
        self._proximity = Proximity(self._weights, self._idf_weights)
        self._names = {at for at, term in enumerate(query.terms) if term.is_name}
        totals = query.totals
        self._unique = totals.rarity(1)
        self._everyday = {at for at, s in enumerate(query.terms) if s.is_everyday}
        self._enough = ENOUGH_IF_EVERYDAY if self._everyday else ENOUGH
        length = totals.body_length + TITLE_WEIGHT * totals.title_length
        self._average = length / max(1, totals.documents) or 1.0
        self._needles = _needles(query.terms)
        self._locality = Locality(query)
        common = SLIGHT_SHARE * totals.documents
        self._common = {at for at, t in enumerate(query.terms) if t.documents > common}
        self._asks_more = sum(term.idf_weight > 0 for term in query.terms) > 1

    def read(self, candidate: Candidate) -> None:
        """Measure one candidate, except for what depends on the others."""
        title, labels, body = self._match(candidate)
        in_labels = [matches for _, _, matches in labels]
        candidate.score = HEADLINE * self._agreement(candidate.title, title)
        candidate.score += HEADLINE * self._label_share(labels)
        together = self._proximity.of(title + body)
        near, nearby = together.near, together.nearby
        candidate.score += (TOGETHER * near + CLOSE * nearby) / self._weight
        trust_in_body = BODY_TRUST if candidate.labels else 1.0
        headlines = [title, *in_labels]
        candidate.own_bm25 = self._bm25(candidate, headlines, body)
        candidate.coverage = self._covered(headlines, body, trust_in_body)
        candidate.enough = self._enough
        about = (candidate.category, title, labels, body)
        candidate.is_called = self._locality.is_called(title, labels)
        candidate.place = self._locality.name(*about)
        candidate.nearby = together.idf_weight * trust_in_body / self._unique
        candidate.meets = candidate.nearby > MEETING and not self._everyday
        candidate.is_slight = self._is_slight([*title, *sum(in_labels, []), *body])
        candidate.is_named = any(
            term in self._names and trust >= NAMED
            for text in headlines
            for _, term, _, trust, _ in text
        )

    def _match(
        self, candidate: Candidate
    ) -> tuple[list[Match], list[Label], list[Match]]:
        """Return the matches in the title, in each label that has any, and in the body.

        All of it is one text that is searched once for each needle: checking every word
        in Python would take longer than SQLite takes to find the document.
        """
        labels = candidate.labels.replace("\n", " \n ")
        text = f" {candidate.title} \v {labels} \v {candidate.body} "
        first = len(candidate.title) + 2
        second = first + len(labels) + 3
        matches: list[Match] = []
        for needle, terms, words in self._needles:
            step, at = len(needle) - 1, text.find(needle)
            while at >= 0:
                for term, quality, trust in terms:
                    matches.append((at, term, quality, trust, words))
                at = text.find(needle, at + step)
        matches.sort()
        title = [match for match in matches if match[0] < first]
        body = [match for match in matches if match[0] >= second]
        between = matches[len(title) : len(matches) - len(body)]
        return title, _by_line(text, first, second, between), body

    def _is_slight(self, matches: list[Match]) -> bool:
        """Return whether the only match is a common word."""
        terms = {term for _, term, _, _, _ in matches if self._idf_weights[term]}
        return self._asks_more and len(terms) <= 1 and terms <= self._common

    def _bm25(
        self, candidate: Candidate, headlines: list[list[Match]], body: list[Match]
    ) -> float:
        """Return BM25 over stems, with three times the weight in titles and labels."""
        counts: dict[int, float] = defaultdict(float)
        for _, term, quality, _, _ in body:
            counts[term] += quality
        for text in headlines:
            for _, term, quality, _, _ in text:
                counts[term] += TITLE_WEIGHT * quality
        length = candidate.length + TITLE_WEIGHT * word_count(candidate.title)
        norm = K1 * (1 - B + B * length / self._average)
        return sum(
            self._weights[term] * count * (K1 + 1) / (count + norm)
            for term, count in counts.items()
        )

    def _agreement(self, title: str, matches: list[Match]) -> float:
        """Return the harmonic mean of the shares of the title and the query matched."""
        if not matches:
            return 0.0
        of_title = named_share(title, matches)
        weight = sum(self._weights[at] * q for at, q in best_quality(matches).items())
        of_query = weight / self._weight
        return 2 * of_title * of_query / (of_title + of_query or 1)

    def _label_share(self, labels: list[Label]) -> float:
        """Return the share of the query in the label that it names most fully."""
        best = 0.0
        for label, start, matches in labels:
            qualities = best_quality(matches)
            weight = sum(self._weights[at] * q for at, q in qualities.items())
            best = max(best, named_share(label, matches, start) * weight)
        return best / self._weight

    def _covered(
        self,
        headlines: list[list[Match]],
        body: list[Match],
        trust_in_body: float,
    ) -> float:
        """Return the share of the query, by rarity, that these texts cover."""
        trusts: dict[int, float] = {}
        for _, term, _, trust, _ in body:
            trust *= trust_in_body
            if trust_in_body < 1 and term in self._everyday:
                trust *= EVERYDAY_TRUST
            if trust > trusts.get(term, 0.0):
                trusts[term] = trust
        for text in headlines:
            for _, term, _, trust, _ in text:
                if trust > trusts.get(term, 0.0):
                    trusts[term] = trust
        return (
            sum(self._idf_weights[at] * t for at, t in trusts.items())
            / self._idf_weight
        )


# Stems between spaces; the terms they satisfy, how well and how surely; their number.
_Needle = tuple[str, list[tuple[int, float, float]], int]


def _needles(terms: list[Term]) -> list[_Needle]:
    """Return what to search for in a text of stems."""
    by_stems: dict[tuple[str, ...], list[tuple[int, float, float]]] = defaultdict(list)
    for at, term in enumerate(terms):
        for alternative in term.alternatives:
            sure = (at, alternative.quality, alternative.trust)
            by_stems[alternative.stems].append(sure)
    return [
        (f" {' '.join(roots)} ", satisfied, len(roots))
        for roots, satisfied in by_stems.items()
    ]


def _by_line(text: str, first: int, second: int, matches: list[Match]) -> list[Label]:
    """Return the lines of `text` between two places that have matches."""
    labels = []
    for start, in_line in groupby(
        matches, lambda m: max(first, text.rfind("\n", 0, m[0])) + 1
    ):
        end = text.find("\n", start, second)
        line = text[start + 1 : second - 1 if end < 0 else end].rstrip()
        labels.append((line, start, list(in_line)))
    return labels
