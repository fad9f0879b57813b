"""What kind of file something is, by its content; and making it harmless."""

import fcntl
import logging
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import current_app

from pst.fair_queue import Turns
from pst.text.normalization import normalize
from pst.text.visible import is_visible
from pst.uploads import office_files
from pst.uploads.formats import (
    DAMAGED,
    MEDIA_TYPES,
    OLE,
    UNKNOWN,
    ZIP,
    Busy,
    Costly,
    FileRefusal,
    Format,
)

__all__ = ["MEDIA_TYPES", "Busy", "Format", "FileRefusal"]  # known here by others

log = logging.getLogger(__name__)
CLEANER = Path(__file__).with_name("clean_picture.py")
# The exit status with which it says that a picture takes too much memory.
IS_TOO_LARGE = 3
CLEANING_S = 15
PATIENCE_S = 5
# One who sends many pictures waits for them, and leaves half of the queue to others.
_next = Turns(1, share=1)
MAX_WAITING = 2
MAX_NAME_LENGTH, MAX_ENDING_LENGTH = 120, 5
# Marks that may stand before a PDF begins.
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
BEFORE_PDF = b"\xef\xbb\xbf \t\r\n\0"
TOO_LARGE = "Gambar terlalu besar. Kecilkan ukurannya, lalu unggah lagi."
BAD_PICTURE = "Gambar rusak atau tidak didukung."
BUSY = "Server sedang memeriksa gambar lain. Tunggu sebentar, lalu unggah lagi."
# How a picture of each kind begins. Whether it is one, `clean_image` finds out.
BEGINNINGS = {
    Format.PNG: re.compile(rb"\x89PNG\r\n\x1a\n"),
    Format.JPG: re.compile(rb"\xff\xd8\xff"),
    Format.WEBP: re.compile(rb"RIFF.{4}WEBP", re.S),
}
IMAGES = frozenset(BEGINNINGS)


def recognise(content: bytes, name: str) -> Format:
    """Return the kind of the file `content`; raise `FileRefusal` for an unknown one."""
    try:
        return _recognise(content, name)
    except FileRefusal:
        raise
    except Exception as error:  # who knows what a damaged file can bring about
        log.info("file refused: %s", type(error).__name__)
        raise FileRefusal(DAMAGED) from error


def _recognise(content: bytes, name: str) -> Format:
    if content[:1024].lstrip(BEFORE_PDF).startswith(b"%PDF-"):
        return Format.PDF
    if content.startswith((OLE, ZIP)):
        return office_files.look(content)
    if content[:4] in (b"\x89PNG", b"RIFF") or content[:3] == b"\xff\xd8\xff":
        return _recognise_image(content)
    return _recognise_text(content, name)


def shown_name(name: str) -> str:
    """Return the name of a refused file as a sentence can show it."""
    name = name[-MAX_NAME_LENGTH:].replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in name if c.isprintable()) or "berkas"


def tidy_name(name: str, format: Format) -> str:
    """Make a harmless file name with the ending that belongs to the content."""
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    most = 2 * MAX_NAME_LENGTH  # of a longer one what it begins with, and its ending
    name = normalize(name[:most] + name[most:][-MAX_ENDING_LENGTH - 1 :])
    name = "".join(c for c in name if c.isprintable() and c not in '<>:"|?*;')
    stem, dot, ending = name.rpartition(".")
    stem = (stem if dot and len(ending) <= MAX_ENDING_LENGTH else name).strip(" .")
    stem = stem[:MAX_NAME_LENGTH] if is_visible(stem) else "berkas"
    return f"{stem}.{format.value}"


def _recognise_image(content: bytes) -> Format:
    for format, begins in BEGINNINGS.items():
        if begins.match(content):
            return format
    raise FileRefusal(BAD_PICTURE)


def _recognise_text(content: bytes, name: str) -> Format:
    try:
        text = content.decode(_encoding(content))
    except UnicodeDecodeError:
        if content.startswith(UTF_16_MARKS):
            raise FileRefusal(DAMAGED) from None
        text = content.decode("cp1252", errors="replace")
        if "\ufffd" in text:
            raise FileRefusal(UNKNOWN) from None
    if any(ord(c) < 32 and c not in "\t\n\r\f" for c in text):
        raise FileRefusal(UNKNOWN)
    return Format.CSV if name.lower().endswith(".csv") else Format.TXT


def _encoding(content: bytes) -> str:
    """Return the encoding of a text; spreadsheets and Notepad mark UTF-16."""
    return "utf-16" if content.startswith(UTF_16_MARKS) else "utf-8-sig"


def clean_image(
    content: bytes, format: Format, sender: str = ""
) -> tuple[bytes, bytes]:
    """Take where and with what a picture was made out of it; make its preview.

    In a process of its own, which has its memory and time measured: a picture of some
    kilobytes can unpack to a gigabyte. Raises `FileRefusal`; `Costly` when it took all
    there is for one picture.
    """
    with _alone(sender):
        try:
            result = subprocess.run(
                [sys.executable, "-I", str(CLEANER), format.value],
                input=content,
                capture_output=True,
                timeout=CLEANING_S,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Costly(TOO_LARGE) from error
    if result.returncode < 0:  # it was ended
        raise Costly(TOO_LARGE)
    if result.returncode == IS_TOO_LARGE:
        raise FileRefusal(TOO_LARGE)
    if result.returncode:
        log.info("picture refused: %s", result.stderr.decode(errors="replace")[-200:])
        raise FileRefusal(BAD_PICTURE)
    begin = 8 + int.from_bytes(result.stdout[:8])
    return result.stdout[8:begin], result.stdout[begin:]


@contextmanager
def _alone(sender: str = "") -> Iterator[None]:
    """Let one picture be cleaned at a time, of all the web processes.

    Two more wait in each process, not of one sender; others are refused at once, since
    a waiting request holds one of the few places (`pst/web/load_shedding.py`).
    """
    if not _next.enter(MAX_WAITING, PATIENCE_S, sender):
        raise Busy(BUSY)
    try:
        with _locked():
            yield
    finally:
        _next.leave(sender)


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
