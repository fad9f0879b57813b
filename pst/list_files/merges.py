"""Which cells of a sheet belong to a merged one above them.

The reader of openpyxl that needs little memory does not tell.
"""

import re
import zipfile
from collections import defaultdict
from typing import BinaryIO
from xml.etree import ElementTree

from openpyxl.utils.cell import range_boundaries

BOOK, LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
MERGED = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"'
)
MAX_CELLS = 200_000
PIECE = 1 << 20
# The longest element that may be cut in two where a piece ends.
OVERLAP = 200


def merged_below(file: BinaryIO, sheet: str) -> dict[int, frozenset[int]]:
    """Return by row the columns, from 0, that a merged cell from above covers."""
    below: dict[int, set[int]] = defaultdict(set)
    cells_left = MAX_CELLS
    with zipfile.ZipFile(file) as archive:
        for reference in _references(archive, _part_of(archive, sheet)):
            first_column, first, last_column, last = range_boundaries(reference)
            cells_left -= (last - first) * (last_column - first_column + 1)
            if cells_left < 0:
                break
            for row in range(first + 1, last + 1):
                below[row].update(range(first_column - 1, last_column))
    return {row: frozenset(columns) for row, columns in below.items()}


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """Return the name of the part that holds `sheet`; "" when there is none."""
    book = ElementTree.fromstring(archive.read(BOOK))
    ids = {e.get("name"): e.get(ID) for e in book.iter() if e.tag.endswith("}sheet")}
    links = ElementTree.fromstring(archive.read(LINKS))
    targets = {e.get("Id"): e.get("Target") or "" for e in links}
    target = targets.get(ids.get(sheet), "")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _references(archive: zipfile.ZipFile, part: str) -> list[str]:
    """Return the ranges that are merged, read in pieces: a sheet may be large."""
    references: dict[str, None] = {}
    if part not in archive.namelist():
        return []
    with archive.open(part) as stream:
        before = b""
        while piece := stream.read(PIECE):
            window = before + piece
            for match in MERGED.finditer(window):
                references[match[1].decode()] = None
            before = window[-OVERLAP:]
    return list(references)
