"""The rows of a CSV file, as Indonesian and international spreadsheets write it."""

import csv
from collections import Counter
from collections.abc import Iterator
from io import TextIOWrapper
from typing import BinaryIO

from pst.list_files.problems import NEITHER, BadList
from pst.list_files.rows import MAX_CELL_LENGTH, MAX_COLUMNS, Cell, Sheet, SheetRow

DELIMITERS = ";,\t|"
SAMPLE_BYTES, SAMPLE_LINES = 65_536, 60
PAGE = "Berkas ini halaman web, bukan CSV atau XLSX. Unduh ulang berkas aslinya."


def sheet(file: BinaryIO) -> Sheet:
    """Return the only table of a CSV file. Raises `BadList`."""
    sample = file.read(SAMPLE_BYTES)
    file.seek(0)
    if b"\0" in sample:
        raise BadList.because(NEITHER)
    if sample.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        raise BadList.because(PAGE)
    encoding = "utf-8-sig" if _is_utf8(sample) else "cp1252"
    text = sample.decode(encoding, "replace")
    return Sheet("", _rows(file, encoding, _delimiter(text)))


def _is_utf8(sample: bytes) -> bool:
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        # Cut within the last letter of the sample, not wrong.
        return error.start > len(sample) - 4
    return True


def _delimiter(text: str) -> str:
    """Return what parts the most lines into the same number of cells.

    Not what stands there most often: descriptions are full of commas.
    """
    lines = text.splitlines()[:SAMPLE_LINES]
    return max(DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter))


def _evenness(lines: list[str], delimiter: str) -> tuple[float, int]:
    """Return the share of lines with the usual number of cells, and that number."""
    try:
        lengths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
    except csv.Error:
        return 0.0, 0
    usual, often = Counter(lengths).most_common(1)[0] if lengths else (1, 0)
    return (often / len(lengths), usual) if usual > 1 else (0.0, 0)


def _rows(file: BinaryIO, encoding: str, delimiter: str) -> Iterator[SheetRow]:
    lines = TextIOWrapper(file, encoding, errors="replace", newline="")
    reader = csv.reader(lines, delimiter=delimiter)
    line = 1
    try:
        for values in reader:
            cells = (Cell(v[:MAX_CELL_LENGTH].strip()) for v in values[:MAX_COLUMNS])
            yield SheetRow(str(line), tuple(cells))
            line = reader.line_num + 1
    except csv.Error as error:
        reason = "Baris ini tidak dapat dibaca sebagai CSV."
        raise BadList.because(reason, str(line)) from error
    finally:
        if not file.closed:
            lines.detach()
