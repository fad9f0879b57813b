"""Files are refused, or kept as what they are and sent back as harmless downloads."""

import struct
import zipfile
import zlib
from io import BytesIO

from PIL import Image

from tests.consultations.ole import doc, record, xls
from tests.consultations.pictures import damaged
from tests.security.conftest import MINE, Office

HTML = b"<!doctype html><script>alert(1)</script>"


def zipped(**files: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def bomb() -> bytes:
    """A spreadsheet that unpacks to half a gigabyte."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<x/>")
        with made.open("xl/workbook.xml", "w") as file:
            for _ in range(500):
                file.write(b"\0" * 1_000_000)
    return out.getvalue()


def huge_picture() -> bytes:
    """A PNG that says it is 60,000 pixels wide and as many high."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    crc = struct.pack(">I", zlib.crc32(chunk))
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + crc


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 40), "navy").save(out, "PNG")
    return out.getvalue()


CONTENT_TYPES = {"[Content_Types].xml": b"<x/>"}
REFUSED = {
    "a spreadsheet with macros": zipped(
        **CONTENT_TYPES, xl__workbook_dot_xml=b"", xl__vbaProject_dot_bin=b"x"
    ),
    "a document with macros": zipped(
        **CONTENT_TYPES, word__document_dot_xml=b"", word__vbaProject_dot_bin=b"x"
    ),
    "a macro under another name": zipped(
        **{"[Content_Types].xml": b"application/vnd.ms-excel.sheet.macroEnabled"},
        xl__workbook_dot_xml=b"",
    ),
    "macros of Excel 4.0": zipped(**CONTENT_TYPES, xl__macrosheets__a_dot_xml=b"x"),
    "old macros of Excel 4.0": xls(record(0x85, b"\x10\0\0\0\0\1\6\0Macro1")),
    "an old document that fetches its template": doc("https://jahat.test/x.dot"),
    "a document with a control": zipped(
        **CONTENT_TYPES, word__document_dot_xml=b"", word__activeX__a_dot_bin=b"x"
    ),
    "a document that fetches its template": zipped(
        **CONTENT_TYPES,
        word__document_dot_xml=b"",
        word___rels__settings_dot_xml_dot_rels=(
            b'<Relationship Type="http://x/attachedTemplate"'
            b' Target="https://jahat.test/x.dotm" TargetMode="External"/>'
        ),
    ),
    "an archive of very many parts": zipped(
        **CONTENT_TYPES, **{f"xl__{n}_dot_xml": b"" for n in range(5_000)}
    ),
    "a mimetype that unpacks to a gigabyte": zipped(mimetype=b"\0" * 10_000_000),
    "a program that is a pdf": b"\x7fELF" + b"\0" * 200 + b"%PDF-1.4",
    "html that is a pdf": HTML + b"%PDF-1.4 \0",
    "an archive": zipped(a_dot_exe=b"MZ"),
    "a jar": zipped(**{"META-INF__MANIFEST_dot_MF": b"x"}),
    "a bomb": bomb(),
    "a huge picture": huge_picture(),
    "half a picture": picture()[:60],
    "a picture with nothing in it": b"\x89PNG\r\n\x1a\n",
    "a program": b"MZ\x90\x00" + b"\0" * 200,
    "another program": b"\x7fELF" + b"\0" * 200,
    "a gif": b"GIF89a" + b"\0" * 40,
    "seven-zip": b"7z\xbc\xaf\x27\x1c" + b"\0" * 40,
    "gzip": b"\x1f\x8b\x08" + b"\0" * 40,
    "nothing": b"",
    "half an archive": b"PK\x03\x04" + b"\0" * 30,
    "ole without anything": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    **damaged(),
}
HARMLESS = {
    "html": HTML,
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
    "script": b"alert(1)",
    "pdf that is html": b"%PDF-1.4\n" + HTML,
    "picture that is html": picture() + HTML,
}
NAMES = (
    "../../../etc/passwd",
    "..\\..\\windows\\system.ini",
    "a\r\nSet-Cookie: x=y.pdf",
    'a"; filename="b.exe',
    "a\x00.pdf",
    "con.pdf",
    ".htaccess",
    "-rf",
    "laporan.pdf.exe",
    "<img src=x onerror=alert(1)>.pdf",
    "\u202efdp.exe",
    "é" * 300 + ".pdf",
    "/",
    "%2e%2e%2fpasswd",
    "=cmd|' /C calc'!A0.csv",
)


def send(office: Office, content: bytes, name: str):  # type: ignore[no-untyped-def]
    return office["siti"].post(
        f"{MINE}/lampiran", {"files": (BytesIO(content), name), "key": name[:40] or "k"}
    )


def test_it_is_refused_with_a_sentence(office: Office):
    for what, content in REFUSED.items():
        for name in ("berkas.pdf", "berkas.xlsx", "berkas.png"):
            answer = send(office, content, name)
            assert answer.status_code == 422, what
            assert answer.json["error"]


def test_it_is_refused_with_a_message_too_and_the_words_are_kept(office: Office):
    for what, content in REFUSED.items():
        form = {"body": "Kata-kata saya", "files": (BytesIO(content), "berkas.png")}
        answer = office["siti"].post(f"{MINE}/pesan", form)
        assert answer.status_code == 422, what
        assert "Kata-kata saya" in answer.text


def test_it_comes_back_as_a_harmless_download(office: Office):
    for what, content in HARMLESS.items():
        answer = send(office, content, f"{what}.html")
        assert answer.status_code == 201, what

        back = office["siti"].get(f"{MINE}/lampiran/{answer.json['id']}")
        assert back.mimetype in ("text/plain", "application/pdf", "image/png")
        assert back.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in back.headers["Content-Security-Policy"]
        assert back.headers["X-Content-Type-Options"] == "nosniff"


def test_what_hides_behind_a_picture_is_left_out_of_its_preview(office: Office):
    answer = send(office, HARMLESS["picture that is html"], "x.png")

    preview = office["siti"].get(f"{MINE}/lampiran/{answer.json['id']}/pratinjau")
    assert b"<script" not in preview.data
    assert Image.open(BytesIO(preview.data)).format == "WEBP"


def test_a_name_is_only_a_name(office: Office):
    for name in NAMES:
        answer = send(office, b"%PDF-1.4 x", name)
        if answer.status_code == 400:
            continue  # no name at all is no file
        assert answer.status_code == 201, name

        kept = answer.json["name"]
        assert kept.endswith(".pdf")
        assert not set(kept) & set('/\\\r\n\0<>"|?*;\u202e')
        back = office["siti"].get(f"{MINE}/lampiran/{answer.json['id']}")
        assert back.data == b"%PDF-1.4 x"
        assert "Set-Cookie" not in back.headers


def test_what_is_too_large_is_stopped_before_it_is_read(office: Office):
    siti = office["siti"]

    answer = siti.client.post(
        f"{MINE}/lampiran",
        data=b"x",
        headers={"Content-Length": str(200 * 1024 * 1024)},
        content_type="multipart/form-data; boundary=x",
    )

    assert answer.status_code in (400, 413)


def test_a_user_does_not_fill_the_disk(office: Office, monkeypatch):
    monkeypatch.setattr(
        "pst.consultations.attached_files.attachments.MAX_BYTES_A_DAY", 20
    )

    answers = [send(office, b"%PDF-1.4 " + bytes(9), f"{n}.pdf") for n in range(3)]

    assert [answer.status_code for answer in answers] == [201, 422, 422]
    assert "Lanjutkan besok" in answers[-1].text


def test_what_is_refused_is_no_file_of_an_article_either(office: Office):
    budi = office["budi"]
    words = {"title": "Judul", "body": "Isi", "topic": "data", "answer": "available"}
    article = budi.post("/petugas/artikel", {**words, "base": "0"}).location

    for what, content in REFUSED.items():
        file = (BytesIO(content), "berkas.pdf")
        assert budi.post(f"{article}/berkas", {"file": file}).status_code == 409, what

    assert "/artikel/berkas/" not in budi.get(article).text
