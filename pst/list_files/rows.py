"""A list as rows of cells, from CSV or XLSX, read one row after the other."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from pst.list_files.problems import BadList
from pst.rules import EMPTY_FILE

# The largest list, of the villages of the country, has 84,000 rows and takes 5 MB.
MAX_FILE_BYTES = 16 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 60
MAX_CELL_LENGTH = 32_767
TOO_LARGE = "Berkas lebih dari 16 MB. Simpan lembar daftarnya saja, lalu coba lagi."
TOO_LONG = f"Berkas mempunyai lebih dari {MAX_ROWS:,} baris.".replace(",", ".")


class Cell(NamedTuple):
    """What stands in a cell; a spreadsheet's number has lost its leading zeros."""

    text: str
    is_number: bool = False


EMPTY = Cell("")


@dataclass(frozen=True)
class SheetRow:
    """One row; `below_merge` are columns that belong to a merged cell from above."""

    place: str
    cells: tuple[Cell, ...]
    below_merge: frozenset[int] = frozenset()

    def __getitem__(self, column: int | None) -> Cell:
        if column is None or column >= len(self.cells):
            return EMPTY
        return self.cells[column]

    @property
    def texts(self) -> list[str]:
        """Return the cells that are not empty."""
        return [cell.text for cell in self.cells if cell.text]


@dataclass(frozen=True)
class Sheet:
    """One table of a file; a CSV file has one."""

    name: str
    rows: Iterable[SheetRow]


def size_of(file: BinaryIO) -> int:
    """Return the bytes in `file`, without reading them."""
    size = file.seek(0, 2)
    file.seek(0)
    return size


def check_size(file: BinaryIO) -> None:
    """Raise `BadList` for a file too large to be a list, before any of it is read."""
    size = size_of(file)
    if size > MAX_FILE_BYTES:
        raise BadList.because(TOO_LARGE)
    if not size:
        raise BadList.because(EMPTY_FILE)


def bounded(rows: Iterable[SheetRow]) -> Iterator[SheetRow]:
    """Yield the rows that have something in them; raise `BadList` past `MAX_ROWS`."""
    for number, row in enumerate(rows):
        if number >= MAX_ROWS:
            raise BadList.because(TOO_LONG)
        if any(cell.text for cell in row.cells):
            yield row
