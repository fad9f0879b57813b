"""A file of any of the formats, by what is in it and not by its name."""

import importlib
import json
from collections.abc import Iterator
from types import ModuleType
from typing import Any, BinaryIO

from pst.list_files import delimited
from pst.list_files.problems import BadList
from pst.list_files.rows import Sheet, bounded, check_size

OLE = b"\xd0\xcf\x11\xe0"
OLD = "Berkas .xls lama tidak dapat dibaca. Simpan sebagai .xlsx, lalu coba lagi."
DAMAGED_JSON = "Berkas JSON ini rusak atau terpotong."


def begins(file: BinaryIO) -> bytes:
    """Return the first bytes of `file`, and stay at its beginning."""
    first = file.read(64).lstrip(b"\xef\xbb\xbf \r\n\t")
    file.seek(0)
    return first


def is_json(file: BinaryIO) -> bool:
    return begins(file)[:1] in (b"{", b"[")


def read_json(file: BinaryIO) -> Any:
    """Return what a saved answer of an API holds. Raises `BadList`."""
    check_size(file)
    try:
        return json.loads(file.read())
    except (ValueError, RecursionError) as error:
        raise BadList.because(DAMAGED_JSON) from error


def sheets(file: BinaryIO) -> Iterator[Sheet]:
    """Yield the tables of a CSV or XLSX file. Raises `BadList`."""
    check_size(file)
    first = begins(file)
    if first.startswith(OLE):
        raise BadList.because(OLD)
    if first.startswith(b"PK"):
        tables: Iterator[Sheet] = _workbooks().sheets(file)
    else:
        tables = iter([delimited.sheet(file)])
    for sheet in tables:
        yield Sheet(sheet.name, bounded(sheet.rows))


def _workbooks() -> ModuleType:
    """Load what reads XLSX on its first use: it takes 6 MB of every process."""
    return importlib.import_module("pst.list_files.workbooks")
