"""What a picture will cost is read before it is opened, and only its sender waits."""

import struct
import threading
from io import BytesIO

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage

from pst.consultations.attached_files.uploading import store_files
from pst.knowledge.article import markup
from pst.uploads import file_types
from pst.uploads.file_types import FileRefusal, Format
from pst.uploads.formats import Busy, Costly
from pst.uploads.pictures.jpeg import MAX_SCANS, clean_jpeg
from pst.uploads.pictures.jpeg import SCAN as SCAN_MARKER
from pst.uploads.pictures.parts import TooLarge
from pst.uploads.pictures.png import clean_png
from pst.uploads.pictures.webp import clean_webp
from tests.consultations.pictures import photo, png
from tests.processes import wait_until

SCAN = bytes([0xFF, SCAN_MARKER])


def with_scans(count: int, size: tuple[int, int]) -> bytes:
    """Make a progressive JPEG that goes over its pixels again and again."""
    out = BytesIO()
    Image.new("RGB", size).save(out, "JPEG", progressive=True)
    content = out.getvalue()
    last = content.rindex(SCAN)
    return content[:last] + content[last:-2] * count + content[-2:]


def test_scans_are_counted_with_the_pixels_they_go_over():
    clean_jpeg(with_scans(40, (1000, 1000)), 1)
    with pytest.raises(TooLarge):
        clean_jpeg(with_scans(MAX_SCANS, (8, 8)), 1)
    with pytest.raises(TooLarge):
        clean_jpeg(with_scans(40, (5000, 3000)), 1)


@pytest.mark.usefixtures("context")
def test_a_picture_of_405_scans_is_refused_without_being_opened(monkeypatch):
    with pytest.raises(FileRefusal, match="terlalu besar") as error:
        file_types.clean_image(with_scans(405, (4000, 3000)), Format.JPG)

    assert not isinstance(error.value, Costly), "it took no time"


def test_a_progressive_photo_of_a_camera_is_taken():
    out = BytesIO()
    Image.new("RGB", (6000, 4000)).save(out, "JPEG", progressive=True)

    assert clean_jpeg(out.getvalue(), 1)


@pytest.mark.parametrize(
    ("clean", "content"),
    [
        (clean_jpeg, b"\xff\xd8" + b"\xff\xfe\x00\x02" * 30_000),
        (clean_png, png(*[(b"tEXt", b"")] * 30_000)),
        (
            clean_webp,
            b"RIFF" + struct.pack("<I", 240_004) + b"WEBP" + b"XXXX\0\0\0\0" * 30_000,
        ),
    ],
    ids=["JPEG", "PNG", "WebP"],
)
def test_a_picture_in_endless_parts_is_refused(clean, content: bytes):
    if clean is clean_png:
        content = content[:8] + png((b"IHDR", bytes(13)))[8:] + content[8:]
    with pytest.raises(TooLarge):
        clean(content, 1)


def test_fill_bytes_in_a_scan_are_passed_over_once():
    content = photo()
    scan = content.rindex(SCAN)
    filled = content[: scan + 20] + b"\xff" * 300_000 + b"\0" + content[scan + 20 :]

    assert clean_jpeg(filled, 1).endswith(b"\xff\xd9")


def test_pictures_of_one_sender_leave_room_in_the_queue():
    turns = file_types._next
    assert turns.enter(file_types.MAX_WAITING, 0.0, "siti")
    waiting = [
        threading.Thread(target=turns.enter, args=(file_types.MAX_WAITING, 60.0, name))
        for name in ("siti", "dewi")
    ]
    waiting[0].start()
    wait_until(lambda: len(turns.waiting) == 1, "her second picture")

    assert not turns.enter(file_types.MAX_WAITING, 60.0, "siti"), "not a third"
    waiting[1].start()
    wait_until(lambda: len(turns.waiting) == 2, "another's")

    for name in ("siti", "siti", "dewi"):
        turns.leave(name)
    for thread in waiting:
        thread.join()
    assert turns.free == 1


def pictures() -> list[FileStorage]:
    return [FileStorage(BytesIO(photo()), "foto.jpg")]


def test_who_sends_costly_pictures_waits_and_no_one_else(
    app, siti, dewi, monkeypatch, tmp_path
):
    app.extensions["guesses"].enabled = True
    program, cleaned = tmp_path / "program.py", file_types.CLEANER
    program.write_text("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    monkeypatch.setattr(file_types, "CLEANER", program)
    for _ in range(2):
        with pytest.raises(Costly):
            store_files(pictures(), siti)
    monkeypatch.setattr(file_types, "CLEANER", cleaned)

    with pytest.raises(Busy, match="Tunggu sepuluh menit"):
        store_files(pictures(), siti)
    assert store_files(pictures(), dewi)


@pytest.mark.parametrize("sign", ["[", "![", "**_", "> ", "- a\n", "|"])
def test_a_preview_of_endless_markup_shows_what_was_typed(monkeypatch, sign: str):
    rendered = []
    monkeypatch.setattr(markup, "html", lambda text: rendered.append(text) or "")

    preview = markup.preview_html(sign * markup.PREVIEW_LENGTH)

    assert not rendered
    assert preview.startswith("<pre") and len(preview) < 5 * markup.PREVIEW_LENGTH


def test_a_preview_of_an_article_is_rendered():
    table = "|Tahun|Jumlah|\n|-|-|\n" + "|2025|31.000|\n" * 500

    assert "<table>" in markup.preview_html(f"## Penduduk\n\n{table}\n\n* satu")
