"""What leaves as CSV opens by a double click: in Indonesia, and elsewhere if asked."""

import csv
from io import StringIO

from pst.web.formats import csv_files
from pst.web.formats.csv_files import as_indonesian, whole

ROWS = [
    ("No.", "Jam", "Teks"),
    (1, 2.5, "a;b, c. 1.5"),
    (2, "", 'kata "x"\nbaris'),
    (3, -0.25, "=HYPERLINK(1)"),
    (4, 1000.0, "-5"),
]


def opened(text: str, delimiter: str) -> list[list[str]]:
    """Read a file as a spreadsheet of a region does."""
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text[1:], newline=""), delimiter=delimiter))


def number(cell: str, point: str) -> float | str:
    """Read a cell as a spreadsheet does whose decimal sign is `point`."""
    other = "." if point == "," else ","
    try:
        return cell if other in cell else float(cell.replace(point, "."))
    except ValueError:
        return cell


def test_an_indonesian_spreadsheet_opens_it():
    heads, *rows = opened(whole(ROWS), ";")

    assert heads == ["No.", "Jam", "Teks"]
    assert [[number(cell, ",") for cell in row] for row in rows] == [
        [1, 2.5, "a;b, c. 1.5"],
        [2, "", 'kata "x"\nbaris'],
        [3, -0.25, "'=HYPERLINK(1)"],
        [4, 1000, "'-5"],
    ]


def test_the_international_form_has_commas_and_points():
    _, *rows = opened(whole(ROWS, international=True), ",")

    assert [number(row[1], ".") for row in rows] == [2.5, "", -0.25, 1000]
    assert rows[0][2] == "a;b, c. 1.5"


def test_a_kept_file_becomes_the_same_indonesian_one():
    kept = whole(ROWS, international=True)

    assert as_indonesian(kept.encode(), (1,)).decode() == whole(ROWS)


def test_pieces_without_the_mark_make_the_same_file():
    pieces = (csv_files.lines([row]) for row in ROWS)

    assert csv_files.MARK + "".join(pieces) == whole(ROWS)
