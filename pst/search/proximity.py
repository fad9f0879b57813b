"""How much of a query matches within a few lines of a text."""

from typing import NamedTuple

from .matches import Match, best_quality

NEAR, NEARBY = 60, 200  # characters


class Together(NamedTuple):
    """The highest weight of terms within 60 and within 200 characters, and its idf."""

    near: float = 0.0
    nearby: float = 0.0
    idf_weight: float = 0.0


class Proximity:
    """Measures nearness with the weights of one query."""

    def __init__(self, weights: list[float], idf_weights: list[float]) -> None:
        self._weights, self._idf_weights = weights, idf_weights
        # Terms of little weight hardly count, and common words cost time.
        floor = max(weights, default=0) / 10
        self._telling = {at for at, weight in enumerate(weights) if weight > floor}

    def of(self, matches: list[Match]) -> Together:
        """Return the best of all stretches that begin at one of `matches`."""
        telling = [match for match in matches if match[1] in self._telling]
        weights = self._weights
        most = sum(weights[at] * q for at, q in best_quality(telling).items())
        near = nearby = idf_weight = 0.0
        for start in range(len(telling)):
            if near >= most:  # all matches of this text are here
                break
            stretch = self._from(telling, start)
            near = max(near, stretch[0])
            nearby = max(nearby, stretch[1])
            idf_weight = max(idf_weight, stretch[2])
        return Together(near, nearby, idf_weight)

    def _from(self, telling: list[Match], start: int) -> tuple[float, float, float]:
        """Return the weights within reach of the match at `start`."""
        qualities: dict[int, float] = {}
        trusts: dict[int, float] = {}
        near = nearby = idf_weight = 0.0
        first = telling[start][0]
        for at in range(start, len(telling)):
            position, term, quality, trust, _ = telling[at]
            distance = position - first
            if distance >= NEARBY:
                break
            gain = quality - qualities.get(term, 0.0)
            if gain > 0:
                qualities[term] = quality
                nearby += gain * self._weights[term]
                if distance < NEAR:
                    near = nearby
            if trust > trusts.get(term, 0.0):
                idf_weight += (trust - trusts.get(term, 0.0)) * self._idf_weights[term]
                trusts[term] = trust
        return near, nearby, idf_weight
