"""Which links between the parts of an Office file lead out of it, or run something.

They are compared as a lenient program reads them: without case, blanks and escapes.
"""

import posixpath
import re
from urllib.parse import unquote

from pst.uploads.formats import FETCHES, MACROS, FileRefusal

# What runs when an Office file is opened, by the kind of a part.
RUNNING_KINDS = re.compile(r"macroenabled|vbaproject|vbadata|macrosheet|activex")
# A part that always refers to another workbook or program, or is one; or to a database,
# a web page or a query (Power Query) that a workbook reads again when it is opened.
FETCHING_KINDS = re.compile(
    r"\.externallink\+xml$|/afchunk$"
    r"|\.(?:connections|querytable|volatiledependencies)\+xml$"
    r"|/(?:connections|querytable|volatiledependencies)$"
)
HYPERLINKS = {
    "http://schemas.openxmlformats.org/officedocument/2006/relationships/hyperlink",
    "http://purl.oclc.org/ooxml/officedocument/relationships/hyperlink",
}
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.I)
SCRIPTS = ("vnd.sun.star.", "macro:", "javascript:")
# Where an OpenDocument names a hyperlink: what a reader presses, nothing else.
ODF = "urn:oasis:names:tc:opendocument:xmlns:"
ODF_HYPERLINKS = {f"{ODF}text:1.0 a", f"{ODF}drawing:1.0 a"}
ODF_FETCHING = {f"{ODF}office:1.0 dde-source", f"{ODF}text:1.0 dde-connection-decl"}
ODF_SCRIPT = f"{ODF}office:1.0 script"
XLINK = "http://www.w3.org/1999/xlink href"


def note_kind(_: str, attributes: dict[str, str]) -> str:
    """Look at one line of `[Content_Types].xml`; return the kind it names."""
    kind = _plain(attributes.get("ContentType", ""))
    if RUNNING_KINDS.search(kind):
        raise FileRefusal(MACROS)
    if FETCHING_KINDS.search(kind):
        raise FileRefusal(FETCHES)
    return kind


def note_link(_: str, attributes: dict[str, str]) -> None:
    """Look at one relationship of a part with another, or with what is elsewhere."""
    kind = _plain(attributes.get("Type", ""))
    target = _plain(attributes.get("Target", ""))
    mode = _plain(attributes.get("TargetMode", ""))
    if RUNNING_KINDS.search(kind):
        raise FileRefusal(MACROS)
    if kind in HYPERLINKS and not target.startswith(SCRIPTS):
        return
    is_outside = SCHEME.match(target) or target.startswith(("\\\\", "//"))
    if mode not in ("", "internal") or is_outside or FETCHING_KINDS.search(kind):
        raise FileRefusal(FETCHES)


def _plain(text: str) -> str:
    """Write `text` as a program that is lenient would understand it."""
    return "".join(c for c in unquote(text) if c.isprintable()).strip().casefold()


class OpenDocument:
    """The links of one part of an OpenDocument."""

    def __init__(self, name: str) -> None:
        self.folder = posixpath.dirname(name)

    def note(self, element: str, attributes: dict[str, str]) -> None:
        if element == ODF_SCRIPT:
            raise FileRefusal(MACROS)
        if element in ODF_FETCHING:
            raise FileRefusal(FETCHES)
        if XLINK not in attributes:
            return
        target = _plain(attributes[XLINK])
        if target.startswith(SCRIPTS):
            raise FileRefusal(MACROS)
        if element not in ODF_HYPERLINKS and self._is_outside(target):
            raise FileRefusal(FETCHES)

    def _is_outside(self, target: str) -> bool:
        if SCHEME.match(target) or target.startswith(("/", "\\")):
            return True
        return posixpath.normpath(posixpath.join(self.folder, target)).startswith("..")
