"""Tables that leave as CSV: as an Indonesian spreadsheet reads it, or international.

Opened by a double click, a file is cut at what the computer's region says: in Indonesia
at semicolons, with a comma in decimal numbers.
"""

import csv
from collections.abc import Collection, Iterable, Sequence
from io import BytesIO, TextIOWrapper
from typing import Any

# A mark by which spreadsheets know that it is UTF-8.
MARK = "\ufeff"
# What a page asks with for the other form: commas, and decimal points.
ARGUMENT, INTERNATIONAL = "bentuk", "internasional"
# A cell that begins so is a formula to a spreadsheet, or hides that it is one.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def lines(rows: Iterable[Sequence[Any]], *, international: bool = False) -> str:
    """Write `rows` without the mark; decimal numbers are those that are `float`."""
    write = harmless if international else _indonesian
    cells = ([write(cell) for cell in row] for row in rows)
    return _joined(cells, "," if international else ";").decode()


def whole(rows: Iterable[Sequence[Any]], *, international: bool = False) -> str:
    """Write `rows` as a file that a spreadsheet opens."""
    return MARK + lines(rows, international=international)


def as_indonesian(content: bytes, decimals: Collection[int]) -> bytes:
    """Rewrite an international file; the columns `decimals` have decimal numbers."""
    text = TextIOWrapper(BytesIO(content), "utf-8-sig", newline="")
    rows = (
        [
            cell.replace(".", ",") if at in decimals else cell
            for at, cell in enumerate(row)
        ]
        for row in csv.reader(text)
    )
    return MARK.encode() + _joined(rows, ";")


def _joined(rows: Iterable[Sequence[Any]], delimiter: str) -> bytes:
    """Write rows to bytes: a `StringIO` would keep each as a text until the end."""
    file = BytesIO()
    text = TextIOWrapper(file, "utf-8", newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    text.flush()
    return file.getvalue()


def harmless(cell: Any) -> Any:
    """Keep a spreadsheet from taking a text for a formula."""
    if isinstance(cell, str) and cell.startswith(DANGEROUS):
        return "'" + cell
    return cell


def _indonesian(cell: Any) -> Any:
    return str(cell).replace(".", ",") if isinstance(cell, float) else harmless(cell)
