"""Office files for tests, built of their parts."""

import zipfile
from io import BytesIO

KINDS = "[Content_Types].xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SETTINGS = "word/_rels/settings.xml.rels"
ODF = "urn:oasis:names:tc:opendocument:xmlns"
HTTP = "http://jahat.test/a.dotm"


def package(parts: dict[str, str | bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def docx(parts: dict[str, str | bytes] | None = None) -> bytes:
    return package({KINDS: "<Types/>", "word/document.xml": "<x/>", **(parts or {})})


def xlsx(parts: dict[str, str | bytes] | None = None) -> bytes:
    return package({KINDS: "<Types/>", "xl/workbook.xml": "<x/>", **(parts or {})})


def odt(content: str, name: str = "content.xml") -> bytes:
    head = f'<x xmlns:office="{ODF}:office:1.0" xmlns:text="{ODF}:text:1.0"'
    head += f' xmlns:draw="{ODF}:drawing:1.0" xmlns:meta="{ODF}:meta:1.0"'
    head += f' xmlns:xlink="http://www.w3.org/1999/xlink">{content}</x>'
    mimetype = "application/vnd.oasis.opendocument.text"
    return package({"mimetype": mimetype, name: head})


def link(
    target: str, mode: str = "External", kind: str = f"{OFFICE}/attachedTemplate"
) -> str:
    shown = f' TargetMode="{mode}"' if mode else ""
    return f'<Relationships><R Type="{kind}" Target="{target}"{shown}/></Relationships>'


def field(*pieces: str) -> str:
    runs = "".join(f"<w:r><w:instrText>{each}</w:instrText></w:r>" for each in pieces)
    return f'<w:document xmlns:w="{WORD}">{runs}</w:document>'
