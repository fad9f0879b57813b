"""What an Office file (.docx, .xlsx, .odt, .ods) runs or fetches when it is opened.

Office reads these as XML: in any encoding, with blanks and entities, under any name.
So they are parsed here too, with a real parser that knows no document type, within
bounds of size and number. A file within the file is looked at in the same way.
"""

import posixpath
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import unquote
from xml.parsers import expat

from pst.uploads import ole_files
from pst.uploads.formats import (
    DAMAGED,
    FETCHES,
    MACROS,
    MEDIA_TYPES,
    OLE,
    TOO_LARGE_UNPACKED,
    UNKNOWN,
    ZIP,
    FileRefusal,
    Format,
)
from pst.uploads.part_links import OpenDocument, note_kind, note_link

MAX_UNPACKED_BYTES = 400_000_000
MAX_PARTS = 5_000
MAX_READ_BYTES = 32_000_000
MAX_ELEMENTS = 800_000
MAX_MIMETYPE_BYTES = 200
DEEPEST = 3
PIECE = 65_536
# Office programs write nothing else, and the other ways can take much memory.
PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
IS_ENCRYPTED = 0x1
# What runs when an Office file is opened, by the names of its parts.
RUNNING_PARTS = re.compile(
    r"vbaproject|vbadata|(?:^|/)macrosheets/|(?:^|/)activex/|^basic/|^scripts/"
)
FETCHING_FIELD = re.compile(
    r"(?:^|\s)(?:DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK)\s", re.I
)
DOCUMENT_KIND = "wordprocessingml"
Begin = Callable[[str, dict[str, str]], None]


@dataclass
class Budget:
    """How much may still be read of one upload, with all that is inside it."""

    parts: int = MAX_PARTS
    unpacked: int = MAX_UNPACKED_BYTES
    read: int = MAX_READ_BYTES
    elements: int = MAX_ELEMENTS

    def count(self, archive: zipfile.ZipFile) -> None:
        """Take the parts of `archive` off, before any of it is unpacked."""
        parts = archive.infolist()
        self.parts -= len(parts)
        self.unpacked -= sum(part.file_size for part in parts)
        if self.parts < 0 or self.unpacked < 0:
            raise FileRefusal(TOO_LARGE_UNPACKED)

    def spend(self, size: int) -> None:
        self.read -= size
        if self.read < 0:
            raise FileRefusal(TOO_LARGE_UNPACKED)


def look(content: bytes) -> Format:
    """Return the kind of an Office file; raise `FileRefusal` for any other."""
    format = _look(content, Budget(), depth=1)
    if format is None:
        raise FileRefusal(
            UNKNOWN
            if content.startswith(OLE)
            else f"{UNKNOWN} Arsip ZIP tidak diterima."
        )
    return format


def _look(content: bytes, budget: Budget, depth: int) -> Format | None:
    if depth > DEEPEST:
        raise FileRefusal(TOO_LARGE_UNPACKED)
    if content.startswith(OLE):
        return ole_files.look(content)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        budget.count(archive)
        return Package(archive, budget, depth).look()


@dataclass
class Package:
    """The parts of one Office file, by the names that Office knows them under."""

    archive: zipfile.ZipFile
    budget: Budget
    depth: int
    parts: dict[str, zipfile.ZipInfo] = field(default_factory=dict)
    documents: set[str] = field(default_factory=set)

    def look(self) -> Format | None:
        """Check the parts for harm; return what the file is, None when unknown."""
        for part in self.archive.infolist():
            self._add(part)
        if any(map(RUNNING_PARTS.search, self.parts)):
            raise FileRefusal(MACROS)
        for part in self.parts.values():
            self._look_inside(part)
        if "[content_types].xml" in self.parts:
            self._parse("[content_types].xml", self._note_kind)
        format = self._format()
        for name in self.parts:
            if name.endswith(".rels"):
                self._parse(name, note_link)
            elif format is Format.DOCX and self._has_fields(name):
                self._look_at_fields(name)
            elif format in (Format.ODS, Format.ODT) and name.endswith(".xml"):
                self._parse(name, OpenDocument(name).note)
        return format

    def _add(self, part: zipfile.ZipInfo) -> None:
        """Know a part by the name that Office takes it for; refuse two of one name."""
        name = unquote(part.filename).replace("\\", "/").casefold()
        name = posixpath.normpath(f"/{name}").lstrip("/")
        is_odd = part.compress_type not in PACKED or part.flag_bits & IS_ENCRYPTED
        if is_odd or name in self.parts:
            raise FileRefusal(DAMAGED)
        self.parts[name] = part

    def _look_inside(self, part: zipfile.ZipInfo) -> None:
        """Look at a part that is an Office file itself, under any name."""
        with self.archive.open(part) as file:  # fails for a name that is two
            begins = file.read(len(OLE))
            if not begins.startswith((OLE, ZIP)):
                return
            self.budget.spend(part.file_size)
            content = begins + file.read()
        _look(content, self.budget, self.depth + 1)

    def _format(self) -> Format | None:
        if "[content_types].xml" in self.parts:
            if any(name.startswith("xl/") for name in self.parts):
                return Format.XLSX
            if any(name.startswith("word/") for name in self.parts):
                return Format.DOCX
        if part := self.parts.get("mimetype"):
            with self.archive.open(part) as file:
                mimetype = file.read(MAX_MIMETYPE_BYTES)
            for format in (Format.ODS, Format.ODT):
                if mimetype == MEDIA_TYPES[format].encode():
                    return format
        return None

    def _note_kind(self, element: str, attributes: dict[str, str]) -> None:
        if DOCUMENT_KIND in note_kind(element, attributes):
            part, ending = attributes.get("PartName"), attributes.get("Extension")
            self.documents.add((part or f".{ending}").casefold().lstrip("/"))

    def _has_fields(self, name: str) -> bool:
        """Return whether Word reads a part as words, by its name or its kind."""
        ending = f".{name.rpartition('.')[2]}"
        return ending == ".xml" or name in self.documents or ending in self.documents

    def _look_at_fields(self, name: str) -> None:
        """Read the fields of a document, also those that are cut into pieces."""
        instructions: list[str] = []
        inside: list[str] = []

        def begin(element: str, attributes: dict[str, str]) -> None:
            inside.append(element.rpartition(" ")[2])
            if inside[-1] == "fldChar":
                instructions.append(" ")
            for key, value in attributes.items():
                if key.rpartition(" ")[2] == "instr":
                    instructions.append(f" {value} ")

        def text(content: str) -> None:
            if inside and inside[-1] == "instrText":
                instructions.append(content)

        self._parse(name, begin, text, end=lambda _: inside.pop())
        if FETCHING_FIELD.search("".join(instructions) + " "):
            raise FileRefusal(FETCHES)

    def _parse(
        self,
        name: str,
        begin: Begin,
        text: Callable[[str], None] | None = None,
        end: Callable[[str], object] | None = None,
    ) -> None:
        budget = self.budget

        def count(element: str, attributes: dict[str, str]) -> None:
            budget.elements -= 1
            if budget.elements < 0:
                raise FileRefusal(TOO_LARGE_UNPACKED)
            begin(element, attributes)

        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = count
        parser.CharacterDataHandler = text
        parser.EndElementHandler = end
        budget.spend(self.parts[name].file_size)
        with self.archive.open(self.parts[name]) as file:
            while piece := file.read(PIECE):
                parser.Parse(piece, False)
        parser.Parse(b"", True)


def _refuse_doctype(*_: object) -> None:
    raise FileRefusal(DAMAGED)
