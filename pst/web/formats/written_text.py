"""What a person wrote, in its shape: tables pasted from a spreadsheet, and links."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup, escape

from pst.text import web_addresses

# A table that is larger stays as it was typed, with its tabs: shown whole all the
# same, and it costs no more than its characters.
MAX_COLUMNS = 60
MAX_CELLS = 2_000
# How far the end of a quoted cell, which has line breaks in it, is looked for.
MAX_LINES_OF_A_CELL = 20
# Indentation alone makes no table, nor does the tab after the sign of a list.
LIST_ITEM = re.compile(
    r"\s*(?:[•·▪◦○●■□➢✓–—*-]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)])\t[^\t]*",
    re.IGNORECASE,
)
FIGURE = re.compile(
    r"[(+\u2212-]?\s?(?:Rp\.?\s?|US\$\s?)?[(+\u2212-]?\d[\d.,\s]{0,30}\s?(?:%|\*)*\)?"
)
NO_FIGURE = re.compile(r"[-–—.…x*]{0,3}|n\.?a\.?|NA", re.IGNORECASE)
HARD = re.compile(r"^ | (?= )")
OPENED = re.compile(r'(?:^|\t)"(?:[^"\t]|"")*$')
CLOSED = re.compile(r'(?:[^"\t]|"")*"(?:\t|$)')


@dataclass
class TextTable:
    """Lines with tabs, cut into cells."""

    lines: list[str]

    @cached_property
    def rows(self) -> list[list[str]]:
        return [[_unquoted(cell) for cell in line.split("\t")] for line in self.lines]

    @cached_property
    def width(self) -> int:
        return max(line.count("\t") for line in self.lines) + 1

    @property
    def is_too_large(self) -> bool:
        return self.width > MAX_COLUMNS or self.width * len(self.lines) > MAX_CELLS

    @cached_property
    def numeric(self) -> set[int]:
        """The columns below whose heads stand figures and nothing else."""
        body = self.rows[1:] or self.rows
        return {at for at in range(self.width) if _are_figures(body, at)}

    def is_figure(self, row: list[str], at: int) -> bool:
        """Return whether the cell stands to the right."""
        return at in self.numeric or bool(FIGURE.fullmatch(row[at].strip()))


def parts(text: str) -> Iterator[str | TextTable]:
    """Cut `text` into what is a table and what is not."""
    if "\t" not in text:
        yield text
        return
    if text.count("\t") > MAX_CELLS:
        yield TextTable(text.split("\n"))
        return
    plain: list[str] = []
    rows: list[str] = []
    for line in _with_quoted_cells(text.split("\n")):
        if "\t" in line and not LIST_ITEM.fullmatch(line):
            rows.append(line)
            continue
        yield from _cut(plain, rows)
        plain.append(line)
    yield from _cut(plain, rows)
    if plain:
        yield "\n".join(plain)


def _cut(plain: list[str], rows: list[str]) -> Iterator[str | TextTable]:
    """Yield the text before a table and the table, when `rows` make one."""
    if not rows:
        return
    if any("\t" in row.strip(" \t") for row in rows):
        if plain:
            yield "\n".join(plain)
        yield TextTable(list(rows))
        plain.clear()
    else:  # nothing but indentation
        plain += rows
    rows.clear()


def html(text: str) -> Markup:
    """Write `text` for a page: its tables, links and blanks as they were typed."""
    pieces = [
        _table(part) if isinstance(part, TextTable) else web_addresses.linked(part)
        for part in parts(text)
    ]
    return Markup().join(pieces)


def _table(table: TextTable) -> Markup:
    if table.is_too_large:
        inner = Markup("<pre>{}</pre>").format("\n".join(table.lines))
    else:
        inner = rows_html(table, web_addresses.linked, '<td class="num">')
        inner = Markup("<table>{}</table>").format(inner)
    return Markup(
        '<div class="scroll pasted" tabindex="0" role="group" aria-label="Tabel">'
        "{}</div>"
    ).format(inner)


def rows_html(
    table: TextTable, write_cell: Callable[[str], Markup], figure: str
) -> Markup:
    """Write the rows of a table; `figure` begins a cell that stands to the right.

    Joined as plain strings, for a table has many cells: `write_cell` escapes each.
    """
    if not any(map(web_addresses.HINT.search, table.lines)):
        write_cell = escape
    rows = (
        "".join(
            f"{figure if table.is_figure(row, at) else '<td>'}{write_cell(cell)}</td>"
            for at, cell in enumerate(row)
        )
        for row in table.rows
    )
    return Markup("\n".join(f"<tr>{row}</tr>" for row in rows))


def aligned(text: str) -> str:
    """Write `text` for a mail without HTML: columns with bars between them."""
    return "\n".join(
        _aligned(part) if isinstance(part, TextTable) else part for part in parts(text)
    )


def _aligned(table: TextTable) -> str:
    if table.is_too_large:
        return "\n".join(table.lines)
    rows = padded(table)
    widths = [max(len(row[at]) for row in rows) for at in range(table.width)]
    return "\n".join(
        " | ".join(
            cell.rjust(width) if table.is_figure(row, at) else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def markdown(text: str) -> str:
    """Write the tables of `text` as those of Markdown; the rest stays."""
    pieces: list[str] = []
    for part in parts(text):
        if isinstance(part, TextTable):
            pieces.append("\n" * bool(pieces) + _markdown(part) + "\n")
        else:
            pieces.append(part)
    return "\n".join(pieces).rstrip("\n")


def _markdown(table: TextTable) -> str:
    if table.is_too_large:
        return "\n".join(("```", *table.lines, "```"))
    rows = [[cell.replace("|", "\\|") for cell in row] for row in padded(table)]
    rule = ["---:" if at in table.numeric else "---" for at in range(table.width)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (rows[0], rule, *rows[1:]))


def padded(table: TextTable) -> list[list[str]]:
    """Return the rows as wide as the widest, each cell on one line."""
    return [
        [" ".join(cell.split()) for cell in row] + [""] * (table.width - len(row))
        for row in table.rows
    ]


def _are_figures(rows: list[list[str]], at: int) -> bool:
    cells = [row[at].strip() for row in rows if at < len(row)]
    return any(map(FIGURE.fullmatch, cells)) and all(
        FIGURE.fullmatch(cell) or NO_FIGURE.fullmatch(cell) for cell in cells
    )


def _with_quoted_cells(lines: list[str]) -> Iterator[str]:
    """Join what a spreadsheet put between quotes: a cell with line breaks in it."""
    at = 0
    while at < len(lines):
        line, at = lines[at], at + 1
        while '"' in line and OPENED.search(line) and (end := _end_of_cell(lines, at)):
            text = "\n".join((line, *lines[at:end]))
            if "\t" not in text:
                break
            line, at = text, end
        yield line


def _end_of_cell(lines: list[str], at: int) -> int:
    """Return after which line a cell that was opened before `at` ends, or 0."""
    for end in range(at, min(at + MAX_LINES_OF_A_CELL, len(lines))):
        if CLOSED.match(lines[end]):
            return end + 1
        if "\t" in lines[end] or '"' in lines[end]:
            return 0
    return 0


def _unquoted(cell: str) -> str:
    if "\n" in cell and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"')
    return cell


def with_hard_blanks(text: str) -> str:
    """Keep runs of blanks, which programs that show mails draw together."""
    text = text.replace("\t", " " * 4)
    return HARD.sub("\u00a0", text) if "  " in text or text[:1] == " " else text
