"""A figure is the same wherever it stands: public page, desk, report, exports."""

import csv
import gc
from collections import Counter
from io import BytesIO, StringIO
from statistics import median
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
import time_machine

from pst.accounts.users import User
from pst.database import db
from pst.reports.figures.period_figures import Figures
from pst.reports.files.export import Export
from pst.reports.files.spreadsheet import xlsx
from pst.reports.layout.tables import Table, table
from pst.reports.letter.pdf import letter_text
from pst.reports.models import Report
from pst.reports.public import performance
from pst.reports.queries import Contents, CurrentMonth
from tests.reports.conftest import FEBRUARY, plain

IN_TIME, LATE = "dalam batas waktu", "lewat batas waktu"


@pytest.fixture(scope="module")
def contents(figures: dict[str, Any]) -> Contents:
    """What stands in a report on the busy month."""
    budi = User.with_email("budi@contoh.test")
    report = Report.draft(FEBRUARY, budi)
    db.session.commit()
    return Contents(report)


@pytest.fixture(scope="module")
def exported(figures: dict[str, Any]) -> list[dict[str, str]]:
    """The rows that are taken away."""
    file = StringIO(Export(FEBRUARY).csv().removeprefix("\ufeff"))
    return list(csv.DictReader(file))


def test_rows_are_taken_away_without_holding_them_all(exported):
    rows = Export(FEBRUARY).rows()
    next(rows)

    held = [each for each in gc.get_objects() if isinstance(each, sa.Row)]

    rows.close()
    assert len(held) < len(exported) / 10


def cells(of: Table) -> dict[str, list[str]]:
    return {row[0]: row[1:] for row in of.written}


def test_the_report_has_the_figures(figures, contents):
    assert contents.figures == figures


def test_the_desk_shows_what_the_report_says(figures, contents):
    with time_machine.travel("2026-02-28 23:59:59+07:00", tick=False):
        running = CurrentMonth()
        headline, reported = running.headline, Contents(contents.report).tables[0]

        assert running.period == FEBRUARY
        assert [row[:3] for row in reported.written] == headline.written


def test_the_letter_says_what_the_report_says(contents):
    letter = letter_text(contents)

    assert letter["short"] == [row[:2] for row in contents.tables[0].written]
    sets = [made for part in letter["sections"] for made in part["tables"]]
    for made, of in zip(
        sets, [each for each in contents.tables if not each.is_annex], strict=True
    ):
        assert made["rows"] == [[cell or "–" for cell in row] for row in of.written]


def test_the_public_page_shows_what_a_report_on_its_months_would(figures):
    page = performance()
    figures = Figures(page.period, page.as_of).frozen()
    headline = cells(table("headline", figures))

    large = {text: value for text, value, _ in page.highlights}

    assert large["konsultasi diajukan"] == headline["Konsultasi diajukan"][0]
    assert (
        large["jawaban pertama dalam batas waktu"]
        == headline["Jawaban pertama dalam batas waktu"][0]
    )
    assert (
        large["rata-rata penilaian, dari 5"]
        == (headline["Rata-rata penilaian (1–5)"][0])
    )
    assert large["Indeks Kepuasan Masyarakat"] == next(
        cell[0] for text, cell in headline.items() if "(IKM)" in text
    )
    compared = 0
    for public in page.tables:
        if public.id == "satisfied":
            continue
        reported = cells(table(public.id, figures))
        for name, values in cells(public).items():
            if values[0] != "–":
                assert reported[name] == values
                compared += 1
    assert compared > 15


def test_the_rows_add_up_to_the_report(figures, exported):
    volume = figures["volume"]
    kinds = Counter(row["Jenis"] for row in exported)

    assert len(exported) == volume["total"]
    assert kinds["Metadata"] == volume["category"]["metadata"]
    assert Counter(row["Jam"] for row in exported) == {
        str(hour): count for hour, count in enumerate(volume["hour"]) if count
    }
    for column, of in (("Jawaban pertama", "first"), ("Jawaban akhir", "final")):
        verdicts = Counter(row[column] for row in exported)
        service = figures["service"][of]
        assert (verdicts[IN_TIME], verdicts[LATE]) == (
            service["within"],
            service["late"],
        )
        spans = [
            float(row[f"Jam kerja sampai {column.lower()}"])
            for row in exported
            if row[f"Jam kerja sampai {column.lower()}"]
        ]
        assert len(spans) == service["count"]
        assert median(spans) == pytest.approx(service["median"], abs=0.011)


def test_the_workbook_says_what_the_report_says(contents):
    book = openpyxl.load_workbook(BytesIO(xlsx(contents)))
    areas = {
        name: (sheet, area) for sheet in book for name, area in sheet.tables.items()
    }
    for each in contents.tables:
        if each.rows:
            sheet, area = areas[f"t_{each.id}"]
            _, *rows = [[cell.value for cell in row] for row in sheet[area]]
            assert rows == [[nearly(plain(cell)) for cell in row] for row in each.rows]


def nearly(value: object) -> object:
    """Let a workbook write sixteen digits of a number."""
    return pytest.approx(value) if isinstance(value, float) else value
