"""Pictures of every make are cleaned in a program of their own."""

import struct
import subprocess
import sys
import zlib
from io import BytesIO

import pytest
from PIL import Image

from pst.uploads import file_types, storage
from pst.uploads.file_types import FileRefusal, Format
from pst.uploads.pictures import cleaning
from tests.consultations.pictures import damaged, header, photo, png
from tests.kept_files import content_of

EVERY = {format.value for format in Format}
pytestmark = pytest.mark.usefixtures("context")
ENDINGS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}


def store(content: bytes, name: str = "berkas") -> storage.StoredFile:
    return storage.store(BytesIO(content), name, 10_000_000, EVERY)


def kept_bytes(stored: storage.StoredFile) -> bytes:
    return content_of(stored.sha256)


def preview(stored: storage.StoredFile) -> Image.Image:
    assert stored.preview_sha256 is not None
    return Image.open(BytesIO(content_of(stored.preview_sha256)))


def webp(width: int, height: int) -> bytes:
    """A WebP that says how large it is, and no more."""
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    part = b"VP8X" + struct.pack("<I", 10) + bytes(4) + sides
    return b"RIFF" + struct.pack("<I", len(part) + 4) + b"WEBP" + part


def test_a_photo_of_fifty_megapixels_is_taken():
    out = BytesIO()
    Image.new("L", (8160, 6120), 90).save(out, "JPEG")

    assert max(preview(store(out.getvalue(), "foto.jpg")).size) == 320


@pytest.mark.parametrize(
    "content",
    [
        webp(7000, 7000),
        png((b"IHDR", header(7071, 7071)), (b"IDAT", b""), (b"IEND", b"")),
        png((b"IHDR", header(60_000, 60_000)), (b"IDAT", b""), (b"IEND", b"")),
    ],
)
def test_a_picture_that_would_unpack_to_hundreds_of_megabytes_is_refused(content):
    with pytest.raises(FileRefusal, match="Gambar terlalu besar. Kecilkan"):
        store(content)


def test_the_web_process_never_unpacks_a_picture():
    assert "PIL" not in vars(file_types) and "Image" not in vars(file_types)
    assert "PIL" not in vars(storage)


def test_who_cleans_may_take_only_so_much_memory():
    greedy = "from pictures import cleaning as c; c.limit(); bytearray(c.MEMORY_BYTES)"
    folder = file_types.CLEANER.parent

    result = subprocess.run(
        [sys.executable, "-c", greedy], cwd=folder, capture_output=True, text=True
    )

    assert "MemoryError" in result.stderr


def test_a_cleaner_that_is_ended_or_takes_too_long_refuses_the_picture(
    monkeypatch, tmp_path
):
    program = tmp_path / "program.py"
    monkeypatch.setattr(file_types, "CLEANER", program)

    program.write_text("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(FileRefusal, match="terlalu besar"):
        store(photo())
    program.write_text("import signal; signal.pause()")
    monkeypatch.setattr(file_types, "CLEANING_S", 0.1)
    with pytest.raises(FileRefusal, match="terlalu besar"):
        store(photo())


def test_pictures_are_cleaned_one_at_a_time(monkeypatch):
    monkeypatch.setattr(file_types, "PATIENCE_S", 0.0)

    with (
        file_types._alone(),
        pytest.raises(FileRefusal, match="sedang memeriksa gambar lain"),
    ):
        store(photo())

    assert store(photo()).preview_sha256


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_only_which_side_is_up_is_left_of_what_a_picture_tells(kind: str):
    content = photo(kind)

    file = store(content)

    after = Image.open(BytesIO(kept_bytes(file)))
    assert dict(after.getexif()) == {0x0112: 6}
    assert b"Kamera-Siti" in content and b"Kamera-Siti" not in kept_bytes(file)
    before = Image.open(BytesIO(content))
    assert after.tobytes() == before.tobytes(), "a pixel has changed"
    # Turned to the right: what was on the left is above.
    small = preview(file).convert("L")
    assert small.size == (240, 320)
    assert small.getpixel((120, 10)) > 200 > 50 > small.getpixel((120, 310))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_stands_behind_a_picture_is_left_out(kind: str):
    content = photo(kind, orientation=1)

    file = store(content + b"ftypmp42 rumah Siti")

    assert b"rumah Siti" not in kept_bytes(file)
    assert preview(file).size == (320, 240)


def test_comments_and_texts_are_left_out():
    out = BytesIO()
    Image.new("RGB", (40, 30)).save(out, "JPEG", comment=b"rumah Siti")
    assert b"rumah Siti" not in kept_bytes(store(out.getvalue()))

    text = (b"tEXt", b"Author\0rumah Siti")
    rows = zlib.compress(bytes(5) * 4)
    parts = (b"IHDR", header(1, 4)), text, (b"IDAT", rows), (b"IEND", b"")
    assert b"rumah Siti" not in kept_bytes(store(png(*parts)))


def test_a_picture_in_two_parts_is_kept_as_its_first():
    """As telephones write them: the second part is a smaller one, or a video."""
    out = BytesIO()
    first, second = Image.new("RGB", (640, 480)), Image.new("RGB", (320, 240))
    first.save(out, "MPO", save_all=True, append_images=[second])

    file = store(out.getvalue(), "foto.jpg")

    assert file.format is Format.JPG
    assert Image.open(BytesIO(kept_bytes(file))).format == "JPEG"


def test_a_photo_whose_exif_is_damaged_loses_it_and_is_taken():
    content = photo().replace(
        struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0),
        struct.pack(">HHIHH", 0x0112, 2, 1, 6, 0),  # a text
    )

    assert not Image.open(BytesIO(kept_bytes(store(content)))).getexif()


def test_a_scan_of_sixteen_bits_has_a_preview():
    out = BytesIO()
    Image.new("I;16", (3000, 3000), 40_000).save(out, "PNG")

    assert preview(store(out.getvalue())).convert("L").getpixel((9, 9)) in (155, 156)


@pytest.mark.parametrize("what", damaged())
def test_a_damaged_file_is_refused_with_a_sentence(what: str):
    with pytest.raises(FileRefusal, match="rusak|tidak didukung"):
        store(damaged()[what], "berkas.jpg")


def test_any_damage_is_either_cleaned_or_refused():
    """Each byte of the beginning, where the structure is, set to something else."""
    for kind, ending in ENDINGS.items():
        whole = photo(kind, (16, 12))
        for at in range(2, min(len(whole), 260)):
            content = whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
            try:
                cleaned, small = cleaning.clean(ending, content)
            except Exception:
                continue  # the program says by its status that it is broken
            assert small and b"Kamera-Siti" not in cleaned
