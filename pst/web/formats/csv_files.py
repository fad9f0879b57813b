"""Tables that leave as CSV: as an Indonesian spreadsheet reads it, or international.

Opened by a double click, a file is cut at what the computer's region says: in Indonesia
at semicolons, with a comma in decimal numbers.
"""

import csv
from collections.abc import Collection, Iterable, Sequence
from io import StringIO
from typing import Any

# A mark by which spreadsheets know that it is UTF-8.
MARK = "\ufeff"
# What a page asks with for the other form: commas, and decimal points.
ARGUMENT, INTERNATIONAL = "bentuk", "internasional"
# A cell that begins so is a formula to a spreadsheet, or hides that it is one.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def lines(rows: Iterable[Sequence[Any]], *, international: bool = False) -> str:
    """Write `rows` without the mark; decimal numbers are those that are `float`."""
    file = StringIO()
    writer = csv.writer(file, delimiter="," if international else ";")
    write = harmless if international else _indonesian
    writer.writerows([write(cell) for cell in row] for row in rows)
    return file.getvalue()


def whole(rows: Iterable[Sequence[Any]], *, international: bool = False) -> str:
    """Write `rows` as a file that a spreadsheet opens."""
    return MARK + lines(rows, international=international)


def as_indonesian(text: str, decimals: Collection[int]) -> str:
    """Rewrite an international file; the columns `decimals` have decimal numbers."""
    rows = csv.reader(StringIO(text.removeprefix(MARK), newline=""))
    file = StringIO()
    csv.writer(file, delimiter=";").writerows(
        [
            cell.replace(".", ",") if at in decimals else cell
            for at, cell in enumerate(row)
        ]
        for row in rows
    )
    return MARK + file.getvalue()


def harmless(cell: Any) -> Any:
    """Keep a spreadsheet from taking a text for a formula."""
    if isinstance(cell, str) and cell.startswith(DANGEROUS):
        return "'" + cell
    return cell


def _indonesian(cell: Any) -> Any:
    return str(cell).replace(".", ",") if isinstance(cell, float) else harmless(cell)
