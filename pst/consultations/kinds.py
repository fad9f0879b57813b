"""What kind of file something is, by its content; and making it harmless."""

import fcntl
import logging
import os
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from io import BytesIO
from pathlib import Path

from flask import current_app

from pst.normalization import normalize
from pst.turns import Turns
from pst.visible import is_visible

log = logging.getLogger(__name__)
CLEANER = Path(__file__).with_name("cleaner.py")
# The exit status with which it says that a picture takes too much memory.
IS_TOO_LARGE = 3
CLEANING_S = 15
PATIENCE_S = 5
_next = Turns(1)
MOST_UNPACKED_BYTES = 400_000_000
MOST_PARTS = 5_000
# Office programs write nothing else, and the other ways can take much memory.
PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
LONGEST_NAME, LONGEST_ENDING = 120, 5
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Marks that may stand before a PDF begins.
BEFORE_PDF = b"\xef\xbb\xbf \t\r\n\0"
# What runs when an Office file is opened, by the names and kinds of its parts.
RUNNING_PARTS = re.compile(
    r"vbaproject|vbadata|/macrosheets/|/activex/|^basic/|^scripts/", re.I
)
RUNNING_KINDS = re.compile(rb"macroEnabled|vbaProject|macrosheet|activeX", re.I)
# A template fetched from elsewhere brings its macros along.
FETCHED = re.compile(rb"Target=[\"'](?:https?:|\\\\)", re.I)
# A sheet of Excel 4.0 macros among the sheets of an old workbook (BIFF8, BOUNDSHEET).
MACRO_SHEET = re.compile(rb"\x85\x00[\x08-\x60]\x00.{4}[\x00-\x02]\x01", re.S)
MACROS = "Berkas berisi makro. Simpan tanpa makro, lalu unggah lagi."
TOO_LARGE = "Gambar terlalu besar. Kecilkan ukurannya, lalu unggah lagi."
BUSY = "Server sedang memeriksa gambar lain. Tunggu sebentar, lalu unggah lagi."
DAMAGED = "Berkas rusak atau terkunci kata sandi."


class Format(StrEnum):
    """A kind of file by its content; the value is its ending."""

    PDF = "pdf"
    XLSX = "xlsx"
    XLS = "xls"
    CSV = "csv"
    DOCX = "docx"
    DOC = "doc"
    ODS = "ods"
    ODT = "odt"
    TXT = "txt"
    PNG = "png"
    JPG = "jpg"
    WEBP = "webp"


MEDIA_TYPES = {
    Format.PDF: "application/pdf",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.XLS: "application/vnd.ms-excel",
    Format.CSV: "text/csv",
    Format.DOCX: (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ),
    Format.DOC: "application/msword",
    Format.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    Format.ODT: "application/vnd.oasis.opendocument.text",
    Format.TXT: "text/plain",
    Format.PNG: "image/png",
    Format.JPG: "image/jpeg",
    Format.WEBP: "image/webp",
}
# How a picture of each kind begins. Whether it is one, `clean_image` finds out.
BEGINNINGS = {
    Format.PNG: re.compile(rb"\x89PNG\r\n\x1a\n"),
    Format.JPG: re.compile(rb"\xff\xd8\xff"),
    Format.WEBP: re.compile(rb"RIFF.{4}WEBP", re.S),
}
IMAGES = frozenset(BEGINNINGS)


class Refused(ValueError):
    """A file that is not taken; its text is shown."""


class Busy(Refused):
    """A file that could not be looked at now, and may be tried again."""


def recognise(content: bytes, name: str) -> Format:
    """Tell what kind of file `content` is; raise `Refused` when it is none of ours."""
    try:
        return _recognise(content, name)
    except Refused:
        raise
    except Exception as error:  # who knows what a damaged file can bring about
        log.info("file refused: %s", type(error).__name__)
        raise Refused(DAMAGED) from error


def _recognise(content: bytes, name: str) -> Format:
    if content[:1024].lstrip(BEFORE_PDF).startswith(b"%PDF-"):
        return Format.PDF
    if content.startswith(OLE):
        return _recognise_ole(content)
    if content.startswith(b"PK\x03\x04"):
        return _recognise_zip(content)
    if content[:4] in (b"\x89PNG", b"RIFF") or content[:3] == b"\xff\xd8\xff":
        return _recognise_image(content)
    return _recognise_text(content, name)


def tidy_name(name: str, format: Format) -> str:
    """Make a harmless file name with the ending that belongs to the content."""
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    most = 2 * LONGEST_NAME  # of a longer one what it begins with, and its ending
    name = normalize(name[:most] + name[most:][-LONGEST_ENDING - 1 :])
    name = "".join(c for c in name if c.isprintable() and c not in '<>:"|?*;')
    stem, dot, ending = name.rpartition(".")
    stem = (stem if dot and len(ending) <= LONGEST_ENDING else name).strip(" .")
    stem = stem[:LONGEST_NAME] if is_visible(stem) else "berkas"
    return f"{stem}.{format.value}"


def _recognise_ole(content: bytes) -> Format:
    if "_VBA_PROJECT".encode("utf-16-le") in content or MACRO_SHEET.search(content):
        raise Refused(MACROS)
    if "WordDocument".encode("utf-16-le") in content:
        return Format.DOC
    if any(word.encode("utf-16-le") in content for word in ("Workbook", "Book")):
        return Format.XLS
    raise Refused("Jenis berkas tidak didukung.")


def _recognise_zip(content: bytes) -> Format:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        if (
            len(parts) > MOST_PARTS
            or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES
        ):
            raise Refused("Berkas terlalu besar setelah dibuka.")
        if any(part.compress_type not in PACKED for part in parts):
            raise Refused(DAMAGED)
        mimetype = _begin(archive, "mimetype", 200)
        kinds = _begin(archive, "[Content_Types].xml")
        links = _begin(archive, "word/_rels/settings.xml.rels")
    if any(map(RUNNING_PARTS.search, names)) or RUNNING_KINDS.search(kinds):
        raise Refused(MACROS)
    if any(
        b"attachedtemplate" in link.lower() and FETCHED.search(link)
        for link in links.split(b">")
    ):
        raise Refused(
            "Berkas memakai templat dari internet. Lepaskan templatnya dahulu."
        )
    if kinds and any(name.startswith("xl/") for name in names):
        return Format.XLSX
    if kinds and any(name.startswith("word/") for name in names):
        return Format.DOCX
    for format in (Format.ODS, Format.ODT):
        if mimetype == MEDIA_TYPES[format].encode():
            return format
    raise Refused("Jenis berkas tidak didukung. Arsip ZIP tidak diterima.")


def _begin(archive: zipfile.ZipFile, name: str, most: int = 1_000_000) -> bytes:
    """Read how a part begins, never more of it; nothing when there is no such part."""
    try:
        part = archive.getinfo(name)
    except KeyError:
        return b""
    with archive.open(part) as file:
        return file.read(most)


def _recognise_image(content: bytes) -> Format:
    for format, begins in BEGINNINGS.items():
        if begins.match(content):
            return format
    raise Refused("Gambar rusak atau tidak didukung.")


def _recognise_text(content: bytes, name: str) -> Format:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
        if "\ufffd" in text:
            raise Refused("Jenis berkas tidak didukung.") from None
    if any(ord(c) < 32 and c not in "\t\n\r\f" for c in text):
        raise Refused("Jenis berkas tidak didukung.")
    return Format.CSV if name.lower().endswith(".csv") else Format.TXT


def clean_image(content: bytes, format: Format) -> tuple[bytes, bytes]:
    """Take where and with what a picture was made out of it; make its preview.

    In a process of its own, which has its memory and time measured: a picture of some
    kilobytes can unpack to a gigabyte. Raises `Refused`.
    """
    with _alone():
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(CLEANER), format.value],
                input=content,
                capture_output=True,
                timeout=CLEANING_S,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Refused(TOO_LARGE) from error
    if done.returncode == IS_TOO_LARGE or done.returncode < 0:  # it was ended
        raise Refused(TOO_LARGE)
    if done.returncode:
        log.info("picture refused: %s", done.stderr.decode(errors="replace")[-200:])
        raise Refused("Gambar rusak atau tidak didukung.")
    begin = 8 + int.from_bytes(done.stdout[:8])
    return done.stdout[8:begin], done.stdout[begin:]


@contextmanager
def _alone() -> Iterator[None]:
    """Let one picture be cleaned at a time, of all the web processes.

    One more waits in each process; others are told so at once, for who waits here
    holds one of the few places (`pst/gate.py`).
    """
    if not _next.enter(1, PATIENCE_S):
        raise Busy(BUSY)
    try:
        with _locked():
            yield
    finally:
        _next.leave()


@contextmanager
def _locked() -> Iterator[None]:
    until = time.monotonic() + PATIENCE_S
    lock = Path(current_app.config["PST"].data_dir) / "cleaning.lock"
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() > until:
                    raise Busy(BUSY) from error
                time.sleep(0.05)
        yield
    finally:
        os.close(handle)
