"""The rows of an official conversion between two editions, checked whole."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

import sqlalchemy as sa

from pst.classifications.families import NAMED, normal_code
from pst.classifications.models import Classification, Code
from pst.database import db
from pst.list_files import files, headings
from pst.list_files.problems import Findings
from pst.list_files.rows import Cell, SheetRow

FROM = frozenset(["kode asal", "kode lama", "dari", "asal", "lama"])
INTO = frozenset(["kode tujuan", "kode baru", "menjadi", "ke", "tujuan", "baru"])
NOTE = frozenset(["keterangan", "catatan", "jenis perubahan", "perubahan", "status"])
NONE = frozenset(["-", "–", "—", "dihapus", "tidak ada"])
NOTE_LENGTH = 300
# A heading in two rows: the edition above, and below it what the columns hold.
SECOND_HEADING = frozenset(["kode", "code"])
EXPECTED = "kolom kode lama dan kolom kode baru, misalnya “KBLI 2020” dan “KBLI 2025”"
# Ids of a code and of one it became, with the note of the row.
Pairs = dict[tuple[int, int | None], str]


@dataclass
class ConversionTableReader:
    """Reads a conversion table; both editions must be there already."""

    source: Classification
    target: Classification
    findings: Findings = field(default_factory=Findings)

    def pairs(self, file: BinaryIO) -> Pairs:
        """Return the rows as ids, with their notes. Raises `BadList`."""
        self._codes = {e.id: _codes(e) for e in (self.source, self.target)}
        pairs: Pairs = {}
        is_recognised = False
        for sheet in files.sheets(file):
            for row, source, target, note in self._rows(sheet.rows):
                is_recognised = True
                self._add(pairs, row, source, target, note)
        if not is_recognised:
            raise headings.no_heading(EXPECTED)
        self.findings.raise_any()
        return pairs

    def _rows(
        self, rows: Iterable[SheetRow]
    ) -> Iterator[tuple[SheetRow, Cell, Cell, str]]:
        """Yield the rows of a table with their cells, also of merged ones."""
        table = headings.table_of(
            self._with_plain_headings(rows),
            {"from": FROM, "into": INTO, "note": NOTE},
            (frozenset(["from"]), frozenset(["into"])),
        )
        if table is None:
            return
        at, to = table.columns["from"], table.columns["into"]
        before: dict[int, Cell] = {}
        for row in table.rows:
            if headings.plain(row[at].text) in SECOND_HEADING:
                continue
            for column in (at, to):
                if row[column].text or column not in row.below_merge:
                    before[column] = row[column]
            yield row, before[at], before[to], row[table.columns.get("note")].text

    def _with_plain_headings(self, rows: Iterable[SheetRow]) -> Iterator[SheetRow]:
        """Yield the rows with headings such as "Kode KBLI 2020" made plain."""
        words = {self.source.slug: "dari", self.target.slug: "menjadi"}
        for row in rows:
            cells = []
            for cell in row.cells:
                match = NAMED.search(cell.text) if len(cell.text) < 40 else None
                edition = f"{match[1].lower()}-{match[2]}" if match else ""
                is_title = "judul" in cell.text.casefold()
                word = words.get(edition) if not is_title else None
                cells.append(Cell(word) if word else cell)
            yield SheetRow(row.place, tuple(cells), row.below_merge)

    def _add(
        self,
        pairs: Pairs,
        row: SheetRow,
        source: Cell,
        target: Cell,
        note: str,
    ) -> None:
        if not source.text and not target.text:
            self.findings.note(row.place, "dilewati: tidak ada kode")
            return
        from_id = self._find(row, source, self.source)
        if target.text.casefold() in NONE:
            into_id: int | None = None
        else:
            into_id = self._find(row, target, self.target)
            if into_id is None:
                return
        if from_id is not None:
            pairs.setdefault((from_id, into_id), note[:NOTE_LENGTH])

    def _find(self, row: SheetRow, cell: Cell, edition: Classification) -> int | None:
        """Return the id of a code, that of the finest level where zeros are lost."""
        codes = self._codes[edition.id]
        code = normal_code(cell.text)
        if cell.is_number and "0" + code in codes:
            self.findings.note(row.place, f"{code} dibaca sebagai 0{code}")
            return codes["0" + code]
        if code not in codes:
            missing = f"kode {code} tidak ada dalam {edition.name}"
            self.findings.refuse(row.place, missing if code else "kolom kode kosong")
        return codes.get(code)


def _codes(edition: Classification) -> dict[str, int]:
    query = sa.select(Code.code, Code.id).where(Code.classification_id == edition.id)
    return {code: id for code, id in db.session.execute(query)}
