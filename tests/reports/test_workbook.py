"""The workbook of a report: its figures, charts and print."""

from datetime import datetime
from io import BytesIO

import openpyxl
import pytest

from pst.reports.files.spreadsheet import sheet_name, xlsx
from pst.reports.queries import Contents
from tests.reports.conftest import STRANGE, plain


def test_the_workbook_holds_the_figures_of_the_report(report):
    contents = Contents(report)
    book = openpyxl.load_workbook(BytesIO(xlsx(contents)))

    for part in contents.sections:
        if not part.tables:
            continue
        sheet = book[sheet_name(part.title)]
        for table in part.tables:
            if not table.rows:
                continue
            area = sheet.tables[f"t_{table.id}"].ref
            heads, *rows = [[cell.value for cell in row] for row in sheet[area]]
            assert heads == [column.text for column in table.columns]
            assert rows == [[plain(cell) for cell in row] for row in table.rows]


def test_the_change_of_a_share_is_in_points_and_days_are_days(report, asked):
    asked("2026-02-03 09:00+07:00", due_at="2026-02-06 15:30+07:00")
    contents = Contents(report)
    late = {"number": "KS-2026-000001", "category": "data", "first": True}
    contents.figures["late"] = [
        {**late, "asked_at": "2026-03-02T18:30:00+00:00", "reason": "", "note": ""}
    ]
    book = openpyxl.load_workbook(BytesIO(xlsx(contents)))

    share = next(
        row for row in book["Ringkasan"].rows if "pertama dalam" in str(row[0].value)
    )
    assert [cell.value for cell in share[1:]] == [1, 0, 100]
    assert share[3].number_format == '+0.0" poin";-0.0" poin";0.0" poin"'
    sheet = book["Kinerja pelayanan"]
    [first, *_] = sheet[sheet.tables["t_late"].ref][1:]
    assert first[2].value == datetime(2026, 3, 3)
    assert first[2].is_date


def test_the_workbook_prints_on_a4_with_its_title_on_every_page(report):
    book = openpyxl.load_workbook(BytesIO(xlsx(Contents(report))))

    for sheet in book.worksheets:
        assert sheet.page_setup.paperSize == 9
        assert sheet.print_title_rows.startswith("$1:$")
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0
        assert "BPS Kabupaten Banjarnegara" in sheet.oddFooter.left.text


def test_the_workbook_has_native_charts(report):
    book = openpyxl.load_workbook(BytesIO(xlsx(Contents(report))))

    charts = sum(len(sheet._charts) for sheet in book.worksheets)

    drawn = [t for t in Contents(report).tables if t.chart and t.rows]
    assert charts == len(drawn) > 8


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_no_character_keeps_the_workbook_from_being_opened(report, text):
    contents = Contents(report)
    contents.figures["missing"] = [(text, 1)]

    book = openpyxl.load_workbook(BytesIO(xlsx(contents)))

    assert "t_missing" in {name for sheet in book for name in sheet.tables}


def test_no_text_becomes_a_formula_in_the_workbook(report):
    book = openpyxl.load_workbook(BytesIO(xlsx(Contents(report))))

    cells = [c for sheet in book for row in sheet.rows for c in row]

    assert any(str(c.value).startswith("=HYPERLINK") for c in cells)
    assert all(c.data_type != "f" for c in cells)
