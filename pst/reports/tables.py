"""The tables of a report, made of its figures: the same on screen, in PDF and XLSX.

Titles, column heads, words for codes and definitions are reference data in
`data/report.json`; here only the numbers are put into rows.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from pst import options
from pst.formatting import day, number, percent
from pst.reports.periods import Period

UNKNOWN = "unknown"
DECIMALS = {"hours": 1, "score": 2, "more_hours": 1, "more_score": 2}


@dataclass(frozen=True)
class Measure:
    """A value of another kind than its neighbours in the column."""

    value: float | None
    kind: str


Cell = str | int | float | Measure | None
Row = list[Cell]


@dataclass(frozen=True)
class Column:
    """A column: its head, and what kind of value stands in it."""

    text: str
    kind: str

    @property
    def is_number(self) -> bool:
        return self.kind != "text"

    def write(self, cell: Cell) -> str:
        """Write a cell as Indonesian does."""
        if isinstance(cell, str):
            return cell
        if isinstance(cell, Measure):
            return _write(cell.value, cell.kind)
        return _write(cell, self.kind)


@dataclass(frozen=True)
class Table:
    """One table with its title, definition and kind of chart."""

    id: str
    title: str
    columns: list[Column]
    rows: list[Row]
    chart: str
    definition: str

    @property
    def written(self) -> list[list[str]]:
        """The rows as text."""
        return [
            [column.write(cell) for column, cell in zip(self.columns, row, strict=True)]
            for row in self.rows
        ]


@dataclass(frozen=True)
class Section:
    """One part of the report: tables, and what the officer writes beside them."""

    id: str
    title: str
    words: str
    tables: list[Table]


@cache
def layout() -> dict[str, Any]:
    """Read the reference data."""
    return json.loads((options.DATA / "report.json").read_text())


def sections(figures: dict[str, Any], words: dict[str, Any]) -> list[Section]:
    """Make every table of the report from its figures and the officer's words."""
    return [
        Section(
            part["id"],
            part["title"],
            part["words"],
            [table(id, figures, words) for id in part["tables"]],
        )
        for part in layout()["sections"]
    ]


def table(
    id: str, figures: dict[str, Any], words: dict[str, Any] | None = None
) -> Table:
    """Make one table."""
    given = layout()["tables"][id]
    return Table(
        id,
        given["title"],
        [Column(*column) for column in given["columns"]],
        list(BUILDERS[id](figures, words or {})),
        given["chart"],
        given["definition"],
    )


def label(name: str, code: str) -> str:
    """Tell the words for a code of the list `name`."""
    if code == "":
        return layout()["labels"][UNKNOWN][0][1]
    if name in layout()["labels"]:
        return dict(layout()["labels"][name]).get(code, code)
    return options.text_of(name, code)


def _counted(name: str, of: str, labels: str) -> Callable[..., Iterable[Row]]:
    """Make the builder of a table of counts with their shares."""

    def build(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
        counts = figures[of][name]
        pairs = counts if isinstance(counts, dict) else dict(enumerate(counts))
        total = sum(n for n in pairs.values() if n is not None)
        for code, n in pairs.items():
            yield [label(labels, str(code)), n, _part(n, total)]

    return build


def _hour(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    counts = figures["volume"]["hour"]
    for hour, n in enumerate(counts):
        yield [f"{hour:02d}", n, _part(n, sum(counts))]


def _headline(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    for key, text in layout()["tables"]["headline"]["rows"].items():
        kind, path = HEADLINES[key]
        now, before = _reach(figures, path), _reach(figures["before"], path)
        yield [
            text,
            Measure(now, kind),
            Measure(before, kind),
            Measure(_change(kind, now, before), f"more_{kind}"),
        ]


def _service(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    for key, text in layout()["tables"]["service"]["rows"].items():
        found = figures["service"][key]
        yield [text, found["within"], found["late"], found["share"]]


def _durations(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    for key, text in layout()["tables"]["durations"]["rows"].items():
        found = figures["service"][key]
        yield [text, found["count"], found["median"], found["p90"]]


def _late(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    texts = layout()["tables"]["late"]["rows"]
    for row in figures["late"]:
        yield [
            row["number"],
            label("category", row["category"]),
            day(datetime.fromisoformat(row["asked_at"])),
            texts["first" if row["first"] else "final"],
            words.get("late", {}).get(row["number"], ""),
        ]


def _score(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    counts = figures["ratings"]["score"]
    for score, text in layout()["labels"]["score"]:
        yield [text, counts[score], _part(counts[score], sum(counts.values()))]


def _rating_facts(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    kinds = {"mean": "score", "response": "share"}
    for key, text in layout()["tables"]["rating_facts"]["rows"].items():
        yield [text, Measure(figures["ratings"][key], kinds.get(key, "count"))]


def _trend(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    for code, month in figures["trend"].items():
        yield [Period.parse(code).text, month["mean"], month["count"]]


def _comments(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    for row in figures["comments"]:
        yield [row["score"], label("category", row["category"]), row["text"]]


def _follow_up_service(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    found = figures["follow_ups"]
    text = layout()["tables"]["follow_up_service"]["rows"]["sent"]
    yield [text, found["within"], found["late"], found["share"]]


def _follow_up_list(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    for row in figures["follow_up_list"]:
        yield [
            row["number"],
            label("cause", row["cause"]),
            day(datetime.fromisoformat(row["opened_at"])),
            label("progress", row["progress"]),
            row["resolution"],
        ]


# By key: the kind of value, and where it stands among the figures.
HEADLINES: dict[str, tuple[str, str]] = {
    "total": ("count", "volume.total"),
    "first_share": ("share", "service.first.share"),
    "final_share": ("share", "service.final.share"),
    "first_median": ("hours", "service.first.median"),
    "final_median": ("hours", "service.final.median"),
    "ratings": ("count", "ratings.count"),
    "mean": ("score", "ratings.mean"),
    "response": ("share", "ratings.response"),
    "follow_ups": ("count", "follow_ups.count"),
    "follow_up_share": ("share", "follow_ups.share"),
}
BUILDERS: dict[str, Callable[..., Iterable[Row]]] = {
    "headline": _headline,
    "category": _counted("category", "volume", "category"),
    "standing": _counted("standing", "volume", "standing"),
    "service": _service,
    "durations": _durations,
    "weekday": _counted("weekday", "volume", "weekday"),
    "hour": _hour,
    "late": _late,
    "institution": _counted("institution", "volume", "institution_kinds"),
    "occupation": _counted("occupation", "volume", "occupations"),
    "purpose": _counted("purpose", "volume", "purposes"),
    "score": _score,
    "rating_facts": _rating_facts,
    "trend": _trend,
    "comments": _comments,
    "cause": _counted("cause", "follow_ups", "cause"),
    "progress": _counted("progress", "follow_ups", "progress"),
    "follow_up_service": _follow_up_service,
    "follow_up_list": _follow_up_list,
}


def _reach(figures: dict[str, Any], path: str) -> Any:
    found: Any = figures
    for name in path.split("."):
        found = found.get(name) if found else None
    return found


def _change(kind: str, now: Any, before: Any) -> float | None:
    """Compare: counts by how many percent, all else by the difference."""
    if now is None or before is None:
        return None
    if kind != "count":
        return now - before
    return now / before - 1 if before else None


def _write(value: float | None, kind: str) -> str:
    if value is None:
        return "–"
    if kind == "share":
        return percent(value)
    if kind == "more_count":
        return f"{_signed(value * 100, 1)}%"
    if kind == "more_share":
        return f"{_signed(value * 100, 1)} poin"
    if kind.startswith("more_"):
        return _signed(value, DECIMALS[kind])
    return number(value, DECIMALS.get(kind, 0))


def _signed(value: float, decimals: int) -> str:
    text = number(abs(value), decimals)
    is_nothing = not text.strip("0,")
    return text if is_nothing else ("+" if value > 0 else "−") + text


def _part(n: int | None, total: int) -> float | None:
    return n / total if n is not None and total else None
