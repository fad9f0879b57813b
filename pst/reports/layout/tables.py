"""The tables of a report, made of its figures: the same on screen, in PDF and XLSX.

Titles, column heads, words for codes and definitions are reference data in
`data/report.json`; `rows` puts the numbers into rows, and here they are written.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from pst.reports.layout.cells import Cell, Measure, Row
from pst.reports.layout.rows import BUILDERS
from pst.reports.layout.texts import layout
from pst.web.formats.formatting import day, number, percent

# More rows than this are folded away on screen.
ROWS_AT_ONCE = 15
DECIMALS = {"hours": 1, "score": 2, "more_hours": 1, "more_score": 2}


@dataclass(frozen=True)
class Column:
    """A column: its head, and what kind of value stands in it."""

    text: str
    kind: str

    @property
    def is_number(self) -> bool:
        return self.kind not in ("text", "prose", "date")

    @property
    def is_prose(self) -> bool:
        """Return whether it holds whole sentences, which need more width."""
        return self.kind == "prose"

    def write(self, cell: Cell) -> str:
        """Return a cell as text, in the Indonesian form."""
        if isinstance(cell, str):
            return cell
        if isinstance(cell, date):
            return day(cell)
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
    # The value of a bar of full length; None: the greatest value.
    top: float | None = None
    # Too long for the letter: on screen and in the spreadsheet only.
    is_annex: bool = False

    @property
    def is_long(self) -> bool:
        return self.is_annex or len(self.rows) > ROWS_AT_ONCE

    @property
    def is_wide(self) -> bool:
        """Return whether it needs the whole width of a page."""
        return len(self.columns) > 4 or any(c.is_prose for c in self.columns)

    @property
    def bars(self) -> list[float]:
        """The length of the bar of each row, from 0 to 1; empty without bars."""
        if self.chart != "bars":
            return []
        values = [row[1] if isinstance(row[1], int | float) else 0 for row in self.rows]
        longest = self.top or max(values, default=0) or 1
        return [min(value / longest, 1) for value in values]

    @property
    def written(self) -> list[list[str]]:
        """The rows as text."""
        return [
            [column.write(cell) for column, cell in zip(self.columns, row, strict=True)]
            for row in self.rows
        ]


@dataclass(frozen=True)
class ReportSection:
    """One part of the report: tables, and what the officer writes about them."""

    id: str
    title: str
    words: str
    tables: list[Table]


def sections(figures: dict[str, Any], words: dict[str, Any]) -> list[ReportSection]:
    """Return every table of the report from its figures and the officer's words."""
    return [
        ReportSection(
            part["id"],
            part["title"],
            part["words"],
            [
                table(id, figures, words)
                for id in part["tables"]
                # A report that was sent before has no such figures.
                if layout()["tables"][id].get("figure", "volume") in figures
            ],
        )
        for part in layout()["sections"]
    ]


def table(
    id: str, figures: dict[str, Any], words: dict[str, Any] | None = None
) -> Table:
    """Return one table."""
    spec = layout()["tables"][id]
    return Table(
        id,
        spec["title"],
        [Column(*column) for column in spec["columns"]],
        list(BUILDERS[id](figures, words or {})),
        spec["chart"],
        spec["definition"],
        spec.get("top"),
        spec.get("annex", False),
    )


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
