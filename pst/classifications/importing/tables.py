"""The rows of a published list (CSV, XLSX) as entries."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from pst.classifications.families import Family, named_in, normal_code
from pst.classifications.importing.entries import CodeEntry
from pst.list_files import files, headings
from pst.list_files.problems import Findings
from pst.list_files.rows import Cell, SheetRow

ALIASES = {
    "code": frozenset(
        ["kode", "kode kbli", "kode kbji", "kode kbki", "kbli", "kbji", "kbki", "code"]
    ),
    "title": frozenset(
        ["judul", "judul kbli", "judul kbji", "judul kbki", "judul kode", "nama"]
        + ["nama kode", "judul klasifikasi", "title", "judul uraian", "nama jabatan"]
    ),
    "description": frozenset(
        ["deskripsi", "uraian", "cakupan", "penjelasan", "uraian kegiatan"]
        + ["uraian kbli", "deskripsi kbli", "description", "ruang lingkup"]
    ),
    "excludes": frozenset(["tidak mencakup", "tidak termasuk"]),
    "examples": frozenset(["contoh", "contoh kegiatan", "contoh jabatan"]),
    "level": frozenset(["level", "tingkat", "jenjang"]),
    "parent": frozenset(["induk", "kode induk"]),
    "edition": frozenset(["edisi", "versi", "klasifikasi", "tahun"]),
}
TEXTS = frozenset(["title", "description"])
EXPECTED = "kolom “Kode” dan “Judul”; “Uraian”, “Tingkat” dan “Induk” bila ada"
FOOTNOTE = re.compile(
    r"\*|\(?\d\)|catatan|sumber|keterangan|ket\b|peraturan|halaman|lanjutan|©", re.I
)
LIST_ITEM = re.compile(r"\s*(?:;|\n|•)\s*")
CODE_LIKE = re.compile(r"\[?(?:[A-Za-z]|[\d. -]+)\]?")
SECTION_LINE = re.compile(r"kategori\s+([A-V])\s*[:.–—-]?\s+(\S.*)", re.I)
MARK = re.compile(r"\s*(?:\d\)|\*+\)?|[¹²³⁴]\)?)+$")
MAX_FURTHER = 200


def entries(
    file: BinaryIO, family: Family, findings: Findings
) -> tuple[list[CodeEntry], str]:
    """Return the entries of every table in the file, and the words above them.

    Raises `BadList` when no table is recognised.
    """
    rows: list[CodeEntry] = []
    title = ""
    levels = tuple(dict.fromkeys(name for _, name in family.levels))
    aliases = ALIASES | {
        name: frozenset([name, name.replace(" ", "")]) for name in levels
    }
    is_recognised = False
    for sheet in files.sheets(file):
        requirements = (frozenset(["code", *levels]), TEXTS)
        table = headings.table_of(sheet.rows, aliases, requirements)
        if table is None:
            continue
        is_recognised = True
        title = f"{title} {table.title}"
        rows += _entries(_Reader(table.columns, levels), table, findings)
    if not is_recognised:
        raise headings.no_heading(EXPECTED)
    return rows, title


def _entries(
    reader: "_Reader", table: headings.ListTable, findings: Findings
) -> Iterator[CodeEntry]:
    """Yield the entries of a table; lines that only go on join the one above."""
    last: CodeEntry | None = None
    for row in table.rows:
        code, level = reader.code(row)
        title, text = reader.title(row), reader.text(row, "description")
        if reader.is_heading(code):
            continue
        if section := _section(row):
            code, title = Cell(section[1]), section[2]
        if code.text and (title or text or CODE_LIKE.fullmatch(code.text)):
            if last is not None:
                yield last
            last = reader.entry(row, code, level, title, text)
        else:
            _continue(last, row, title, text, findings)
    if last is not None:
        yield last


def _section(row: SheetRow) -> re.Match[str] | None:
    """Return a section that stands as one line across the table: "Kategori A – …"."""
    texts = row.texts
    return SECTION_LINE.fullmatch(texts[0]) if len(texts) == 1 else None


def without_mark(title: str) -> str:
    """Return a title without the mark of a footnote at its end."""
    return title if "(" in title else MARK.sub("", title)


def _continue(
    last: CodeEntry | None, row: SheetRow, title: str, text: str, findings: Findings
) -> None:
    """Join a row without a code to the entry above, or say why it is left out."""
    words = " ".join(row.texts)
    if FOOTNOTE.match(words) or (len(row.texts) == 1 and named_in(words)):
        findings.note(row.place, f"dilewati sebagai catatan: “{words[:60]}”")
    elif text and not title and last is not None and len(last.further) < MAX_FURTHER:
        last.further.append(text)
    elif title and not text and last is not None and row.below_merge:
        last.title = f"{last.title} {title}"
    else:
        findings.refuse(row.place, f"tidak ada kode: “{words[:60]}”")


class _Reader:
    """Reads the cells of a row by what its columns were recognised as."""

    def __init__(self, columns: dict[str, int], levels: tuple[str, ...]) -> None:
        self._columns = columns
        self._levels = [(columns[name], name) for name in levels if name in columns]
        # A list with one text column calls the titles "Uraian".
        self._title = columns.get("title", columns.get("description"))
        self._text = columns.get("description") if "title" in columns else None

    def code(self, row: SheetRow) -> tuple[Cell, str]:
        """Return the code of a row; in a list with a column a level, the finest."""
        at = self._columns.get("code")
        if at is not None and row[at].text and at not in row.below_merge:
            return row[at], row[self._columns.get("level")].text
        for column, name in reversed(self._levels):
            if row[column].text and column not in row.below_merge:
                return row[column], name if at is None else ""
        return Cell(""), ""

    def title(self, row: SheetRow) -> str:
        return row[self._title].text

    def text(self, row: SheetRow, name: str) -> str:
        return row[
            self._text if name == "description" else self._columns.get(name)
        ].text

    def is_heading(self, code: Cell) -> bool:
        """Return whether a page repeats the heading of the table."""
        return headings.plain(code.text) in ALIASES["code"] | {
            n for _, n in self._levels
        }

    def entry(
        self, row: SheetRow, code: Cell, level: str, title: str, text: str
    ) -> CodeEntry:
        edition = row[self._columns.get("edition")].text
        parent = normal_code(row[self._columns.get("parent")].text)
        section = self._section(row, code)
        return CodeEntry(
            row.place,
            normal_code(code.text),
            without_mark(title),
            text,
            self.text(row, "excludes"),
            tuple(filter(None, LIST_ITEM.split(self.text(row, "examples")))),
            parent=parent or section,
            level=level,
            edition=edition or None,
            is_number=code.is_number,
        )

    def _section(self, row: SheetRow, code: Cell) -> str | None:
        """Return the section letter that stands next to a division."""
        letter = row[self._columns.get("kategori")].text.upper()
        is_division = len(normal_code(code.text)) <= 2 and code.text.upper() != letter
        return letter if len(letter) == 1 and is_division else None
