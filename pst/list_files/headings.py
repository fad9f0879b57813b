"""Which column of a table is which, by the words of its heading row."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from pst.list_files.problems import BadList
from pst.list_files.rows import SheetRow

# A heading stands below the title of the list, logos and empty rows.
SEARCHED_ROWS = 40
SIGNS = re.compile(r"[^a-z0-9 ]+|\b(?:no|nomor|kolom)\b")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
NUMBERS = re.compile(r"\(?\d{1,2}\)?")
Aliases = Mapping[str, frozenset[str]]


@dataclass
class ListTable:
    """The rows below a heading; `columns` are those that were recognised."""

    columns: dict[str, int]
    # The words above the heading and in it, which name the list.
    title: str
    rows: Iterator[SheetRow]


def plain(heading: str) -> str:
    """Return the words of a heading without years, numbers and signs."""
    text = YEAR.sub(" ", heading.casefold())
    return " ".join(SIGNS.sub(" ", text).split())


def table_of(
    rows: Iterable[SheetRow], aliases: Aliases, requirements: Iterable[frozenset[str]]
) -> ListTable | None:
    """Return the table in `rows`; None without a heading row.

    `requirements` are sets of columns, of each of which one must be there.
    """
    stream = iter(rows)
    above: list[str] = []
    for number, row in enumerate(stream):
        columns = _columns(row, aliases)
        if all(names & columns.keys() for names in requirements):
            title = " ".join([*above, *row.texts])
            return ListTable(columns, title, _below(stream))
        above += row.texts
        if number >= SEARCHED_ROWS:
            break
    return None


def no_heading(expected: str) -> BadList:
    """Return the refusal of a file in which no table is recognised."""
    return BadList.because(f"Judul kolom tidak dikenali. Yang diperlukan: {expected}.")


def _columns(row: SheetRow, aliases: Aliases) -> dict[str, int]:
    columns: dict[str, int] = {}
    for at, cell in enumerate(row.cells):
        words = plain(cell.text)
        for name, texts in aliases.items():
            if words in texts and name not in columns:
                columns[name] = at
                break
    return columns


def _below(rows: Iterator[SheetRow]) -> Iterator[SheetRow]:
    """Yield the rows below the heading, without one that numbers the columns."""
    first = next(rows, None)
    if first is None:
        return
    texts = first.texts
    is_numbering = len(texts) > 1 and all(map(NUMBERS.fullmatch, texts))
    steps = [int(text.strip("()")) for text in texts] if is_numbering else []
    if steps and steps == list(range(steps[0], steps[0] + len(steps))):
        yield from rows
    else:
        yield from chain([first], rows)
