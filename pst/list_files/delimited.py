"""The rows of a CSV file, as Indonesian and international spreadsheets write it."""

import csv
from collections.abc import Iterator
from io import TextIOWrapper
from typing import BinaryIO

from pst.list_files.problems import BadList
from pst.list_files.rows import MAX_CELL_LENGTH, MAX_COLUMNS, Cell, Row, Sheet

DELIMITERS = ";,\t|"
SAMPLE_BYTES = 65_536
PAGE = "Berkas ini halaman web, bukan CSV atau XLSX. Unduh ulang berkas aslinya."


def sheet(file: BinaryIO) -> Sheet:
    """Return the only table of a CSV file. Raises `BadList`."""
    sample = file.read(SAMPLE_BYTES)
    file.seek(0)
    if b"\0" in sample:
        raise BadList.because("Berkas ini bukan XLSX atau CSV.")
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
    """Return what parts most of the first lines into the same number of cells."""
    lines = [line for line in text.splitlines()[:40] if line.strip()]
    counts = {d: sorted(line.count(d) for line in lines) for d in DELIMITERS}
    middle = {d: c[len(c) // 2] if c else 0 for d, c in counts.items()}
    most = {d: (middle[d] > 0, middle[d], sum(counts[d])) for d in DELIMITERS}
    return max(DELIMITERS, key=lambda d: most[d])


def _rows(file: BinaryIO, encoding: str, delimiter: str) -> Iterator[Row]:
    lines = TextIOWrapper(file, encoding, errors="replace", newline="")
    reader = csv.reader(lines, delimiter=delimiter)
    line = 1
    try:
        for values in reader:
            cells = (Cell(v[:MAX_CELL_LENGTH].strip()) for v in values[:MAX_COLUMNS])
            yield Row(str(line), tuple(cells))
            line = reader.line_num + 1
    except csv.Error as error:
        reason = "Baris ini tidak dapat dibaca sebagai CSV."
        raise BadList.because(reason, str(line)) from error
    finally:
        lines.detach()
