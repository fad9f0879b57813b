"""The rows of the WebAPI's classification lists as entries.

`{"_source": {"id": "kbli_2020_011", "judul": "[011] …", "deskripsi": …}}`, with
the codes above in `sebelumnya`, nearest first.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pst.classifications.families import normal_code
from pst.classifications.importing.entries import CodeEntry
from pst.list_files.problems import BadList, Findings

ID = re.compile(r"(kbli|kbji|kbki)_?((?:19|20)\d\d)_(\w+)", re.I)
BRACKETED = re.compile(r"\s*\[([^\]]{1,14})\]\s*(.*)", re.S)
UNKNOWN = "Berkas JSON ini bukan jawaban daftar klasifikasi."


def rows_in(answer: Any) -> list[Any]:
    """Return the rows of one answer, or of a list of them. Raises `BadList`."""
    if isinstance(answer, dict):
        if answer.get("status") == "Error":
            raise BadList.because(f"Sumber menjawab: {answer.get('message')}")
        answer = answer.get("data")
    if not isinstance(answer, list):
        raise BadList.because(UNKNOWN)
    if all(isinstance(part, dict) and "data" in part for part in answer):
        return [row for part in answer for row in rows_in(part)]
    lists = [part for part in answer if isinstance(part, list)]
    return [row for part in lists for row in part] if lists else answer


def entries(rows: Iterable[Any], findings: Findings) -> Iterator[CodeEntry]:
    """Yield the entries; a row that comes twice with the same words is one."""
    words_by_code: dict[str, tuple[str, str]] = {}
    for number, row in enumerate(rows, 1):
        source = row.get("_source", row) if isinstance(row, dict) else None
        if not isinstance(source, dict) or not isinstance(source.get("judul"), str):
            findings.refuse(str(number), "baris ini tidak mempunyai judul")
            continue
        entry = _entry(str(number), source)
        words = (entry.title, entry.description)
        if words_by_code.get(entry.code) != words:  # pages overlap now and then
            words_by_code.setdefault(entry.code, words)
            yield entry


def _entry(place: str, source: dict[str, Any]) -> CodeEntry:
    id = ID.fullmatch(str(source.get("id") or ""))
    title = BRACKETED.fullmatch(source["judul"])
    above = source.get("sebelumnya")
    nearest = above[0] if isinstance(above, list) and above else {}
    parent = nearest.get("kode") if isinstance(nearest, dict) else None
    return CodeEntry(
        place,
        normal_code(title[1] if title else id[3] if id else ""),
        title[2] if title else source["judul"],
        str(source.get("deskripsi") or ""),
        level=str(source.get("level") or ""),
        parent=normal_code(str(parent)) if parent else None,
        edition=f"{id[1]}-{id[2]}" if id else None,
    )
