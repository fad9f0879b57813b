"""The rows of an XLSX workbook, read as a stream: memory does not grow with rows."""

import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook

from pst.list_files.merges import merged_below
from pst.list_files.problems import NEITHER, BadList
from pst.list_files.rows import (
    EMPTY,
    MAX_CELL_LENGTH,
    MAX_COLUMNS,
    Cell,
    Sheet,
    SheetRow,
)
from pst.uploads import office_files
from pst.uploads.formats import FileRefusal, Format

# All texts of a workbook are one part that must be in memory as a whole.
MAX_TEXT_BYTES = 48 * 1024 * 1024
MAX_UNPACKED_BYTES = 160 * 1024 * 1024
TEXTS = "xl/sharedStrings.xml"
UNREADABLE = "Berkas XLSX ini rusak atau tidak dapat dibaca."
UNPACKED_TOO_LARGE = "Isi berkas XLSX ini terlalu besar untuk sebuah daftar."
ERRORS = (KeyError, ValueError, TypeError, IndexError, AttributeError, ParseError)


def sheets(file: BinaryIO) -> Iterator[Sheet]:
    """Yield the visible sheets of a workbook. Raises `BadList`."""
    _check(file)
    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        visible = [s for s in book.worksheets if s.sheet_state == "visible"]
        below = {s.title: merged_below(file, s.title) for s in visible}
    except (*ERRORS, OSError, zipfile.BadZipFile) as error:
        raise BadList.because(UNREADABLE) from error
    for sheet in visible:
        place = f"{sheet.title}!" if len(visible) > 1 else ""
        yield Sheet(sheet.title, _rows(sheet, place, below[sheet.title]))
    book.close()


def _check(file: BinaryIO) -> None:
    """Raise `BadList` unless it is an XLSX file of a bounded size inside."""
    try:
        format = office_files.look(file.read())
        file.seek(0)
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise BadList.because(UNREADABLE) from error
    except FileRefusal as refused:
        raise BadList.because(str(refused)) from refused
    if format is not Format.XLSX:
        raise BadList.because(NEITHER)
    texts = sum(part.file_size for part in parts if part.filename == TEXTS)
    size = sum(part.file_size for part in parts)
    if texts > MAX_TEXT_BYTES or size > MAX_UNPACKED_BYTES:
        raise BadList.because(UNPACKED_TOO_LARGE)
    file.seek(0)


def _rows(
    sheet: Any, place: str, below: dict[int, frozenset[int]]
) -> Iterator[SheetRow]:
    try:
        for number, values in enumerate(
            sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS), 1
        ):
            cells = tuple(map(_cell, values))
            yield SheetRow(f"{place}{number}", cells, below.get(number, frozenset()))
    except (*ERRORS, OSError, zipfile.BadZipFile) as error:
        raise BadList.because(UNREADABLE) from error


def _cell(value: Any) -> Cell:
    if value is None:
        return EMPTY
    if isinstance(value, bool | datetime):
        return Cell(str(value))
    if isinstance(value, int | float):
        is_whole = isinstance(value, float) and value.is_integer()
        return Cell(str(int(value) if is_whole else value), is_number=True)
    return Cell(" ".join(str(value)[:MAX_CELL_LENGTH].split(" ")).strip())
