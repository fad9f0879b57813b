"""The report as a workbook: every table as an Excel table, with native charts."""

import re
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter

from pst.reports.layout.cells import Measure
from pst.reports.layout.tables import ReportSection, Table
from pst.reports.layout.texts import layout
from pst.reports.queries import Contents
from pst.web.formats.formatting import moment

FORMATS = {
    "count": "#,##0",
    "number": "0",
    "share": "0.0%",
    "hours": "#,##0.0",
    "score": "0.00",
    "more_count": "+0.0%;-0.0%;0.0%",
    # Points, not percent: 92 % after 90.9 % is 1.1 points more.
    "more_share": '+0.0" poin";-0.0" poin";0.0" poin"',
    "more_hours": "+0.0;-0.0;0.0",
    "more_score": "+0.00;-0.00;0.00",
    # The names of months in Indonesian.
    "date": "[$-421]d mmmm yyyy;@",
}
A4 = 9
CHARTS = {"bars": "bar", "columns": "column", "line": "line"}
ACCENT = "#0b5c78"
SHEET_NAME_LENGTH = 31
WIDTHS = {"text": 34, "prose": 70}
NARROW = 16
CHART_ROWS = 16
# A workbook with one of these inside cannot be opened.
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
MARK = "□"


def xlsx(contents: Contents) -> bytes:
    """Return the workbook; numbers stay numbers, and no text becomes a formula."""
    file = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": contents.letter["subject"]})
        pen = Pen(book)
        for part in contents.sections:
            if part.tables:
                pen.write_section(part, contents)
        pen.write_definitions(contents)
    return file.getvalue()


class Pen:
    """Writes into one workbook."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.bold = book.add_format({"bold": True})
        self.large = book.add_format({"bold": True, "font_size": 14})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.formats = {
            kind: book.add_format({"num_format": text, "valign": "top"})
            for kind, text in FORMATS.items()
        }
        self.sheet: Any = None

    def write_section(self, part: ReportSection, contents: Contents) -> None:
        """Write the tables of one section below each other, charts to their right."""
        self._add_sheet(part.title, contents)
        self.sheet.write_string(0, 0, part.title, self.large)
        subtitle = f"{contents.frozen['period']} · {moment(contents.as_of)}"
        self.sheet.write_string(1, 0, subtitle)
        self.sheet.repeat_rows(0, 1)
        row = 3
        widest = max(len(table.columns) for table in part.tables)
        for column in range(widest):
            self.sheet.set_column(column, column, self._width(part, column))
        for table in part.tables:
            row = self._write_table(table, row, widest + 1)

    def write_definitions(self, contents: Contents) -> None:
        heads = layout()["letter"]
        self._add_sheet(heads["definitions"], contents)
        self.sheet.write_string(0, 0, heads["definitions"], self.large)
        self.sheet.repeat_rows(0)
        self.sheet.set_column(0, 0, 46)
        self.sheet.set_column(1, 1, 100)
        for row, table in enumerate(contents.tables, 1):
            self.sheet.write_string(row, 0, table.title, self.bold)
            self.sheet.write_string(row, 1, table.definition, self.wrapped)

    def _add_sheet(self, title: str, contents: Contents) -> None:
        """Add a sheet that prints on A4, as wide as one page."""
        self.sheet = self.book.add_worksheet(sheet_name(title))
        self.sheet.set_paper(A4)
        self.sheet.set_landscape()
        self.sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.8)
        self.sheet.fit_to_pages(1, 0)
        office = contents.letter["office_name"].replace("&", "&&")
        self.sheet.set_footer(f"&L&8{office} · {contents.frozen['period']}&R&8&P / &N")

    def _write_table(self, table: Table, row: int, chart_column: int) -> int:
        """Write one table from `row` on; return the row of the next one."""
        self.sheet.write_string(row, 0, table.title, self.bold)
        if not table.rows:
            self.sheet.write_string(row + 1, 0, layout()["letter"]["nothing"])
            return row + 3
        first, last = row + 2, row + 1 + len(table.rows)
        self.sheet.add_table(
            row + 1,
            0,
            last,
            len(table.columns) - 1,
            {
                "name": f"t_{table.id}",
                "style": "Table Style Light 9",
                "autofilter": False,
                "columns": [{"header": column.text} for column in table.columns],
            },
        )
        for down, cells in enumerate(table.rows, first):
            for across, cell in enumerate(cells):
                self._write_cell(down, across, cell, table.columns[across].kind)
        height = 0
        if table.chart in CHARTS:
            self._draw(table, first, last, row + 1, chart_column)
            height = CHART_ROWS
        return row + max(len(table.rows) + 2, height) + 2

    def _write_cell(self, row: int, column: int, cell: Any, kind: str) -> None:
        if isinstance(cell, Measure):
            cell, kind = cell.value, cell.kind
        if cell is None:
            self.sheet.write_string(row, column, "–")
        elif isinstance(cell, str):
            text = NOT_IN_XML.sub(MARK, cell)
            self.sheet.write_string(row, column, text, self.wrapped)
        elif isinstance(cell, date):
            self.sheet.write_datetime(row, column, cell, self.formats["date"])
        else:
            number = cell * 100 if kind == "more_share" else cell
            self.sheet.write_number(row, column, number, self.formats[kind])

    def _draw(
        self, table: Table, first: int, last: int, at: int, chart_column: int
    ) -> None:
        figure = self.book.add_chart({"type": CHARTS[table.chart]})
        name = self.sheet.get_name()
        figure.add_series(
            {
                "name": table.columns[1].text,
                "categories": [name, first, 0, last, 0],
                "values": [name, first, 1, last, 1],
                "fill": {"color": ACCENT},
                "line": {"color": ACCENT},
                "marker": {"type": "circle"} if table.chart == "line" else None,
                "data_labels": {"value": last - first < 12},
            }
        )
        figure.set_title({"name": table.title, "name_font": {"size": 11}})
        figure.set_legend({"none": True})
        if table.chart == "bars":
            figure.set_y_axis({"reverse": True})
        figure.set_size({"width": 560, "height": 300})
        self.sheet.insert_chart(at, chart_column, figure, {"description": table.title})

    @staticmethod
    def _width(part: ReportSection, column: int) -> int:
        kinds = {
            table.columns[column].kind
            for table in part.tables
            if column < len(table.columns)
        }
        return max(WIDTHS.get(kind, NARROW) for kind in kinds)


def sheet_name(title: str) -> str:
    """Return a title cut to what Excel allows as the name of a sheet."""
    clean = "".join(" " if c in r"[]:*?/\'" else c for c in title)
    return " ".join(clean.split())[:SHEET_NAME_LENGTH].strip()
