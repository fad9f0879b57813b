"""What a row of a report's table is made of, and tables of one simple shape."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pst.reports.layout.texts import label
from pst.web.formats.formatting import local


@dataclass(frozen=True)
class Measure:
    """A value of another kind than the others in its column."""

    value: float | None
    kind: str


Cell = str | int | float | date | Measure | None
Row = list[Cell]
Builder = Callable[[dict[str, Any], dict[str, Any]], Iterable[Row]]


def count_table(name: str, of: str, labels: str) -> Builder:
    """Return the builder of a table of counts with their shares."""

    def build(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
        group = figures[of]
        pairs = group[name]
        if isinstance(pairs, list):
            pairs = dict(enumerate(pairs))
        total = group["total"] if "total" in group else group["count"]
        for code, n in pairs.items():
            yield [label(labels, str(code)), n, part(n, total)]

    return build


def pairs(of: str) -> Builder:
    """Return the builder of a table of words and how often they occurred."""

    def build(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
        # A report that was sent before has no table that came later.
        return [list(pair) for pair in figures.get(of, [])]

    return build


def part(n: int | None, total: int | None) -> float | None:
    return n / total if n is not None and total else None


def local_day(moment: str) -> date:
    """Return the day of a stored moment, in the office's zone."""
    return local(datetime.fromisoformat(moment)).date()
