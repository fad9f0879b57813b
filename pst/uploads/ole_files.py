"""What an old Office file (.doc, .xls) runs or fetches when it is opened.

Such a file is a small file system ([MS-CFB]). Only what tells of macros and of files
elsewhere is read: names, the globals of a workbook ([MS-XLS]) and the template and
fields of a document ([MS-DOC]). Every chain is bounded by the size of the file. The
libraries that read this format follow chains without such a bound.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from pst.uploads.formats import DAMAGED, FETCHES, MACROS, UNKNOWN, FileRefusal, Format

NO_SECTOR = 0xFFFFFFFA  # this and above: ends and free places
MAX_ENTRIES = 20_000
MAX_RECORDS = 200_000
MACRO_NAMES = {"_vba_project", "_vba_project_cur", "vba", "macros"}
ENCRYPTED_NAMES = {"encryptedpackage", "encryptioninfo"}
# Records in the globals of a workbook.
END, FILE_PASS, BOUND_SHEET, SUP_BOOK, EXTERN_SHEET = 0x0A, 0x2F, 0x85, 0x1AE, 0x17
DATA_CONNECTION = 0x876
MACRO_SHEETS = {1, 6}
EXCEL_95 = b"\x00\x05"
# What the path of a "supporting book" says when that is the workbook itself.
OWN_BOOKS = {0x0401, 0x3A01}
WORD_97, ENCRYPTED, SECOND_TABLE = 0xA5EC, 0x0100, 0x0200
ASSOCIATED_TEXTS, TEMPLATE = 32, 1
REMOTE = re.compile(r"^(?:[a-z][a-z0-9+.-]+:|[\\/]{2})", re.I)
# Fields that fetch, after the mark that begins one; narrow and wide letters.
FIELDS = ("DDE", "INCLUDETEXT", "INCLUDEPICTURE", "IMPORT", "LINK")
_WIDE = "|".join(FIELDS).encode("utf-16-le").replace(b"|\0", b"|")
FETCHING_FIELD = re.compile(
    rb"\x13 *(?:%s)|\x13\0(?: \0)*(?:%s)" % ("|".join(FIELDS).encode(), _WIDE), re.I
)


@dataclass(frozen=True)
class DirectoryEntry:
    """One stream or storage."""

    name: str
    first: int
    size: int
    is_root: bool


class Compound:
    """The streams of an OLE file."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        shift = struct.unpack_from("<H", content, 30)[0]
        if shift not in (9, 12):
            raise FileRefusal(DAMAGED)
        self.sector = 1 << shift
        self.most = len(content) // self.sector + 1
        (fats, directory) = struct.unpack_from("<II", content, 44)
        self.cutoff, mini_fat = struct.unpack_from("<II", content, 56)
        self.fat = self._read_fat(fats)
        self.entries = list(self._read_entries(directory))
        roots = [entry for entry in self.entries if entry.is_root]
        if len(roots) != 1:
            raise FileRefusal(DAMAGED)
        self.mini = self._join(roots[0].first)
        self.mini_fat = self._numbers(self._join(mini_fat))

    def first_stream(self, *names: str) -> bytes | None:
        """Read the first stream of one of these names, in any case."""
        for entry in self.entries:
            if entry.name.casefold() in names:
                return self._stream(entry)
        return None

    def _sector(self, number: int) -> bytes:
        begin = (number + 1) * self.sector
        piece = self.content[begin : begin + self.sector]
        if not piece:
            raise FileRefusal(DAMAGED)
        return piece

    def _read_fat(self, count: int) -> tuple[int, ...]:
        """Read the table that says which sector follows which."""
        entries = list(struct.unpack_from("<109I", self.content, 76))
        following = struct.unpack_from("<I", self.content, 68)[0]
        for _ in range(self.most):
            if following >= NO_SECTOR:
                break
            numbers = self._numbers(self._sector(following))
            entries += numbers[:-1]
            following = numbers[-1]
        sectors = [number for number in entries if number < NO_SECTOR]
        if len(sectors) > self.most or count > self.most:
            raise FileRefusal(DAMAGED)
        return self._numbers(b"".join(map(self._sector, sectors)))

    @staticmethod
    def _numbers(content: bytes) -> tuple[int, ...]:
        whole = content[: len(content) // 4 * 4]
        return struct.unpack(f"<{len(whole) // 4}I", whole)

    def _chain(self, first: int, following: tuple[int, ...]) -> Iterator[int]:
        for _ in range(len(following) + 1):
            if first >= NO_SECTOR:
                return
            yield first
            first = following[first]
        raise FileRefusal(DAMAGED)  # it runs in a circle

    def _join(self, first: int) -> bytes:
        return b"".join(map(self._sector, self._chain(first, self.fat)))

    def _read_entries(self, first: int) -> Iterator[DirectoryEntry]:
        content = self._join(first)
        if len(content) // 128 > MAX_ENTRIES:
            raise FileRefusal(DAMAGED)
        for begin in range(0, len(content) - 127, 128):
            length, kind = struct.unpack_from("<HB", content, begin + 64)
            start, size = struct.unpack_from("<II", content, begin + 116)
            if kind in (1, 2, 5):
                raw = content[begin : begin + max(min(length, 64) - 2, 0)]
                name = raw.decode("utf-16-le", "replace")
                yield DirectoryEntry(name, start, size, kind == 5)

    def _stream(self, entry: DirectoryEntry) -> bytes:
        if entry.size >= self.cutoff:
            return self._join(entry.first)[: entry.size]
        pieces = (
            self.mini[number * 64 : number * 64 + 64]
            for number in self._chain(entry.first, self.mini_fat)
        )
        return b"".join(pieces)[: entry.size]


def look(content: bytes) -> Format | None:
    """Return the kind of an OLE file or None; raise `FileRefusal` for macros."""
    compound = Compound(content)
    names = {entry.name.casefold() for entry in compound.entries}
    if names & MACRO_NAMES:
        raise FileRefusal(MACROS)
    if names & ENCRYPTED_NAMES:
        raise FileRefusal(DAMAGED)
    document = compound.first_stream("worddocument")
    if document is not None:
        _look_at_document(compound, document)
        return Format.DOC
    workbook = compound.first_stream("workbook", "book")
    if workbook is not None:
        _look_at_workbook(workbook)
        return Format.XLS
    return None


def _look_at_workbook(stream: bytes) -> None:
    at, is_95 = 0, stream[4:6] == EXCEL_95
    for _ in range(MAX_RECORDS):
        if at + 4 > len(stream):
            raise FileRefusal(DAMAGED)
        record, length = struct.unpack_from("<HH", stream, at)
        content = stream[at + 4 : at + 4 + length]
        if record == END:
            return
        if record == FILE_PASS:
            raise FileRefusal(DAMAGED)
        if record == BOUND_SHEET and content[5] in MACRO_SHEETS:
            raise FileRefusal(MACROS)
        if record == DATA_CONNECTION or record == SUP_BOOK and _is_elsewhere(content):
            raise FileRefusal(FETCHES)
        if record == EXTERN_SHEET and is_95 and content[1:2] == b"\x01":
            raise FileRefusal(FETCHES)
        at += 4 + length
    raise FileRefusal(DAMAGED)


def _is_elsewhere(book: bytes) -> bool:
    """Return whether a "supporting book" is another file, or a program."""
    length = struct.unpack_from("<H", book, 2)[0]
    is_unused = length == 1 and book[5:6] in (b"\0", b" ")
    return length not in OWN_BOOKS and not is_unused


def _look_at_document(compound: Compound, stream: bytes) -> None:
    kind = struct.unpack_from("<H", stream, 0)[0]
    flags = struct.unpack_from("<H", stream, 10)[0]
    if kind != WORD_97:
        raise FileRefusal(f"{UNKNOWN} Simpan sebagai DOCX, lalu unggah lagi.")
    if flags & ENCRYPTED:
        raise FileRefusal(DAMAGED)
    table = compound.first_stream("1table" if flags & SECOND_TABLE else "0table")
    if FETCHING_FIELD.search(stream) or REMOTE.match(_template(stream, table or b"")):
        raise FileRefusal(FETCHES)


def _template(stream: bytes, table: bytes) -> str:
    """Read where the template of a document lies."""
    at = 32
    for width in (2, 4):  # two lists of numbers, each after its length
        at += 2 + width * struct.unpack_from("<H", stream, at)[0]
    first, size = struct.unpack_from("<II", stream, at + 2 + 8 * ASSOCIATED_TEXTS)
    texts = table[first : first + size]
    if not texts:
        return ""
    is_wide, _, extra = struct.unpack_from("<HHH", texts, 0)
    if is_wide != 0xFFFF:
        raise FileRefusal(DAMAGED)
    at = 6
    for _ in range(TEMPLATE):
        at += 2 + 2 * struct.unpack_from("<H", texts, at)[0] + extra
    length = struct.unpack_from("<H", texts, at)[0]
    return texts[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace").strip()
