"""Lists as offices have them, and the invented example in the database."""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from pst.classifications.importing import example
from pst.classifications.lookup import Editions
from pst.classifications.models import Classification
from pst.database import transaction

HEADING = ("Kode", "Judul", "Uraian")
Rows = Sequence[Sequence[Any]]


def workbook(
    *sheets: Rows, merged: Sequence[str] = (), change: Callable[[Any], None] = id
) -> BytesIO:
    """Make an XLSX file with a sheet for each of `sheets`."""
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"Lembar{number}")
        for row in rows:
            sheet.append(row)
        for cells in merged:
            sheet.merge_cells(cells)
        change(sheet)
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return file


def csv_file(text: str, encoding: str = "utf-8") -> BytesIO:
    return BytesIO(text.encode(encoding))


@pytest.fixture
def edition(context: None) -> Classification:
    """The invented KBLI 2025, with its conversion from 2020."""
    with transaction():
        example.load()
    current = Editions("kbli-2025").current
    assert current is not None
    return current
