"""An Office file that runs or fetches something is refused, however that is written."""

import struct
import zipfile
from contextlib import suppress
from functools import partial
from io import BytesIO

import pytest

from pst.uploads import office_files
from pst.uploads.file_types import recognise
from pst.uploads.formats import FileRefusal, Format
from tests.consultations.office_packages import (
    HTTP,
    KINDS,
    MICROSOFT,
    OFFICE,
    SETTINGS,
    docx,
    field,
    link,
    odt,
    package,
    xlsx,
)
from tests.consultations.ole import SELF, doc, ole, record, xls

FETCHING = {
    "plainly": docx({SETTINGS: link(HTTP)}),
    "with blanks": docx({SETTINGS: link(HTTP).replace("Target=", "Target\n =\t ")}),
    "with a blank before it": docx({SETTINGS: link(f" \t{HTTP}", mode=" external ")}),
    "in entities": docx({SETTINGS: link("&#x68;&#116;tp://jahat.test/a.dotm", "")}),
    "from a file": docx({SETTINGS: link("file:///C:/templat/a.dotm")}),
    "from a share": docx({SETTINGS: link(r"\\jahat.test\a.dotm", mode="")}),
    "from a share in slashes": docx({SETTINGS: link("//jahat.test/a.dotm", mode="")}),
    "in UTF-16": docx(
        {SETTINGS: f'<?xml version="1.0"?>{link(HTTP)}'.encode("utf-16")}
    ),
    "in another case": docx({SETTINGS: link("HTTP://X/", kind=f"{OFFICE}/IMAGE")}),
    "under another case": docx({"WORD/_RELS/Settings.XML.RELS": link(HTTP)}),
    "under another name": docx({"lain/_rels/apa.xml.rels": link(HTTP)}),
    "under an escaped name": docx({"word%2f_rels%2fa.xml%2erels": link(HTTP)}),
    "behind a megabyte": docx({SETTINGS: f"<!--{'x' * 1_500_000}-->{link(HTTP)}"}),
    "as a picture": docx({"word/_rels/document.xml.rels": link(HTTP, kind="image")}),
    "as something like a link": docx({SETTINGS: link(HTTP, kind="x/hyperlink")}),
    "from another workbook": xlsx(
        {
            "xl/externalLinks/_rels/e.xml.rels": link(
                "Buku.xlsx", kind="externalLinkPath"
            )
        }
    ),
    "from a program": xlsx(
        {
            KINDS: "<Types><Override PartName='/xl/a.xml' ContentType='application/"
            "vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml'/></Types>"
        }
    ),
    **{
        f"from a source, by {kind}": xlsx(
            {"xl/_rels/workbook.xml.rels": link("a.xml", mode="", kind=f"{kind}")}
        )
        for kind in (
            f"{OFFICE}/connections",
            f"{OFFICE}/queryTable",
            f"{OFFICE.upper()}/CONNECTIONS",
            f"{OFFICE}/volatileDependencies",
        )
    },
    "from a source": xlsx(
        {
            KINDS: "<Types><Override PartName='/xl/a.xml' ContentType='application/"
            "vnd.openxmlformats-officedocument.spreadsheetml.connections+xml'/></Types>"
        }
    ),
    "in a field": docx({"word/document.xml": field('INCLUDEPICTURE "http://x/"')}),
    "in a field under another name": docx(
        {
            KINDS: "<Types><D Extension='DAT' ContentType='wordprocessingML'/></Types>",
            "word/a.dat": field(" LINK a"),
        }
    ),
    "in a field in pieces": docx({"word/document.xml": field(" DDE", "AUTO c:\\x ")}),
    "in a file within": docx({"word/embeddings/a.bin": docx({SETTINGS: link(HTTP)})}),
    "in an old file within": docx({"word/embeddings/a.bin": doc(HTTP)}),
    "as an OpenDocument picture": odt(f'<draw:image xlink:href="{HTTP}"/>'),
    "as an OpenDocument template": odt(
        f'<meta:template xlink:href="{HTTP}"/>', "meta.xml"
    ),
    "from next to the OpenDocument": odt('<text:section xlink:href="../a.odt"/>'),
    "by DDE in an OpenDocument": odt("<office:dde-source/>"),
    "an old template": doc(HTTP),
    "an old template from a file": doc("FILE:///C:/a.dot"),
    "an old template from a share": doc(r"\\jahat.test\a.dot"),
    "an old field": doc(text=b"\x13 DDEAUTO c:\\x"),
    "an old field in wide letters": doc(text="\x13 IncludeText x".encode("utf-16-le")),
    "an old workbook from a source": xls(record(0x876, bytes(20))),
    "an old workbook from another": xls(record(0x1AE, b"\1\0\4\0\0\1a.x")),
}
RUNNING = {
    "by name": xlsx({"xl/VBAPROJECT.bin": b"x"}),
    "by kind": xlsx({KINDS: '<Types><D ContentType="a/x.MACROenabled+xml"/></Types>'}),
    "by kind in UTF-16": xlsx(
        {KINDS: '<Types><D ContentType="a/vbaProject"/></Types>'.encode("utf-16")}
    ),
    "by kind in entities": xlsx(
        {KINDS: '<Types><D ContentType="a/vba&#80;roject"/></Types>'}
    ),
    "by link": docx(
        {"word/_rels/document.xml.rels": link("a.bin", "", f"{MICROSOFT}/vbaProject")}
    ),
    "by what it is": docx({"word/gambar.png": ole(**{"_VBA_PROJECT": b"x"})}),
    "in OpenDocument": package(
        {"mimetype": "application/vnd.oasis.opendocument.text", "Basic/a.xml": "<x/>"}
    ),
    "in OpenDocument by link": odt(
        '<text:a xlink:href="vnd.sun.star.script:a.b?language=Basic"/>'
    ),
    "in an old document": ole(**{"WordDocument": b"", "Macros": b""}),
    "in another case": ole(Workbook=b"", _vba_Project_cur=b""),
    "an old macro sheet": xls(record(0x85, b"\x10\0\0\0\0\1\6\0Macro1")),
}
DAMAGED = {
    "a document type": docx(
        {SETTINGS: '<!DOCTYPE x [<!ENTITY a "http://x">]><x Target="&a;"/>'}
    ),
    "not XML": docx({SETTINGS: "<x"}),
    "locked": xls(record(0x2F, bytes(54))),
    "an old locked document": doc(flags=0x0300),
    "locked by Office": ole(EncryptedPackage=b"x", EncryptionInfo=b"x"),
    "a workbook without end": ole(Workbook=b""),
}
HARMLESS = {
    "a document": (docx(), Format.DOCX),
    "with a hyperlink": (
        docx({SETTINGS: link(HTTP, kind=f"{OFFICE}/hyperlink")}),
        Format.DOCX,
    ),
    "with a part": (docx({SETTINGS: link("styles.xml", "", "styles")}), Format.DOCX),
    "with fields": (docx({"word/document.xml": field(" PAGE ")}), Format.DOCX),
    "with a workbook within": (docx({"word/embeddings/a.xlsx": xlsx()}), Format.DOCX),
    "a workbook": (xlsx(), Format.XLSX),
    "an OpenDocument": (odt('<draw:image xlink:href="Pictures/a.png"/>'), Format.ODT),
    "with an OpenDocument hyperlink": (
        odt(f'<text:a xlink:href="{HTTP}"/>'),
        Format.ODT,
    ),
    "an old document": (doc(), Format.DOC),
    "with a template of its computer": (doc(r"C:\templat\surat.dot"), Format.DOC),
    "an old workbook": (xls(), Format.XLS),
    "with links within it": (xls(record(0x1AE, SELF)), Format.XLS),
}


@pytest.mark.parametrize("how", FETCHING)
def test_what_is_fetched_is_refused(how: str):
    with pytest.raises(FileRefusal, match="dari luar"):
        recognise(FETCHING[how], "berkas.docx")


@pytest.mark.parametrize("how", RUNNING)
def test_what_runs_is_refused(how: str):
    with pytest.raises(FileRefusal, match="makro"):
        recognise(RUNNING[how], "berkas.docx")


@pytest.mark.parametrize("how", DAMAGED)
def test_what_cannot_be_read_is_refused(how: str):
    with pytest.raises(FileRefusal, match="rusak atau terkunci"):
        recognise(DAMAGED[how], "berkas.docx")


@pytest.mark.parametrize("what", HARMLESS)
def test_what_does_no_harm_is_taken(what: str):
    content, format = HARMLESS[what]

    assert recognise(content, "berkas") is format


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused():
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in (KINDS, "word/document.xml", SETTINGS, SETTINGS.upper()):
            made.writestr(name, "<x/>")

    with pytest.raises(FileRefusal, match="rusak"):
        recognise(out.getvalue(), "a.docx")


def test_parts_that_unpack_to_too_much_are_refused():
    content = docx({f"{n}.rels": f"<x/>{' ' * 20_000_000}" for n in "ab"})

    with pytest.raises(FileRefusal, match="terlalu besar"):
        recognise(content, "a.docx")


def test_so_many_elements_that_reading_takes_long_are_refused(monkeypatch):
    few = partial(office_files.Budget, elements=1_000)
    monkeypatch.setattr(office_files, "Budget", few)
    content = "<a/>" * 1_000

    assert recognise(odt(content[4:]), "a.odt") is Format.ODT
    with pytest.raises(FileRefusal, match="terlalu besar"):
        recognise(odt(content), "a.odt")


def test_files_within_files_have_an_end():
    content = docx()
    for _ in range(4):
        content = docx({"word/embeddings/a.docx": content})

    with pytest.raises(FileRefusal, match="terlalu besar"):
        recognise(content, "a.docx")


@pytest.mark.parametrize("at", [44, 48, 60, 68, 76])
@pytest.mark.parametrize("number", [0, 1, 2, 0x7FFFFFFF, 0xFFFFFFFF])
def test_a_chain_that_runs_in_a_circle_or_away_has_an_end(at: int, number: int):
    content = bytearray(xls())
    struct.pack_into("<I", content, at, number)
    circle = bytes(content).replace(struct.pack("<II", 1, 2), struct.pack("<II", 0, 0))
    for each in (bytes(content), circle):
        with suppress(FileRefusal):
            assert recognise(each, "a.xls") is Format.XLS
