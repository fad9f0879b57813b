"""Rows of region lists as entries: of a table, of the bridging list, of SIMDASI."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from pst.list_files import files, headings
from pst.list_files.problems import BadList, Findings
from pst.list_files.rows import Cell, SheetRow
from pst.text import html_text

ALIASES = {
    "bps": frozenset(["kode bps", "kode", "kode wilayah", "kode wilayah bps", "mfd"]),
    "name": frozenset(["nama", "nama bps", "nama wilayah", "wilayah"]),
    "dagri": frozenset(["kode kemendagri", "kode dagri", "kode depdagri"]),
    "dagri_name": frozenset(["nama kemendagri", "nama dagri"]),
    "kind": frozenset(["jenis", "tingkat", "level", "status"]),
    "other": frozenset(["nama lain", "nama lama", "alias"]),
}
EXPECTED = "kolom “Kode BPS” dan “Nama”; “Kode Kemendagri” dan “Nama lain” bila ada"
FOOTNOTE = re.compile(r"\*|catatan|sumber|keterangan|jumlah|total", re.I)
OTHERS = re.compile(r"\s*[;|/]\s*")
NO_DIGIT = re.compile(r"\D")
SEVEN = re.compile(r"\d{7}")
UNKNOWN = "Berkas JSON ini bukan daftar wilayah."
# 33.10 that a spreadsheet took for a number is 33.1.
SHORTENED = re.compile(r"\d{2}\.\d")


@dataclass(frozen=True)
class RegionEntry:
    """A region as a list has it."""

    place: str
    bps_code: str
    name: str
    kemendagri_code: str = ""
    kind: str = ""
    others: tuple[str, ...] = ()


def read(file: BinaryIO, findings: Findings) -> list[RegionEntry]:
    """Return the entries of a CSV, XLSX or JSON file. Raises `BadList`."""
    if files.is_json(file):
        return list(of_json(files.read_json(file), findings))
    entries: list[RegionEntry] = []
    is_recognised = False
    for sheet in files.sheets(file):
        columns = (frozenset(["bps"]), frozenset(["name"]))
        table = headings.table_of(sheet.rows, ALIASES, columns)
        if table is not None:
            is_recognised = True
            entries += _of_table(table, findings)
    if not is_recognised:
        raise headings.no_heading(EXPECTED)
    return entries


def of_json(answer: Any, findings: Findings) -> Iterator[RegionEntry]:
    """Yield the entries of an answer of the bridging list or of SIMDASI."""
    for number, row in enumerate(_rows_in(answer), 1):
        if not isinstance(row, dict):
            findings.refuse(str(number), "bukan sebuah wilayah")
            continue
        texts = {key: str(value).strip() for key, value in row.items() if value}
        if "kode_bps" in texts:
            yield RegionEntry(
                str(number),
                texts["kode_bps"],
                _plain(texts.get("nama_bps", "")),
                texts.get("kode_dagri", ""),
                others=tuple(filter(None, [_plain(texts.get("nama_dagri", ""))])),
            )
            continue
        code = _first(texts, ("kode", "mfd", "id", "wilayah"), SEVEN)
        name = _first(texts, ("nama", "label", "wilayah"), re.compile(r".*[^\W\d].*"))
        yield RegionEntry(str(number), short(code), _plain(name))


def _rows_in(answer: Any) -> Iterable[Any]:
    if isinstance(answer, dict):
        if str(answer.get("status", "")).casefold() in ("error", "400"):
            message = answer.get("message")
            raise BadList.because(f"Sumber menjawab: {message}")
        if "data" not in answer:
            raise BadList.because(UNKNOWN)
        return _rows_in(answer["data"])
    if not isinstance(answer, list):
        raise BadList.because(UNKNOWN)
    # The envelope holds the pages first, and then an object of its own.
    if len(answer) == 2 and isinstance(answer[1], dict) and "data" in answer[1]:
        return _rows_in(answer[1])
    if len(answer) == 2 and isinstance(answer[1], list):
        return list(answer[1])
    return answer


def _first(
    texts: dict[str, str], words: tuple[str, ...], shape: re.Pattern[str]
) -> str:
    """Return the first value of that shape under a key with one of the words."""
    for word in words:
        for key, value in texts.items():
            if word in key.casefold() and shape.fullmatch(value):
                return value
    return ""


def short(code: str) -> str:
    """Return a code of seven digits as long as it says something."""
    if not SEVEN.fullmatch(code):
        return code
    if code.endswith("00000"):
        return code[:2]
    return code[:4] if code.endswith("000") else code


def _of_table(table: headings.ListTable, findings: Findings) -> Iterator[RegionEntry]:
    columns = table.columns
    for row in table.rows:
        code, name = row[columns["bps"]], row[columns["name"]]
        if not code.text and FOOTNOTE.match(" ".join(row.texts)):
            findings.note(row.place, "dilewati sebagai catatan")
            continue
        if not code.text:
            findings.refuse(row.place, f"tidak ada kode: “{name.text[:60]}”")
            continue
        if headings.plain(code.text) in ALIASES["bps"]:
            continue
        others = OTHERS.split(row[columns.get("other")].text)
        others.append(row[columns.get("dagri_name")].text)
        yield RegionEntry(
            row.place,
            short(NO_DIGIT.sub("", code.text) or code.text),
            _plain(name.text),
            _dagri(row, row[columns.get("dagri")], findings),
            row[columns.get("kind")].text,
            tuple(filter(None, map(_plain, others))),
        )


def _dagri(row: SheetRow, cell: Cell, findings: Findings) -> str:
    if cell.is_number and SHORTENED.fullmatch(cell.text):
        findings.note(row.place, f"{cell.text} dibaca sebagai {cell.text}0")
        return f"{cell.text}0"
    return cell.text


def _plain(text: str) -> str:
    return " ".join(html_text.text_of(text).split())
