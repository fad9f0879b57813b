"""Figures for the quality of a ranking, by judged relevance."""

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

DEPTH = 10
ALL = "all"


@dataclass
class Evaluation:
    """The answers to judged queries, and the figures of each group of queries."""

    _scores: dict[str, list[tuple[float, float, float, float]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _silent: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    _seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(
        self,
        group: str,
        relevant: dict[str, int],
        sure: list[str],
        hits: list[str],
        seconds: float,
    ) -> None:
        """Count one answer: the slugs that are `sure`, and all `hits`.

        When nothing is relevant, an answer without sure hits is right.
        """
        for name in (group, ALL):
            self._seconds[name].append(seconds)
            if relevant:
                self._scores[name].append(
                    (
                        success(relevant, hits),
                        success(relevant, sure),
                        mrr(relevant, hits),
                        ndcg(relevant, sure),
                    )
                )
            else:
                self._silent[name].append(not sure)

    def figures(self) -> dict[str, dict[str, Any]]:
        return {name: self._of(name) for name in self._seconds}

    def _of(self, name: str) -> dict[str, Any]:
        scores, silent = self._scores[name], self._silent[name]
        columns = list(zip(*scores, strict=True)) or [(), (), (), ()]
        seconds = sorted(self._seconds[name])
        return {
            "queries": len(seconds),
            "shown @1": _mean(columns[0]),
            "sure @1": _mean(columns[1]),
            "mrr@10": _mean(columns[2]),
            "sure ndcg": _mean(columns[3]),
            "right none": _mean(silent),
            "p50 ms": percentile(seconds, 0.5) * 1000,
            "p95 ms": percentile(seconds, 0.95) * 1000,
        }


def success(relevant: dict[str, int], slugs: list[str]) -> float:
    """Return 1 if the first answer is relevant at all, or else 0."""
    return float(bool(slugs) and relevant.get(slugs[0], 0) > 0)


def mrr(relevant: dict[str, int], slugs: list[str]) -> float:
    """Return the reciprocal of the place of the first relevant answer."""
    places = (i for i, slug in enumerate(slugs[:DEPTH], 1) if relevant.get(slug, 0) > 0)
    return 1 / next(places, math.inf)


def ndcg(relevant: dict[str, int], slugs: list[str]) -> float:
    """Return the discounted gain (2^grade - 1) as a share of the best possible."""
    best = sorted(relevant.values(), reverse=True)
    return _dcg([relevant.get(slug, 0) for slug in slugs]) / (_dcg(best) or 1)


def percentile(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))] if values else 0.0


def _dcg(grades: list[int]) -> float:
    gains = enumerate(grades[:DEPTH], 2)
    return sum((2**grade - 1) / math.log2(place) for place, grade in gains)


def _mean(values: Any) -> float | None:
    return sum(values) / len(values) if values else None
